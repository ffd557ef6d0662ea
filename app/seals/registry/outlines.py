"""What may be looked at of an uploaded seal: its outline, grey and small, good for no paper."""

import io

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 160
"""Pixels; too few to print a seal from."""


def outlined(picture: bytes) -> bytes:
    """A small PNG of the edges alone, struck through."""
    with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as opened:
        layers = opened.convert("RGBA")
    paper = Image.new("RGB", layers.size, "white")
    paper.paste(layers, mask=layers.getchannel("A"))
    paper.thumbnail((SIDE, SIDE))
    edges = ImageChops.invert(paper.convert("L").filter(ImageFilter.FIND_EDGES))
    faint = edges.point([128 + value // 2 for value in range(256)])
    ImageDraw.Draw(faint).line((0, faint.height, faint.width, 0), fill=160, width=3)
    found = io.BytesIO()
    faint.save(found, "PNG")
    return found.getvalue()
