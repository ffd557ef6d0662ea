"""Letting an upload in: its type by name and by first bytes, then opened by its own reader."""

import errno
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any, BinaryIO, NoReturn, cast

import puremagic
from PIL import Image

from app.documents import filenames, scanning, wording
from app.documents.errors import ActiveContent, Classified, TooLarge, Unreadable, WrongType
from app.errors import Invalid

MOST_BYTES = 50 << 20
WALL_CLOCK = 30
"""Seconds in which the reader must have finished."""

MEDIA_TYPES = MappingProxyType(
    {
        "pdf": "application/pdf",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "tif": "image/tiff",
        "tiff": "image/tiff",
        "txt": "text/plain; charset=utf-8",
    }
)
"""The types that are taken; no SVG and no HTML, which are programs."""

_CHUNK = 1 << 16
_HEAD = 4096
_READERS = Path(__file__).with_name("readers")
_REFUSALS: dict[str, type[Invalid]] = {
    "type": WrongType,
    "large": TooLarge,
    "unreadable": Unreadable,
    "active": ActiveContent,
}


def ensure_name(name: str) -> str:
    """The extension of a safe name. Raises WrongType, Classified."""
    if wording.bears_secrecy_mark(name):
        raise Classified("attachments")
    ending = filenames.extension(name)
    if ending not in MEDIA_TYPES:
        allowed = "、".join(MEDIA_TYPES)
        raise WrongType(f"不接收这种类型的附件。可以上传的类型：{allowed}。")
    return ending


def receive(stream: BinaryIO) -> tuple[BinaryIO, int]:
    """The upload in a nameless temporary file, with its bytes counted while they come.

    Raises TooLarge as soon as the limit is passed, Unreadable for an empty upload, Infected and
    ScannerSilent where the office has a scanner.
    """
    file = cast(BinaryIO, TemporaryFile(buffering=0))  # noqa: SIM115  (the caller closes it)
    size = 0
    try:
        for chunk in _counted(stream):
            if file.write(chunk) < len(chunk):
                _no_space()
            size += len(chunk)
        scanning.ensure_clean(file)
    except BaseException:
        file.close()
        raise
    return file, size


def _no_space() -> NoReturn:
    raise OSError(errno.ENOSPC, "no space left for uploads")


def _counted(stream: BinaryIO) -> Iterator[bytes]:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooLarge("附件超过 50 MB，没有保存。请压缩或拆分后再上传。")
        yield chunk
    if size == 0:
        raise Unreadable("附件是空文件（0 字节），没有保存。请检查后重新上传。")


def inspect(file: BinaryIO, extension: str) -> None:
    """Open the file with the reader of its type, in a process with little memory and time.

    Raises WrongType, TooLarge, Unreadable, ActiveContent or Classified.
    """
    ensure_magic(file, extension)
    ask(file, extension)


def ask(file: BinaryIO, extension: str, *task: str) -> Any:
    """What the confined process answers about the file: null, or what a task such as words finds.

    Raises WrongType, TooLarge, Unreadable, ActiveContent or Classified.
    """
    file.seek(0)
    command = [sys.executable, "-I", str(_READERS), extension, *task]
    try:
        done = subprocess.run(  # noqa: S603  (our own program, an extension from our list, a task)
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_CLOCK,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise Unreadable("附件无法在限定的时间和内存内打开，没有保存。请精简后再上传。") from None
    if answer is not None and "code" in answer:
        raise refusal(answer["code"], answer["message"])
    return answer


def pixels(file: BinaryIO) -> tuple[int, int]:
    """Width and height of a picture that was inspected, from its header; nothing is decoded."""
    file.seek(0)
    with Image.open(file, formats=("PNG", "JPEG")) as picture:
        return picture.width, picture.height


def refusal(code: str, message: str) -> Invalid:
    """The error of this room for what a reader answered."""
    if code == "classified":
        return Classified("attachments")
    return _REFUSALS[code](message)


def ensure_magic(file: BinaryIO, extension: str) -> None:
    """Raises WrongType when the first bytes are not those of the extension; text has none."""
    if extension == "txt":
        return
    file.seek(0)
    try:
        found = {match.extension for match in puremagic.magic_string(file.read(_HEAD))}
    except (puremagic.PureError, ValueError):
        found = set()
    if f".{extension}" not in found:
        raise WrongType(f"文件内容与扩展名 {extension} 不符，没有保存。请按实际类型上传。")
