"""发文字号 and 印发日期 are written into their fields, once, after 签发 and before the seal."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from app.documents.layout import FontBook
from app.documents.layout.places import Line
from app.documents.layout.places import written_lines as drawn
from app.seals.papers.errors import PaperRefused
from app.seals.papers.fields import SEALS, SIGN_OFF, Field, kind_of
from app.seals.papers.laying_out import written


def fill(pdf: bytes, fields: Sequence[Field], values: Mapping[str, str], fonts: FontBook) -> bytes:
    """The texts in their places, as the layout would have set them; one revision for all.

    values  by name of field: 江水〔2026〕15号, 2026年3月20日印发

    Raises PaperRefused for a field that is not there or is filled already, before 签发 and after
    a seal; DoesNotFit, GlyphMissing.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    form = form_fields(writer.root)
    _ensure_open(form)
    lines = {field.name: field.line for field in fields if field.is_text}
    for name, value in values.items():
        _ensure_fillable(name, value, form, lines)
    pages = drawn([(value, lines[name]) for name, value in values.items()], fonts)
    reader = PdfFileReader(io.BytesIO(pages))
    for i, (name, value) in enumerate(values.items()):
        appearance = writer.import_page_as_xobject(reader, page_ix=i)
        form[name]["/V"] = pdf_string(value)
        form[name]["/AP"] = generic.DictionaryObject({pdf_name("/N"): appearance})
        writer.update_container(form[name])
    return written(writer)


def filled(pdf: bytes) -> dict[str, str]:
    """What stands in the text fields of a paper of ours; "" where nothing does yet."""
    root = PdfFileReader(io.BytesIO(pdf)).root
    texts = {name: each for name, each in form_fields(root).items() if each.get("/FT") == "/Tx"}
    return {name: str(each.get("/V", "")) for name, each in texts.items()}


def form_fields(root: Any) -> dict[str, Any]:
    """The fields of a form by name. A name that two have is an error: no paper of ours has one."""
    found: dict[str, Any] = {}
    try:
        references = root["/AcroForm"]["/Fields"]  # get() would not follow references
    except KeyError:
        return found
    for reference in references:
        field = reference.get_object()
        name = str(field.get("/T", ""))
        if name in found:
            raise PaperRefused(f"版式文件上有两个“{name}”域，不是本系统生成的。", "paper_damaged")
        found[name] = field
    return found


def _ensure_fillable(
    name: str, value: str, form: Mapping[str, Any], lines: Mapping[str, Line]
) -> None:
    if name not in form or name not in lines:
        raise PaperRefused(f"版式文件上没有“{name}”域，不能填写。", "no_field")
    if not value.strip():
        raise PaperRefused(f"“{name}”没有内容，不能填写。", "no_value")
    if form[name].get("/V"):
        raise PaperRefused(
            f"“{name}”已经填写过，不能再改。如有错误，请退回重新签发。", "field_taken"
        )


def _ensure_open(form: Mapping[str, Any]) -> None:
    signed = {kind_of(name) for name, field in form.items() if field.get("/V") is not None}
    if SIGN_OFF in form and SIGN_OFF not in signed:
        raise PaperRefused("文件尚未签发，不能填写发文字号和印发日期。", "not_yet_signed")
    if signed & set(SEALS):
        raise PaperRefused("文件已加盖印章，发文字号和印发日期不能再改。", "field_taken")
