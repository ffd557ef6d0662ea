"""What the archival time stamps of a file prove: that what they cover existed at their time.

The newest stamp is looked at today, each older one at the time of the next newer, which covers it
and the lists that were embedded for it (PAdES B-LTA). So a key of the time-stamp service that is
broken after its certificate has ended can prove nothing any more. A signature is then judged at
the time of its own stamp, and that stamp at the time of the oldest archival stamp over it.

pyHanko's own long-term check is not used: it asks the host's clock, and it stops at lists that
were issued after a certificate had ended, which every renewal embeds.
"""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.errors import PathError, ValidationError

from .trust import STRICT, Trust

REFUSALS = (SignatureValidationError, PathError, ValidationError, ValueError)


@dataclass(frozen=True)
class Proof:
    """Lists that the file carries, and what its stamps prove.

    at      when the file is looked at
    proven  (revision, time) of the stamps that hold, the newest first
    """

    trust: Trust
    lists: tuple[crl.CertificateList, ...]
    at: datetime
    proven: tuple[tuple[int, datetime], ...]

    def existed(self, signature: EmbeddedPdfSignature) -> datetime:
        """The earliest time at which the signature is proven to have been there."""
        after = [at for revision, at in self.proven if revision > signature.signed_revision]
        return after[-1] if after else self.at

    async def status(
        self, signature: EmbeddedPdfSignature, stamped: datetime | None
    ) -> PdfSignatureStatus | None:
        """PyHanko's status of the signature as of its stamp; None where it cannot be read."""
        signer = self.trust.context(stamped or self.at, self.lists)
        stamp = self.trust.context(self.existed(signature), self.lists)
        try:
            return await async_validate_pdf_signature(signature, signer, stamp, diff_policy=STRICT)
        except REFUSALS:
            return None


async def proof(
    reader: PdfFileReader, stamps: list[EmbeddedPdfSignature], trust: Trust, at: datetime
) -> Proof:
    """Follow the stamps back from the newest; where one does not hold, the older prove nothing."""
    lists, moment = _lists(reader), at
    proven: list[tuple[int, datetime]] = []
    for stamp in reversed(stamps):
        known = lists if proven else ()  # of today only our own lists tell
        if not await _holds(stamp, trust, moment, known):
            break
        moment = stamped_at(stamp)
        proven.append((stamp.signed_revision, moment))
    return Proof(trust, lists, at, tuple(proven))


def stamped_at(stamp: EmbeddedPdfSignature) -> datetime:
    content = stamp.signed_data["encap_content_info"]["content"].parsed
    at: datetime = content["gen_time"].native
    return at


async def _holds(
    stamp: EmbeddedPdfSignature,
    trust: Trust,
    moment: datetime,
    lists: tuple[crl.CertificateList, ...],
) -> bool:
    try:
        status = await async_validate_pdf_timestamp(
            stamp, trust.context(moment, lists), diff_policy=STRICT
        )
    except REFUSALS:
        return False
    covers = (status.coverage or SignatureCoverageLevel.UNCLEAR) >= (
        SignatureCoverageLevel.ENTIRE_REVISION
    )
    in_time = stamped_at(stamp) <= moment
    return bool(status.intact and status.valid and status.trusted and covers and in_time)


def _lists(reader: PdfFileReader) -> tuple[crl.CertificateList, ...]:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return ()
    return tuple(crl.CertificateList.load(each.get_object().data) for each in store.crls)
