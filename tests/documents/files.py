"""Small files of every type that is taken, and the ways in which they are hostile."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{OOXML}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OOXML}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OOXML}.presentationml.presentation.main+xml"),
}
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(change: Callable[[pikepdf.Pdf], object] | None = None, **saving: object) -> bytes:
    """One blank page, changed as wanted."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **saving)
    return out.getvalue()


def on_root(**entries: object) -> Callable[[pikepdf.Pdf], object]:
    def change(made: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            made.Root[f"/{name}"] = value

    return change


def action(kind: str, **entries: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **entries)


def on_page(key: str, value: object) -> Callable[[pikepdf.Pdf], object]:
    def change(made: pikepdf.Pdf) -> None:
        made.pages[0].obj[key] = value

    return change


def deep_inside(value: object) -> Callable[[pikepdf.Pdf], object]:
    """In an array in a dictionary of an object that only a link leads to."""

    def change(made: pikepdf.Pdf) -> None:
        hidden = made.make_indirect(Dictionary(A=Array([Array([Dictionary(B=value)])])))
        made.pages[0].obj["/PieceInfo"] = hidden

    return change


def with_embedded_file(made: pikepdf.Pdf) -> None:
    made.attachments["x.exe"] = b"MZ"


def to_page(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = Array([made.pages[0].obj, Name.Fit])


def with_link(made: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    link.A = action("URI", URI=String("https://example.gov.cn/"))
    made.pages[0].obj.Annots = Array([made.make_indirect(link)])


def office(
    extension: str = "docx",
    parts: Mapping[str, str | bytes] | None = None,
    *,
    body: str = "<w:p><w:r><w:t>工程量清单</w:t></w:r></w:p>",
    types: str | None = None,
    relationships: str = "",
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    main, content_type = MAIN[extension]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types><Override PartName="/{main}" ContentType="{types or content_type}"/></Types>',
        )
        archive.writestr("_rels/.rels", f'<Relationships xmlns="r">{relationships}</Relationships>')
        archive.writestr(main, f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def relationship(kind: str, target: str) -> str:
    return f'<Relationship Id="r1" Type="{R}/{kind}" Target="{target}" TargetMode="External"/>'


def picture(kind: str, size: tuple[int, int] = (8, 8), frames: int = 1) -> bytes:
    out = io.BytesIO()
    pages = [Image.new("L", size, 255) for _ in range(frames)]
    more = {"save_all": True, "append_images": pages[1:]} if frames > 1 else {}
    pages[0].save(out, kind, **more)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A header that promises a picture of any size, and next to no data."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    data = zlib.compress(b"\0" * 100)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def lying_archive() -> bytes:
    """Declares a small size in its directory and unpacks to more."""
    content = office(parts={"word/media/a.txt": b"0" * 5000})
    return content.replace(struct.pack("<I", 5000), struct.pack("<I", 50))
