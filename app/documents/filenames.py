"""Names of files: of uploads, made safe to show and to send, and of what leaves the office.

Files are not stored under them.
"""

import re
import unicodedata
from collections.abc import Collection
from itertools import count

MOST_BYTES = 180
"""Bytes of UTF-8 that every file system and header can carry, with room for an ending."""

LONGEST = 4096
"""Characters of a typed name that are looked at: its end, where the ending stands."""

LONGEST_TITLE = 60
"""Characters of a name before its type: what a list of files still shows (NUM-06)."""

_UNSEEN = ("Cc", "Cf", "Cs")  # control, format such as U+202E, half a surrogate pair
_FORBIDDEN = re.compile('[<>:"|?*]')
_RESERVED = re.compile("(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])", re.IGNORECASE)


def display_name(typed: str) -> str:
    """The last part of a path without anything that misleads a reader or a file system.

    Path parts, control characters, direction overrides and other invisible characters go;
    characters that Windows forbids become ``_``; device names get a ``_`` in front.
    Never empty: without anything left the name is 附件.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", typed[-LONGEST:]))[-1]
    name = "".join(each for each in name if unicodedata.category(each) not in _UNSEEN)
    name = _FORBIDDEN.sub("_", re.sub(r"\s+", " ", name)).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = stem.strip(" .") or "附件"
    if _RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return _shortened(stem) + dot + _shortened(ending, 20)


def file_name(words: str, ending: str, taken: Collection[str] = ()) -> str:
    """What a file that leaves the office is called: its title and its type (NUM-05, NUM-06).

    words   a title as typed; its line feeds go, what no file system takes becomes ``_``
    ending  the type without a dot
    taken   names in the same folder; a name that is there already gets （2）, （3） and so on
    """
    text = re.sub(r"[/\\]", "_", re.sub(r"\s*\n\s*", "", words))
    text = text.strip(" .") or "公文"
    stem = display_name(f"{text}.{ending}").rpartition(".")[0][:LONGEST_TITLE].strip(" .")
    names = {each.casefold() for each in taken}
    for number in count(1):
        name = f"{stem}（{number}）.{ending}" if number > 1 else f"{stem}.{ending}"
        if name.casefold() not in names:
            return name
    raise AssertionError("unreachable")


def is_too_long(typed: str) -> bool:
    """Whether ``display_name`` would have to shorten what stands before the type (NUM-06)."""
    stem = re.split(r"[/\\]", typed[-LONGEST:])[-1].rpartition(".")[0]
    return len(typed) > LONGEST or len(stem.encode(errors="ignore")) > MOST_BYTES


def extension(name: str) -> str:
    """The ending by which a file is known, folded: ``pdf`` of ``报告.ＰＤＦ``; "" without one."""
    stem, dot, ending = unicodedata.normalize("NFKC", name).rpartition(".")
    return ending.casefold() if stem and dot else ""


def _shortened(text: str, most: int = MOST_BYTES) -> str:
    return text.encode()[:most].decode(errors="ignore")
