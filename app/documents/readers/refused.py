"""The one error of the readers, and what they all look for."""

import re
import unicodedata

UNPACKED = 200 << 20
"""Bytes that a file may have when everything in it is unpacked."""

HEAD = 3000
"""Characters from the beginning of a text in which a mark of secrecy is looked for."""

_SECRECY = re.compile("(?:绝密|机密|秘密)[★☆⭐]")


class Refused(Exception):
    """``code`` is one of type, large, unreadable, active and classified."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def ensure_unclassified(text: str) -> None:
    """Raises Refused (classified) when a mark such as 机密★ stands in the text."""
    if _SECRECY.search(re.sub(r"\s", "", unicodedata.normalize("NFKC", text))):
        raise Refused("classified", "")


def active(what: str, content: str) -> Refused:
    return Refused("active", f"{what}含有{content}，打开时可能运行或外联，请去掉后再上传。")
