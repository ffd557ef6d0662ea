"""Pictures of the text: scaled into the type area, with what they show written below."""

import io
from collections.abc import Iterable, Mapping

from PIL import Image as Pillow

from app.documents.layout.composer import compose
from app.documents.layout.errors import PictureUnusable, SheetTooLarge
from app.documents.layout.markup import element, line_html
from app.documents.layout.pen import Pen
from app.documents.layout.units import Run
from app.documents.text import Block, Image

SCHEME = "picture:"  # the worker answers it from the job and asks nobody
FORMATS = ("PNG", "JPEG")
HIGHEST = 204.0  # mm: the type area without two lines for the caption
MAX_PIXELS = 40_000_000
MAX_BYTES = 30_000_000  # of all pictures of one document


def picture_html(block: Image, pictures: Mapping[str, bytes], pen: Pen, name: str = "") -> str:
    """Raises PictureUnusable for one that is not there or cannot be read."""
    across, down = _pixels(block, pictures)
    width = min(block.width, HIGHEST * across / down)
    style = f"width:{width:.3f}mm;height:{width * down / across:.3f}mm"
    content = f'<img src="{SCHEME}{block.sha256}" style="{style}">'
    for line in compose([Run(block.alt, "fangsong")], pen, indent=0) if block.alt else ():
        content += line_html(line, pen, classes="line centred")
    return element(content, classes="picture", name=name)


def used_pictures(blocks: Iterable[Block], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those that the blocks name. Raises SheetTooLarge."""
    names = {block.sha256 for block in blocks if isinstance(block, Image)}
    used = {name: pictures[name] for name in sorted(names) if name in pictures}
    if sum(map(len, used.values())) > MAX_BYTES:
        megabytes = MAX_BYTES // 1_000_000
        raise SheetTooLarge(f"正文图片合计超过 {megabytes} MB，不能排版。请压缩图片后重新插入。")
    return used


def _pixels(block: Image, pictures: Mapping[str, bytes]) -> tuple[int, int]:
    """Size from the head of the file; it is decoded in the worker alone, which has limits."""
    content = pictures.get(block.sha256)
    if content is None:
        raise PictureUnusable(block.alt, "已不在系统中")
    try:
        with Pillow.open(io.BytesIO(content), formats=FORMATS) as picture:
            across, down = picture.size
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
        raise PictureUnusable(block.alt, "不是可用的 PNG 或 JPEG 图片") from None
    if across * down > MAX_PIXELS or not across * down:
        raise PictureUnusable(block.alt, f"超过 {MAX_PIXELS // 10_000} 万像素")
    return across, down
