"""Opening the file: its form, its signatures in the order in which they were made, its end."""

import asyncio
import base64
import io
import logging
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

from .judging import judged, judged_stamp
from .long_term import proof
from .trust import Trust

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

HEAD = b"%PDF-"
HEAD_WITHIN = 1024
MOST_SIGNATURES = 64


def read(job: dict[str, Any]) -> dict[str, Any]:
    """The facts of one file.

    job      pdf, roots, certificates, lists (all base64), at (ISO 8601, aware)
    returns  ``broken`` with a reason alone, or: texts, unsigned, fields, signatures, stamps, whole
    """
    pdf = base64.b64decode(job["pdf"])
    if HEAD not in pdf[:HEAD_WITHIN]:
        return {"broken": "not_pdf"}
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        return {"broken": "encrypted"}
    signatures = reader.embedded_signatures
    if len(signatures) > MOST_SIGNATURES:
        return {"broken": "too_many"}
    trust = Trust.of(job)
    at = datetime.fromisoformat(job["at"])
    facts = asyncio.run(_facts(reader, signatures, trust, at))
    return {**_form(reader), **facts, "whole": bool(signatures) and _whole(signatures[-1], pdf)}


async def _facts(
    reader: PdfFileReader, signatures: list[EmbeddedPdfSignature], trust: Trust, at: datetime
) -> dict[str, Any]:
    stamps = [each for each in signatures if each.sig_object_type == "/DocTimeStamp"]
    regular = [each for each in signatures if each.sig_object_type != "/DocTimeStamp"]
    found = await proof(reader, stamps, trust, at)
    return {
        "stamps": [await judged_stamp(each, found) for each in stamps],
        "signatures": [await judged(each, found) for each in regular],
    }


def _whole(last: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether the last signature of the file is a time stamp over all of it."""
    start, _, begin, length = (int(each) for each in last.byte_range)
    return last.sig_object_type == "/DocTimeStamp" and (start, begin + length) == (0, len(pdf))


def _form(reader: PdfFileReader) -> dict[str, Any]:
    """Values of text fields, names of signature fields nobody signed, and what else there is."""
    texts: dict[str, str] = {}
    unsigned: list[str] = []
    names: list[str] = []
    for field in _fields(reader.root):
        name = str(field.get("/T", ""))
        kind = field.get("/FT")
        names.append(name)
        if kind == "/Sig" and "/V" not in field:
            unsigned.append(name)
        elif kind == "/Tx":
            texts[name] = str(field.get("/V", ""))
    return {"texts": texts, "unsigned": unsigned, "fields": names}


def _fields(root: Any) -> list[Any]:
    try:
        references = root["/AcroForm"]["/Fields"]
    except KeyError:
        return []
    return [reference.get_object() for reference in references]
