"""Pictures and scans, opened by Pillow."""

from typing import BinaryIO

from PIL import Image

from .refused import Refused

PIXELS = 50_000_000
FRAMES = 2000
"""Most pixels of a picture, and most pages of a scan."""


def read_picture(file: BinaryIO) -> None:
    """PNG, JPEG or TIFF: pixels counted from the header before anything is decoded."""
    Image.MAX_IMAGE_PIXELS = None  # counted here, for each page of a scan
    try:
        with Image.open(file, formats=("PNG", "JPEG", "TIFF")) as picture:
            _ensure_small(picture)
            picture.seek(0)
            picture.load()
    except Refused:
        raise
    except Exception:  # whatever a reader raises on hostile bytes, the file cannot be read
        raise Refused("unreadable", "图片已损坏或不完整，请重新生成后再上传。") from None


def _ensure_small(picture: Image.Image) -> None:
    for number in range(min(getattr(picture, "n_frames", 1), FRAMES + 1)):
        if number == FRAMES:
            raise Refused("large", f"扫描件超过 {FRAMES} 页，请拆分后再上传。")
        picture.seek(number)
        if picture.width * picture.height > PIXELS:
            raise Refused("large", "图片超过 5000 万像素，请降低分辨率后再上传。")
