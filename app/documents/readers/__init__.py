"""Opening an upload with the reader of its type; what is wrong with it is said as Refused.

The readers run in a process of their own with little memory and time (``__main__``), because a
hostile file may bring any of them down. They import nothing else of this system, and each library
only when a file of its type comes, so that the process starts fast.
"""

from typing import Any, BinaryIO

from .refused import Refused

__all__ = ["OFFICE", "Refused", "preview", "read", "words"]

OFFICE = ("docx", "xlsx", "pptx")


def read(file: BinaryIO, extension: str) -> None:
    """Open the file whole with the reader of ``extension``; raises Refused."""
    if extension == "pdf":
        from .pdf import read_pdf

        read_pdf(file)
    elif extension in OFFICE:
        from .office import read_office

        read_office(file, extension)
    elif extension == "txt":
        from .plain import read_text

        read_text(file)
    else:
        from .pictures import read_picture

        read_picture(file)


def words(file: BinaryIO, extension: str) -> dict[str, Any]:
    """What a Word file says, as ``word.read_words`` gives it; raises Refused."""
    from .word import read_words

    return read_words(file, extension)


def preview(file: BinaryIO, extension: str, page: int) -> dict[str, Any]:
    """What a browser may show of the file, as ``previews.preview`` gives it; raises Refused."""
    from . import previews

    return previews.preview(file, extension, page)
