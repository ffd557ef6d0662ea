"""The archival time stamp over a whole paper, and the next one before it runs out."""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from app.seals.papers.errors import PaperRefused
from app.seals.papers.parties import Evidence

BEFORE = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
"""The stamp covers its own proof too, so that no byte of the file follows it."""


@dataclass(frozen=True)
class LastStamp:
    """The newest archival time stamp of a paper: when made, and how long its certificate lives."""

    at: datetime
    until: datetime


def last_stamp(pdf: bytes) -> LastStamp | None:
    """None for a paper without one. For papers of ours: it is not checked here."""
    stamps = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
    if not stamps:
        return None
    last = stamps[-1]
    certificate: x509.Certificate = last.signer_cert
    content = last.signed_data["encap_content_info"]["content"].parsed
    return LastStamp(content["gen_time"].native, certificate.not_valid_after)


def renew(
    pdf: bytes, evidence: Evidence, stamper: TimeStamper, at: datetime, digest: str = "sha256"
) -> bytes:
    """The paper with one archival time stamp more, and what proves the one before.

    digest  that the stamp is made with

    It is also the first one of a paper that gets no seal. Raises PaperRefused when the last stamp
    is no longer good, for a new one would prove nothing then, or when none is given.
    """
    try:
        return asyncio.run(_renewed(pdf, evidence.context(at), stamper, digest))
    except (TimestampRequestError, PathError) as refused:
        raise PaperRefused(
            "时间戳服务没有签发时间戳，文件没有改动。请系统管理员检查时间戳证书后重试。",
            "stamp_refused",
        ) from refused


async def _renewed(
    pdf: bytes, context: ValidationContext, stamper: TimeStamper, digest: str
) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    stamps = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
    if stamps:
        status = await async_validate_pdf_timestamp(stamps[-1], context, skip_diff=True)
        if not (status.intact and status.valid and status.trusted):
            raise PaperRefused(
                "文件现有的归档时间戳已失效，再续也不能证明什么。请核对原件，按档案规定处理。",
                "stamp_refused",
            )
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, paths=(status.validation_path,), validation_context=context
        )
    out = io.BytesIO()
    await PdfTimeStamper(stamper).async_timestamp_pdf(
        writer, digest, context, output=out, dss_settings=BEFORE
    )
    return out.getvalue()
