"""What somebody with the file and a PDF library, or with a key of his own, would do to it."""

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper

from app.seals.papers import Signatory
from app.seals.papers.parties import KeySigner

OTHER_NUMBER = pdf_string("江水〔2026〕16号")


def revision(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with one revision more, which does ``change``."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def revisions(pdf: bytes) -> list[int]:
    """Where each revision ends."""
    mark = b"%%EOF\n"
    return [i + len(mark) for i in range(len(pdf)) if pdf.startswith(mark, i)]


def field_of(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == name:
            return field
    raise KeyError(name)


def changed_field(pdf: bytes, name: str, key: str, value: generic.PdfObject) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, name)
        field[key] = value
        writer.update_container(field)

    return revision(pdf, change)


def edited_appearance(pdf: bytes, name: str) -> bytes:
    """The drawing of a field changed where it lies, with the field itself left alone."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        drawing = field_of(writer, name)["/AP"]["/N"]
        drawing.strip_filters()
        drawing._data = b"1 0 0 rg 0 0 20 20 re f"
        drawing._encoded_data = None
        writer.update_container(drawing)

    return revision(pdf, change)


def drawing_added(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        stream = generic.StreamObject(stream_data=b"0 g 100 600 200 40 re f")
        writer.add_stream_to_page(0, writer.add_object(stream))

    return revision(pdf, change)


def page_swapped(pdf: bytes) -> bytes:
    """Page 1 shows what the attacker wrote."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        stream = generic.StreamObject(stream_data=b"0 g 50 50 400 600 re f")
        page[pdf_name("/Contents")] = writer.add_object(stream)
        writer.update_container(page)

    return revision(pdf, change)


def file_attached(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        stream = writer.add_object(generic.StreamObject(stream_data=b"other annex"))
        named = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Filespec"),
                pdf_name("/F"): pdf_string("附件.pdf"),
                pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): stream}),
            }
        )
        names = generic.ArrayObject([pdf_string("附件.pdf"), writer.add_object(named)])
        tree = generic.DictionaryObject({pdf_name("/Names"): names})
        writer.root[pdf_name("/Names")] = generic.DictionaryObject(
            {pdf_name("/EmbeddedFiles"): tree}
        )
        writer.update_root()

    return revision(pdf, change)


def field_added(pdf: bytes, name: str) -> bytes:
    spec = fields.SigFieldSpec(name, on_page=0, box=(60, 60, 160, 120))
    return revision(pdf, lambda writer: fields.append_signature_field(writer, spec))


def flipped(pdf: bytes) -> bytes:
    """One bit inside the first stream of a page."""
    at = pdf.index(b"stream", 2000) + 200
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def saved_by_another_program(pdf: bytes, **how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, **how)
    return out.getvalue()


def forged(
    pdf: bytes,
    field: str,
    signatory: Signatory,
    at: datetime,
    stamper: TimeStamper | None,
    *,
    certify: bool = False,
) -> bytes:
    """A signature by somebody who asks nobody whether the certificate is good."""
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    out = io.BytesIO()
    signers.PdfSigner(metadata, KeySigner(signatory), timestamper=stamper).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out
    )
    return out.getvalue()


def stamped(pdf: bytes, stamper: TimeStamper) -> bytes:
    """One archival time stamp more, by somebody who looks at nothing before."""
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    PdfTimeStamper(stamper).timestamp_pdf(writer, "sha256", output=out)
    return out.getvalue()


def with_signature_of(pdf: bytes, other: bytes) -> bytes:
    """The CMS object of the signature in ``other`` put in the place of that in ``pdf``."""

    def contents(file: bytes) -> tuple[int, int]:
        start = file.rindex(b"/Contents <") + len(b"/Contents <")
        return start, file.index(b">", start)

    (start, end), (first, last) = contents(pdf), contents(other)
    taken = other[first:last].rstrip(b"0").ljust(end - start, b"0")[: end - start]
    return pdf[:start] + taken + pdf[end:]
