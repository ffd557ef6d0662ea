"""Office files (OOXML): packages that are ZIP archives."""

import re
import stat
import unicodedata
import zipfile
import zlib
from typing import BinaryIO

from .parts import Search, reaches_out
from .refused import UNPACKED, Refused, active

ENTRIES = 1000
RATIO = 100
"""Most entries of a package, and most unpacked bytes for each packed one."""

_MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
BROKEN = "文件已损坏、不完整或已加密，请重新保存后再上传。"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError),
)


def read_office(file: BinaryIO, extension: str) -> None:
    """An OOXML package: a small, plain archive without macros, objects and outward links."""
    try:
        with zipfile.ZipFile(file) as archive:
            _ensure_package(archive, extension)
            for entry in archive.infolist():
                _ensure_inert(entry.filename)
                _read_part(archive, entry, searched=True)
    except _BROKEN:
        raise Refused("unreadable", BROKEN) from None


def unpack_office(file: BinaryIO, extension: str) -> None:
    """The same for a package of which only the words are read and nothing is kept.

    Objects and outward links may lie in it: who reads the words never opens them.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _ensure_package(archive, extension)
            for entry in archive.infolist():
                _read_part(archive, entry, searched=False)
    except _BROKEN:
        raise Refused("unreadable", BROKEN) from None


def _ensure_package(archive: zipfile.ZipFile, extension: str) -> None:
    _ensure_small(archive)
    _ensure_plain_names(archive)
    _ensure_type(archive, extension)


def _ensure_small(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES:
        raise Refused("large", f"文件内部超过 {ENTRIES} 个部分，请拆分后再上传。")
    if unpacked > UNPACKED or unpacked > RATIO * max(packed, 1):
        raise Refused("large", "文件展开后过大，已拒绝打开。请精简后再上传。")


def _ensure_plain_names(archive: zipfile.ZipFile) -> None:
    seen: set[str] = set()
    for entry in archive.infolist():
        name = entry.filename
        folded = unicodedata.normalize("NFKC", name).casefold()
        linked = stat.S_ISLNK(entry.external_attr >> 16)
        parts = name.split("/")
        if folded in seen or linked or ".." in parts or not parts[0] or re.search(r"[\\:\0]", name):
            raise Refused("unreadable", "文件内部的名称不合规范，请重新保存后再上传。")
        seen.add(folded)


def _ensure_inert(name: str) -> None:
    folded = unicodedata.normalize("NFKC", name).casefold()
    if re.search(r"vbaproject|activex|\.bin$", folded) and "printersettings" not in folded:
        raise active("文件", "宏或嵌入对象")
    if "/embeddings/" in folded:
        raise active("文件", "嵌入对象")


def _ensure_type(archive: zipfile.ZipFile, extension: str) -> None:
    try:
        types = archive.read("[Content_Types].xml")
    except KeyError:
        types = b""
    if b"macroEnabled" in types:
        raise active("文件", "宏")
    if f'"{_MAIN[extension]}"'.encode() not in types:
        raise Refused("type", f"文件内容不是 {extension} 文档，请按实际类型另存后再上传。")


def _read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, searched: bool) -> None:
    """Unpack one part to its end, counting, and search it where it could reach out."""
    search = Search() if searched and reaches_out(entry.filename.casefold()) else None
    left, first = entry.file_size, True
    with archive.open(entry) as part:
        while chunk := part.read(1 << 16):
            left -= len(chunk)
            if left < 0:
                raise Refused("large", "文件展开后大于其声明的大小，已拒绝打开。")
            if searched and first and chunk.startswith(b"PK\x03\x04"):
                raise Refused("large", "文件内部还有压缩包，请分别上传。")
            first = False
            if search:
                search.feed(chunk)
    if search:
        search.finish()
