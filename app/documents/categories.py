"""Which of the seven kinds of electronic file a file is (NUM-08, ATT-17)."""

from enum import StrEnum
from types import MappingProxyType

from app.documents.inspection import MEDIA_TYPES


class Category(StrEnum):
    """The code that stands in archive packages; ``label`` is its Chinese word."""

    TEXT = "T"
    IMAGE = "I"
    GRAPHICS = "G"
    VIDEO = "V"
    AUDIO = "A"
    PROGRAM = "P"
    DATA = "D"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Category.TEXT: "文本",
    Category.IMAGE: "图像",
    Category.GRAPHICS: "图形",
    Category.VIDEO: "影像",
    Category.AUDIO: "声音",
    Category.PROGRAM: "程序",
    Category.DATA: "数据",
}

_BY_EXTENSION = {
    **dict.fromkeys(("pdf", "docx", "pptx", "txt"), Category.TEXT),
    **dict.fromkeys(("png", "jpg", "jpeg", "tif", "tiff"), Category.IMAGE),
    "xlsx": Category.DATA,
}
_BY_MEDIA_TYPE = MappingProxyType(
    {media_type: _BY_EXTENSION[ending] for ending, media_type in MEDIA_TYPES.items()}
)
"""Every type that is taken has exactly one; a new type without one stops the program at once."""


def category(media_type: str) -> Category:
    """By the media type that was found when the file was taken in, and is kept with it."""
    return _BY_MEDIA_TYPE[media_type]
