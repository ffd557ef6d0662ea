"""All empty fields in one revision, before anybody signs: later ones would break 签发."""

import io
from collections.abc import Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields as signature_fields

from app.seals.papers.fields import Field

READ_ONLY, PRINTED = 1, 4  # /Ff and /F of ISO 32000-1, tables 221 and 165


def lay_out(pdf: bytes, fields: Sequence[Field]) -> bytes:
    """The page with its empty fields; a seal locks the texts (``fields`` in their order)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    texts = [field for field in fields if field.is_text]
    form = _form(writer)
    for field in texts:
        _add_text(writer, form, field)
    for field in fields:
        if not field.is_text:
            _add_signature(writer, field, [text.name for text in texts])
    return written(writer)


def written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _form(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    root = writer.root
    root["/AcroForm"] = writer.add_object(
        generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
    )
    writer.update_root()
    form: generic.DictionaryObject = root["/AcroForm"]
    return form


def _add_text(
    writer: IncrementalPdfFileWriter, form: generic.DictionaryObject, field: Field
) -> None:
    """A field that prints nothing yet and that no viewer lets a reader write into."""
    left, bottom, right, top = field.line.box.points
    empty = RawContent(b"", box=BoxConstraints(width=right - left, height=top - bottom))
    page, _ = writer.find_page_for_modification(field.line.box.page - 1)
    widget = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string(field.name),
                pdf_name("/V"): pdf_string(""),
                pdf_name("/Ff"): generic.NumberObject(READ_ONLY),
                pdf_name("/F"): generic.NumberObject(PRINTED),
                pdf_name("/P"): page,
                pdf_name("/Rect"): generic.ArrayObject(
                    generic.FloatObject(round(edge, 3)) for edge in (left, bottom, right, top)
                ),
                pdf_name("/AP"): generic.DictionaryObject(
                    {pdf_name("/N"): writer.add_object(empty.as_form_xobject())}
                ),
            }
        )
    )
    writer.register_annotation(page, widget)
    form["/Fields"].append(widget)


def _add_signature(writer: IncrementalPdfFileWriter, field: Field, texts: list[str]) -> None:
    """``texts`` are locked by a seal; 签发 leaves them open, for the number comes after it."""
    box = field.box and tuple(round(edge, 3) for edge in field.box.points)
    lock = None
    if field.locks and texts:
        action = signature_fields.FieldMDPAction.INCLUDE
        lock = signature_fields.FieldMDPSpec(action, texts)
    spec = signature_fields.SigFieldSpec(
        field.name,
        on_page=field.box.page - 1 if field.box else 0,
        box=box,  # type: ignore[arg-type]  # pyHanko says whole points, and takes any
        field_mdp_spec=lock,
    )
    signature_fields.append_signature_field(writer, spec)
