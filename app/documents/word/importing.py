"""Taking a Word file in: its text as blocks, its elements, and what could not be kept.

The file itself is not kept. It is read in the confined process of ``readers``.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from app.documents import filenames, inspection, wording
from app.documents.errors import Classified, Unreadable, WrongType
from app.documents.text import Block
from app.documents.word import items as word_items
from app.documents.word import notes
from app.documents.word.elements import find_elements
from app.documents.word.notes import Note

OLD = ("doc", "wps", "wpt", "dot", "dotx", "docm", "rtf", "odt", "uot")
"""Endings of texts that can be saved as .docx."""

_OLE = b"\xd0\xcf\x11\xe0"
"""First bytes of .doc and .wps, and of a .docx that is locked by a password."""

TakePicture = Callable[[bytes], bool]
"""Keeps the bytes of a PNG or JPEG under their hash; False where it does not take them."""


@dataclass(frozen=True)
class Imported:
    """``elements`` by their names in the API; those that the file does not have are missing."""

    blocks: tuple[Block, ...]
    elements: Mapping[str, Any]
    notes: tuple[Note, ...]


def read_in(name: str, stream: BinaryIO, take_picture: TakePicture | None = None) -> Imported:
    """Read a .docx; nothing is stored but the pictures that ``take_picture`` keeps.

    Raises WrongType for anything but a .docx, TooLarge, Unreadable, or Classified when its head
    bears a mark of secrecy.
    """
    _ensure_word(name)
    file, _ = inspection.receive(stream)
    with file:
        _ensure_not_old(file)
        inspection.ensure_magic(file, "docx")
        said = inspection.ask(file, "docx", "words")
    found = of_words(said, take_picture)
    if not found.blocks and not found.elements:
        raise Unreadable("文件里没有可以读入的文字，请检查后重新选择。")
    return found


def _ensure_word(name: str) -> None:
    if wording.bears_secrecy_mark(name):
        raise Classified("word")
    ending = filenames.extension(name)
    if ending in OLD:
        raise WrongType(f".{ending} 不能导入。请用 Word 或 WPS 打开，另存为 .docx 后再导入。")
    if ending != "docx":
        raise WrongType("只能导入 .docx 文档。其他文件请在“附件”一栏上传。")


def _ensure_not_old(file: BinaryIO) -> None:
    file.seek(0)
    if file.read(4) == _OLE:
        raise WrongType(
            "这个文件是旧格式（.doc、.wps）或者加了密码。"
            "请用 Word 或 WPS 打开，不加密码另存为 .docx 后再导入。"
        )


def of_words(said: Mapping[str, Any], take_picture: TakePicture | None = None) -> Imported:
    """The same from what the reader says of a file, see ``readers.word``."""
    found_items = word_items.of_reader(said["items"])
    found = find_elements(found_items)
    told = [*notes.of_reader(said["notes"], said["more"]), *found.notes]
    kept, lost = _take_pictures(said["pictures"], take_picture)
    told += _lost_pictures(found.items, lost)
    blocks, as_lines = word_items.blocks(found.items, kept)
    told += [
        Note("changed", f"表格“{words[:20]}”合并得不整齐或者过大，每行改成了一段文字。")
        for words in as_lines
    ]
    if not all(item.ours for item in found_items if item.line):
        told.append(Note("changed", "字体、字号和版面没有保留：公文按统一的格式排版。"))
    return Imported(tuple(blocks), found.elements, tuple(told))


def _take_pictures(
    pictures: Mapping[str, str], take_picture: TakePicture | None
) -> tuple[set[str], set[str]]:
    """Hashes of the pictures that are kept and of those that are not."""
    if take_picture is None:
        return set(), set(pictures)
    kept = {key for key, text in pictures.items() if take_picture(base64.b64decode(text))}
    return kept, set(pictures) - kept


def _lost_pictures(found: list[word_items.Item], lost: set[str]) -> list[Note]:
    shown = [item for item in found if item.kind == "picture"]
    places = [i for i, item in enumerate(shown, start=1) if (item.own or {})["sha256"] in lost]
    return [Note("lost", f"第 {place} 幅图片没有保留，请另作附件上传。") for place in places]
