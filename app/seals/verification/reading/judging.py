"""One signature: is it whole, was its certificate good when the time stamp says, what came after.

pyHanko's verdict decides; the reasons are looked for beside it, so that a sentence can name them.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel, SuspiciousModification
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.status import PdfSignatureStatus

from .long_term import Proof, stamped_at
from .trust import STRICT, Trust

CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "proof",
    ModificationLevel.FORM_FILLING: "filled",
}
"""What was added afterwards: nothing, time stamps and lists, or fields of the form."""


async def judged(signature: EmbeddedPdfSignature, proof: Proof) -> dict[str, Any]:
    """Facts and faults of a signature of a person or a seal."""
    certificate, stamped = signature.signer_cert, _stamped_at(signature)
    status = await proof.status(signature, stamped)
    faults = ["altered"]
    if status is not None and status.intact and status.valid:
        faults = [] if status.docmdp_ok and _changed(signature) != "other" else ["added_after"]
        faults += _doubts(signature, status, proof.trust)
    revocation = proof.trust.revocation(certificate)
    return {
        "field": str(signature.field_name),
        "clock": _clock(signature, proof.trust),
        "at": _iso(stamped or signature.self_reported_timestamp),
        **_certificate(certificate),
        "changed": _changed(signature),
        "digests": _digests(signature),
        "faults": faults,
        "revoked_at": _iso(revocation.at) if revocation else None,
        "revocation": revocation.reason if revocation else "",
    }


async def judged_stamp(stamp: EmbeddedPdfSignature, proof: Proof) -> dict[str, Any]:
    """Facts and faults of a time stamp over the whole file."""
    stamp.compute_integrity_info(diff_policy=STRICT)
    held = {revision for revision, _ in proof.proven}
    return {
        "field": str(stamp.field_name),
        "at": _iso(stamped_at(stamp)),
        "trusted": stamp.signed_revision in held,
        "digests": _digests(stamp),
        "changed": _changed(stamp),
        **_certificate(stamp.signer_cert),
    }


def _digests(signature: EmbeddedPdfSignature) -> list[str]:
    """What it rests on: digest of the file, and that of what was signed about it."""
    own = signature.signer_info["digest_algorithm"]["algorithm"].native
    return sorted({signature.md_algorithm, own})


def _clock(signature: EmbeddedPdfSignature, trust: Trust) -> str:
    """Whose time it is: ``stamp`` of our service, ``foreign``, or the signer's ``own``."""
    if _token(signature) is None:
        return "own"
    return "foreign" if _stamped_by_stranger(signature, trust) else "stamp"


def _doubts(signature: EmbeddedPdfSignature, status: PdfSignatureStatus, trust: Trust) -> list[str]:
    """Why a signature that is whole proves nothing all the same; [] where it does."""
    reasons = list(_reasons(signature, trust, _stamped_at(signature)))
    if reasons:
        return reasons
    if not _stamp_good(status):
        return ["stamp_invalid"]
    return [] if status.trusted else ["unproven"]


def _stamp_good(status: PdfSignatureStatus) -> bool:
    stamp = status.timestamp_validity
    return stamp is not None and stamp.intact and stamp.valid and stamp.trusted


def _reasons(
    signature: EmbeddedPdfSignature, trust: Trust, stamped: datetime | None
) -> Iterator[str]:
    """Why the certificate does not count, in the order in which a reader would ask."""
    certificate = signature.signer_cert
    if trust.chain(certificate, signature.other_embedded_certs) is None:
        yield "unknown_issuer"
        return
    if not _may_sign(certificate):
        yield "wrong_purpose"
    if stamped is None or _stamped_by_stranger(signature, trust):
        yield "stamp_invalid"
        return
    if stamped < certificate.not_valid_before:
        yield "not_yet_valid"
    if stamped > certificate.not_valid_after:
        yield "expired"
    revocation = trust.revocation(certificate)
    if revocation and revocation.at <= stamped:
        yield "revoked_before"


def _may_sign(certificate: x509.Certificate) -> bool:
    usage = certificate.key_usage_value
    uses = usage.native if usage else set()
    return "non_repudiation" in uses and certificate.extended_key_usage_value is None


def _stamped_by_stranger(signature: EmbeddedPdfSignature, trust: Trust) -> bool:
    token = _token(signature)
    if token is None:
        return True
    encoded = [each.chosen for each in token["certificates"]]
    signers = [each for each in encoded if isinstance(each, x509.Certificate) and _stamps(each)]
    return not any(trust.chain(each, encoded) is not None for each in signers)


def _stamps(certificate: x509.Certificate) -> bool:
    usage = certificate.extended_key_usage_value
    return usage is not None and usage.native == ["time_stamping"]


def _token(signature: EmbeddedPdfSignature) -> cms.SignedData | None:
    """The time stamp on the signature itself."""
    for token in extract_tst_data_iter(signature.signer_info, signed=False):
        return token
    return None


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    token = _token(signature)
    if token is None:
        return None
    at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return at


def _changed(signature: EmbeddedPdfSignature) -> str:
    result: DiffResult | SuspiciousModification | None = signature.diff_result
    if not isinstance(result, DiffResult):
        return "other"
    return CHANGES.get(result.modification_level, "other")


def _certificate(certificate: x509.Certificate) -> dict[str, Any]:
    subject = certificate.subject.native
    return {
        "name": str(subject.get("common_name", "")),
        "unit": str(subject.get("organization_name", "")),
        "issuer": str(certificate.issuer.native.get("common_name", "")),
        "serial": f"{certificate.serial_number:x}",
        "certificate": hashlib.sha256(certificate.dump()).hexdigest(),
        "not_before": _iso(certificate.not_valid_before),
        "not_after": _iso(certificate.not_valid_after),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
