"""Whom the file may be signed by: own roots, and the lists that the authority gave."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl, x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    FormUpdatingRule,
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
)
from pyhanko_certvalidator import ValidationContext

LONGEST_CHAIN = 5

STRICT = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),
            SigFieldModificationRule(allow_in_place_appearance_stream_changes=False),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)
"""A field's appearance may be replaced while it is open, never edited in place.

The default tolerates such an edit, and reports a locked text field as changed when it was not.
"""


@dataclass(frozen=True)
class Revocation:
    """Since when, and why in the words of RFC 5280."""

    at: datetime
    reason: str


@dataclass(frozen=True)
class Trust:
    roots: tuple[x509.Certificate, ...]
    certificates: tuple[x509.Certificate, ...]
    lists: tuple[crl.CertificateList, ...]

    @classmethod
    def of(cls, job: dict[str, Any]) -> "Trust":
        return cls(
            tuple(map(x509.Certificate.load, _decoded(job["roots"]))),
            tuple(map(x509.Certificate.load, _decoded(job["certificates"]))),
            tuple(map(crl.CertificateList.load, _decoded(job["lists"]))),
        )

    def context(self, at: datetime, lists: Sequence[crl.CertificateList] = ()) -> ValidationContext:
        """What can be said of ``at``; nothing is fetched, and no status is no trust.

        lists  those that the file carries besides, signed by their authorities as ours are
        """
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.certificates),
            crls=[*self.lists, *lists],
            allow_fetching=False,
            revocation_mode="require",
            moment=at,
        )

    def revocation(self, certificate: x509.Certificate) -> Revocation | None:
        """What the newest list of its issuer says of a certificate."""
        own = [each for each in self.lists if each.issuer == certificate.issuer]
        if not own:
            return None
        newest = max(own, key=lambda each: each["tbs_cert_list"]["this_update"].native)
        for entry in newest["tbs_cert_list"]["revoked_certificates"] or ():
            if entry["user_certificate"].native == certificate.serial_number:
                reason = entry.crl_reason_value
                why = reason.native if reason else "unspecified"
                return Revocation(entry["revocation_date"].native, why)
        return None

    def chain(
        self, certificate: x509.Certificate, others: list[x509.Certificate]
    ) -> list[x509.Certificate] | None:
        """The authorities above it up to one of the roots; None where it ends elsewhere."""
        roots = {each.dump() for each in self.roots}
        found: list[x509.Certificate] = []
        below = certificate
        while len(found) < LONGEST_CHAIN:
            if below.dump() in roots:
                return found
            known = (*self.roots, *self.certificates, *others)
            above = next((each for each in known if _issued(below, each)), None)
            if above is None or above.dump() == below.dump():
                return None
            found.append(above)
            below = above
        return None


def _decoded(values: list[str]) -> Iterator[bytes]:
    return (base64.b64decode(each) for each in values)


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    """The name alone proves nothing: the signature has to be that of the issuer's key."""
    try:
        issuer = load_der_x509_certificate(above.dump())
        load_der_x509_certificate(below.dump()).verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
