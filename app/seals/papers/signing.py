"""签发 and 用印: a signature in a field of the paper, with everything that proves it later.

Each carries a time stamp and the revocation lists of its moment (PAdES B-LT); with the last seal
the whole gets an archival time stamp (B-LTA), and no byte follows it.
"""

import asyncio
import io
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields as signature_fields
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSigningSession,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathError, ValidationError

from app.clock import SHANGHAI
from app.seals.papers.errors import PaperRefused
from app.seals.papers.filling import form_fields
from app.seals.papers.parties import Evidence, KeySigner, Signatory
from app.seals.papers.pictures import Picture

PROOF = DSSContentSettings(
    include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
)
"""Lists and certificates go into the revision of the signature itself: none is left unsigned."""


def sign_off(
    pdf: bytes,
    field: str,
    signatory: Signatory,
    evidence: Evidence,
    stamper: TimeStamper,
    at: datetime,
    picture: Picture | None = None,
) -> bytes:
    """签发: certifies the page; from then on fields may be filled and signed, nothing else.

    picture  the 签名章 of who signs, in a field that is seen
    Raises PaperRefused, and then nothing was signed.
    """
    return _signed(pdf, field, signatory, evidence, stamper, at, certify=True, picture=picture)


def seal(
    pdf: bytes,
    field: str,
    signatory: Signatory,
    evidence: Evidence,
    stamper: TimeStamper,
    at: datetime,
    picture: Picture,
    *,
    last: bool,
) -> bytes:
    """用印: the picture of the seal in its field, over a signature of its key.

    last  this is the last seal of the paper: the archival time stamp follows
    Raises PaperRefused, and then nothing was signed.
    """
    return _signed(
        pdf, field, signatory, evidence, stamper, at, certify=False, picture=picture, last=last
    )


def _signed(
    pdf: bytes,
    field: str,
    signatory: Signatory,
    evidence: Evidence,
    stamper: TimeStamper,
    at: datetime,
    *,
    certify: bool,
    picture: Picture | None = None,
    last: bool = False,
) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _ensure_empty(writer, field)
    _ensure_own_key(signatory)
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        name=signatory.name,
        reason="签发" if certify else "用印",
        md_algorithm="sha256",
        subfilter=signature_fields.SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=signature_fields.MDPPerm.FILL_FORMS,
        embed_validation_info=True,
        validation_context=evidence.context(at),
        use_pades_lta=last,
        dss_settings=PROOF,
    )
    style = picture.style(writer) if picture else None
    signer = _SignerAt(metadata, KeySigner(signatory), stamper, at, style)
    out = io.BytesIO()
    try:
        asyncio.run(signer.async_sign_pdf(writer, existing_fields_only=True, output=out))
    except TimestampRequestError as refused:
        raise PaperRefused(
            "时间戳服务没有签发时间戳，文件没有签名。请稍后重试；仍不成功请联系系统管理员。",
            "stamp_refused",
        ) from refused
    except (SigningError, PathError, ValidationError) as refused:
        raise PaperRefused(
            f"“{signatory.name}”的证书现在不能用于签名：已过期、冻结、撤销、用途不符，"
            "或者查不到它的状态。文件没有签名，请联系证书管理人员。",
            "certificate_unusable",
        ) from refused
    return out.getvalue()


class _SignerAt(signers.PdfSigner):
    """A signer whose clock is the act's, not the host's."""

    def __init__(
        self,
        metadata: signers.PdfSignatureMetadata,
        signer: KeySigner,
        stamper: TimeStamper,
        at: datetime,
        style: StaticStampStyle | None,
    ) -> None:
        super().__init__(metadata, signer, timestamper=stamper, stamp_style=style)
        self._at = at.astimezone(SHANGHAI)

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


def _ensure_empty(writer: IncrementalPdfFileWriter, field: str) -> None:
    found = form_fields(writer.root).get(field)
    if found is None or found.get("/FT") != "/Sig":
        raise PaperRefused(f"版式文件上没有“{field}”域，不能签名。", "no_field")
    if found.get("/V") is not None:
        raise PaperRefused(f"“{field}”已经签过，不能重复签名。", "field_taken")


def _ensure_own_key(signatory: Signatory) -> None:
    certificate = x509.Certificate.load(signatory.certificate)
    if certificate.public_key.dump() != signatory.key.public_key:
        raise PaperRefused(
            f"“{signatory.name}”的密钥与证书不相符，文件没有签名。请联系证书管理人员。",
            "certificate_unusable",
        )
