"""Plain text."""

import re
from typing import BinaryIO

from .refused import HEAD, Refused, ensure_unclassified


def read_text(file: BinaryIO) -> None:
    """UTF-8 without control characters."""
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text):
        raise Refused("type", "不是 UTF-8 编码的纯文本，请另存为 UTF-8 文本后再上传。")
    ensure_unclassified(text[:HEAD])
