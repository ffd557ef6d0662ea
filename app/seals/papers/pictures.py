"""Pictures of seals and signatures on paper: lines and areas without any transparency.

A picture of pixels becomes a stencil: only its ink is painted, so the text below stays to be
read. One of outlines (SVG) is painted as such.
"""

import io
import zlib
from dataclasses import dataclass

from PIL import Image, ImageChops
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfResources, RawContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import StaticStampStyle

from app.seals.papers import vectors
from app.seals.papers.errors import PaperRefused

RED = (1.0, 0.0, 0.0)
MM = 72 / 25.4

STAMP_WIDTH, STAMP_HEIGHT = 40.0, 20.0
"""Millimetres of a 签名章 (7.3.5.3)."""

MOST_PIXELS = 16_000_000
FORM_PIXELS = (800, 400)
FAINT = 110  # of 255: paler than this is paper
CAPTURED = ("PNG", "JPEG")


@dataclass(frozen=True)
class Picture:
    """Width and height in mm, operators of PDF in points from the lower left, and a stencil."""

    width: float
    height: float
    content: bytes
    stencil: "Stencil | None" = None

    def style(self, writer: BasePdfFileWriter) -> StaticStampStyle:
        """For one signature only: pyHanko's style remembers the file that it was used in."""
        resources = PdfResources()
        if self.stencil:
            resources.xobject["/Ink"] = writer.add_object(self.stencil.stream())
        box = BoxConstraints(width=self.width * MM, height=self.height * MM)
        return StaticStampStyle(
            border_width=0,
            background=RawContent(self.content, resources, box),
            background_opacity=1.0,
            background_layout=SimpleBoxLayoutRule(
                AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins.uniform(0)
            ),
        )


@dataclass(frozen=True)
class Stencil:
    """Pixels of ink and of nothing: one bit each, rows padded to bytes, 0 is ink."""

    across: int
    down: int
    bits: bytes

    def stream(self) -> generic.StreamObject:
        return generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Image"),
                pdf_name("/Width"): generic.NumberObject(self.across),
                pdf_name("/Height"): generic.NumberObject(self.down),
                pdf_name("/ImageMask"): generic.BooleanObject(True),
                pdf_name("/BitsPerComponent"): generic.NumberObject(1),
                pdf_name("/Filter"): pdf_name("/FlateDecode"),
            },
            encoded_data=zlib.compress(self.bits, 9),
        )


def seal_from(picture: bytes, diameter: float) -> Picture:
    """An uploaded seal (PNG, JPEG or SVG) in red, fitted into its circle's square (mm)."""
    if vectors.is_svg(picture):
        content = vectors.drawn(picture, diameter, diameter)
        return Picture(diameter, diameter, inked(RED, content))
    return stencil(picture, diameter, diameter, RED)


def stamp_from(picture: bytes) -> Picture:
    """An uploaded 签名章 (PNG, JPEG or SVG) in red, fitted into its place on the page."""
    if vectors.is_svg(picture):
        content = vectors.drawn(picture, STAMP_WIDTH, STAMP_HEIGHT)
        return Picture(STAMP_WIDTH, STAMP_HEIGHT, inked(RED, content))
    return stencil(picture, STAMP_WIDTH, STAMP_HEIGHT, RED)


def inked_png(picture: bytes) -> tuple[bytes, float]:
    """The ink of a 签名章 alone, black on white, for a form; and its width by its height.

    Raises PaperRefused as :func:`stencil` does.
    """
    cut = _cut(picture)
    cut.thumbnail(FORM_PIXELS)
    made = io.BytesIO()
    ImageChops.invert(cut).convert("1").save(made, "PNG")
    return made.getvalue(), cut.width / cut.height


def stencil(
    picture: bytes, width: float, height: float, ink: tuple[float, float, float]
) -> Picture:
    """The ink of a PNG or JPEG, as large as the box of ``width`` by ``height`` mm allows.

    Raises PaperRefused for what is no picture, is too large, or has nothing on it.
    """
    cut = _cut(picture)
    scale = min(width / cut.width, height / cut.height)
    across, down = cut.width * scale * MM, cut.height * scale * MM
    left, bottom = (width * MM - across) / 2, (height * MM - down) / 2
    bits = ImageChops.invert(cut).convert("1").tobytes()
    place = f"{across:.3f} 0 0 {down:.3f} {left:.3f} {bottom:.3f} cm /Ink Do"
    return Picture(width, height, inked(ink, place.encode()), Stencil(cut.width, cut.height, bits))


def _cut(picture: bytes) -> Image.Image:
    """The mask of the ink, without the empty paper around it."""
    mask = _ink(picture)
    edges = mask.getbbox()
    if edges is None:
        raise PaperRefused("图片上没有可用的笔画，请换一张图片。", "picture_unusable")
    return mask.crop(edges)


def _ink(picture: bytes) -> Image.Image:
    """White where there is ink: what is not faint, whatever its colour."""
    try:
        with Image.open(io.BytesIO(picture), formats=CAPTURED) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PaperRefused("图片超过 1600 万像素，请缩小后再用。", "picture_unusable")
            layers = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise PaperRefused("图片不是可用的 PNG 或 JPEG。", "picture_unusable") from None
    paper = Image.new("RGB", layers.size, "white")
    paper.paste(layers, mask=layers.getchannel("A"))
    red, green, blue = paper.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return darkest.point([255 if 255 - value > FAINT else 0 for value in range(256)])


def inked(ink: tuple[float, float, float], content: bytes) -> bytes:
    return b"q " + " ".join(f"{part:g}" for part in ink).encode() + b" rg " + content + b" Q"
