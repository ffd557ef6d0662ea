"""Checks what a PDF claims of itself before it is signed or filed.

This is no PDF/A verdict, which needs a validator of its own; it finds what must never leave the
house: active content, fonts that are not embedded or not expected, lost text.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from app.documents.layout.fonts import CHAINS

ACTIVE = frozenset(
    ("/OpenAction", "/AA", "/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/XFA", "/RichMedia")
)
A4_POINTS = (595.28, 841.89)
_FONT_NAME = re.compile(rf"(?:{'|'.join(CHAINS)})-\d+(?:-\w+)*")  # WeasyPrint adds the weight
_BESIDE_THE_TEXT = re.compile(r"^(?:— \d+ —|草\s*稿)$", re.MULTILINE)
_SECONDS = 20


@dataclass(frozen=True)
class Finding:
    """One claim and whether it holds; ``detail`` says what was found instead."""

    claim: str
    holds: bool
    detail: str = ""


def check(pdf: bytes, expected: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Every claim. ``expected``: pieces of text without white space, from ``printed_text``.

    The text and ``qpdf --check`` are left out where the machine has no poppler or no qpdf.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        found = [*_claims(document), *_content(document), *_fonts(document)]
    if shutil.which("qpdf"):
        found.append(Finding("qpdf finds no fault", _qpdf_accepts(pdf)))
    if expected and shutil.which("pdftotext"):
        text = extracted_text(pdf)
        lost = [piece for piece in expected if piece not in text]
        found.append(Finding("the text is the source's", not lost, "；".join(lost[:3])))
    return tuple(found)


def extracted_text(pdf: bytes) -> str:
    """The text in reading order, without white space, page numbers and draft mark.

    Needs poppler.
    """
    raw = _pipe(["pdftotext", "-raw", "-", "-"], pdf).stdout.decode(errors="replace")
    return re.sub(r"\s", "", _BESIDE_THE_TEXT.sub("", raw))


def _claims(document: pikepdf.Pdf) -> Iterator[Finding]:
    root = document.Root
    with document.open_metadata() as metadata:
        part = f"{metadata.get('pdfaid:part', '')}{metadata.get('pdfaid:conformance', '')}"
        yield Finding("names its PDF/A part and conformance", len(part) == 2, part)
        yield Finding("has a title", bool(metadata.get("dc:title")))
    intents = list(root.get("/OutputIntents", []))
    rgb = len(intents) == 1 and int(intents[0].DestOutputProfile.N) == 3
    yield Finding("one output intent with three components", rgb)
    yield Finding("has an identifier", "/ID" in document.trailer)
    yield Finding("is in Chinese", str(root.get("/Lang", "")).startswith("zh"))
    yield Finding("is not encrypted", not document.is_encrypted)
    sizes = [tuple(float(edge) for edge in page.mediabox) for page in document.pages]
    yield Finding("every page is A4", bool(sizes) and all(map(_is_a4, sizes)))


def _content(document: pikepdf.Pdf) -> Iterator[Finding]:
    keys = {key for item in _dictionaries(document) for key in item.keys()}  # noqa: SIM118  not a dict
    active = sorted(keys & ACTIVE)
    yield Finding("has no active content and no files inside", not active, " ".join(active))


def _fonts(document: pikepdf.Pdf) -> Iterator[Finding]:
    fonts = [item for item in _dictionaries(document) if item.get("/Type") == "/Font"]
    composite = [font for font in fonts if "/DescendantFonts" in font]
    simple = [font for font in fonts if font.get("/Subtype") in ("/Type1", "/TrueType", "/Type3")]
    yield Finding("has composite fonts only", bool(composite) and not simple)
    embedded = all(_is_embedded(font) for font in composite)
    yield Finding("every font is embedded", embedded)
    yield Finding("every font maps to Unicode", all("/ToUnicode" in font for font in composite))
    names = sorted({str(font.BaseFont).lstrip("/").split("+")[-1] for font in composite})
    strange = [name for name in names if not _FONT_NAME.fullmatch(name)]
    yield Finding("uses expected fonts only", not strange, " ".join(strange))


def _dictionaries(document: pikepdf.Pdf) -> Iterable[pikepdf.Object]:
    return (
        item for item in document.objects if isinstance(item, pikepdf.Dictionary | pikepdf.Stream)
    )


def _is_embedded(font: pikepdf.Object) -> bool:
    descriptor = font.DescendantFonts[0].FontDescriptor
    return "/FontFile2" in descriptor or "/FontFile3" in descriptor


def _is_a4(box: tuple[float, ...]) -> bool:
    return all(abs(edge - wanted) < 1 for edge, wanted in zip(box[2:], A4_POINTS, strict=True))


def _qpdf_accepts(pdf: bytes) -> bool:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return _pipe(["qpdf", "--check", file.name], b"").returncode == 0


def _pipe(command: list[str], content: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  fixed words, content on standard input
        command, input=content, capture_output=True, timeout=_SECONDS, check=False
    )
