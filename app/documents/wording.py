"""What a text must not be, whoever typed it. Texts are otherwise kept as they were typed (S2)."""

import re
import unicodedata

_INVISIBLE = {
    "\u034f",  # combining grapheme joiner
    "\u115f",  # Hangul fillers: letters by category, nothing to see
    "\u1160",
    "\u2800",  # blank of Braille
    "\u3164",
    "\uffa0",
}
HEAD = 1000
"""Characters of a body in which a mark of secrecy would stand: more than its first page holds."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SECRECY = re.compile("(?:绝密|机密|秘密)[★☆⭐✩✮]")


def is_blank(text: str) -> bool:
    """Nothing to see: empty, white space, U+3000, zero-width and filler characters only."""
    return not any(_is_seen(character) for character in text)


def visible(text: str) -> str:
    """The text without its white space, formatting and filler characters."""
    return "".join(character for character in text if _is_seen(character))


def control_character(text: str, *, allowed: str = "") -> str | None:
    """Code point (``U+0000``) of the first control character that is not allowed, or None.

    PostgreSQL cannot keep NUL, and XML and PDF can show none of them. Half of a surrogate pair
    counts as one, because it has no UTF-8; so do the separators of lines and paragraphs.
    """
    for found in _CONTROL.finditer(text):
        if found.group() not in allowed:
            return f"U+{ord(found.group()):04X}"
    return None


def bears_secrecy_mark(text: str) -> bool:
    """Whether 绝密, 机密 or 秘密 with its star stands in the text, also when spaced out.

    The words alone are no mark: a notice on the keeping of secrets is an ordinary document.
    """
    return _SECRECY.search(visible(unicodedata.normalize("NFKC", text))) is not None


def _is_seen(character: str) -> bool:
    if character in _INVISIBLE or character.isspace():
        return False
    return unicodedata.category(character) not in ("Cc", "Cf")
