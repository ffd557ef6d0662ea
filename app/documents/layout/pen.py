"""The pen: draws the text of one sheet and remembers which font files it took."""

import html

from app.documents.layout.errors import GlyphMissing
from app.documents.layout.fonts import FACES, FontBook, FontFile, expected

SEGMENTS = list[tuple[str, str]]
ALWAYS_DRAWN = (("—", "song"), ("文", "fangsong"))  # page numbers; the default face of the page


class Pen:
    """Looks every character up before it is set.

    After the sheet is composed, ``missing`` holds the characters that no font has, and
    ``notices`` has a sentence for each character that came from a substitute.
    """

    def __init__(self, fonts: FontBook) -> None:
        self.fonts = fonts
        self.missing: set[str] = set()
        self._used: dict[str, FontFile] = {}
        self._substituted: set[tuple[str, str]] = set()
        for char, face in ALWAYS_DRAWN:
            self._file(char, face)

    def width(self, text: str, face: str) -> float:
        """Advance width of the text, em."""
        return sum(file.advance(char) if (file := self._file(char, face)) else 1.0 for char in text)

    def segments(self, text: str, face: str) -> SEGMENTS:
        """The text cut where the font file changes: (text, CSS family)."""
        cut: SEGMENTS = []
        for char in text:
            file = self._file(char, face) or self.fonts.first(face)
            if cut and cut[-1][1] == file.family:
                cut[-1] = (cut[-1][0] + char, file.family)
            else:
                cut.append((char, file.family))
        return cut

    def spans(self, text: str, face: str) -> str:
        """Escaped HTML with one element per font file."""
        return "".join(
            f'<span class="{family}">{html.escape(piece)}</span>'
            for piece, family in self.segments(text, face)
        )

    def ensure_all_drawn(self) -> None:
        """Raise GlyphMissing if a character had no font."""
        if self.missing:
            raise GlyphMissing(self.missing)

    @property
    def files(self) -> tuple[FontFile, ...]:
        """The files used: each one declared costs a copy, so no others are declared."""
        return tuple(self._used.values())

    @property
    def css(self) -> str:
        return "\n".join(
            f"@font-face{{font-family:{file.family};src:url({file.path.as_uri()})}}"
            f".{file.family}{{font-family:{file.family}}}"
            for file in self.files
        )

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(
            f"首选{FACES[face]}字体中没有“{char}”（U+{ord(char):04X}），"
            f"已用 {file.source.stem} 代替，请核对字形。"
            for char, face in sorted(self._substituted)
            if (file := self.fonts.pick(char, face))
        )

    def _file(self, char: str, face: str) -> FontFile | None:
        file = self.fonts.pick(char, face)
        if file is None:
            self.missing.add(char)
            return None
        self._used.setdefault(file.family, file)
        if file is not self.fonts.first(expected(char, face)):
            self._substituted.add((char, face))
        return file
