"""Font book: which file draws which character, with an explicit fallback.

A face is a chain of font files. Every character is looked up in the cmap of the files of its
chain, best first; the renderer is never left to substitute. Folders are searched in the order
given, so that fonts a unit has licensed (dropped in as fangsong.ttf, biaosong.otf, …) win.
"""

import gc
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont

from app.documents.layout.errors import FontsMissing

FACES = {
    "fangsong": "仿宋",
    "kai": "楷体",
    "hei": "黑体",
    "biaosong": "小标宋",
    "song": "宋体",
    "latin": "西文",
}
# Best first, after the drop-in names; "file.ttc#Family" takes one family out of a collection.
CHAINS = {
    "fangsong": (
        "FandolFang-Regular.otf",
        "NotoSerifCJK-Light.ttc#Noto Serif CJK SC",
        "NotoSerifCJK-Regular.ttc#Noto Serif CJK SC",
    ),
    "kai": ("FandolKai-Regular.otf", "LXGWWenKai-Regular.ttf"),
    "hei": ("FandolHei-Regular.otf", "NotoSansCJK-Bold.ttc#Noto Sans CJK SC"),
    "biaosong": ("FandolSong-Bold.otf", "NotoSerifCJK-Bold.ttc#Noto Serif CJK SC"),
    "song": ("FandolSong-Regular.otf", "NotoSerifCJK-Regular.ttc#Noto Serif CJK SC"),
    "latin": ("LiberationSerif-Regular.ttf",),
}
OWN_LATIN = frozenset(("hei", "biaosong"))
"""Faces that draw digits and letters themselves: 2026 in a title stands in 小标宋 like the rest."""
FONT_SUFFIXES = frozenset((".otf", ".ttf", ".ttc"))
PROJECT_FONTS = Path(__file__).resolve().parents[3] / "fonts"
SYSTEM_FONTS = (
    Path("/usr/local/share/fonts"),
    Path("/usr/share/fonts"),
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/share/texmf/fonts/opentype/public/fandol"),
)


def standard_folders(configured: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Folders to search: those of the settings, the project's own, then the system's."""
    return (*configured, PROJECT_FONTS, *SYSTEM_FONTS)


@dataclass(frozen=True)
class _Metrics:
    """What is kept of a face, so that its file need not stay open."""

    cmap: dict[int, str]
    advances: dict[str, tuple[int, int]]
    units: int
    up: int
    down: int


class FontFile:
    """One face of one file. ``family`` is its CSS family name, such as fangsong-0."""

    def __init__(self, path: Path, family: str, member: str | None, cache: Path) -> None:
        self.source = path
        self.family = family
        self._member = member
        self._cache = cache
        self._bounds: dict[str, tuple[float, float] | None] = {}

    @cached_property
    def path(self) -> Path:
        """A file with this face alone, so that the face looked up is the face drawn."""
        if self._member is None:
            return self.source
        target = self._cache / f"{self.source.stem}-{self._member.replace(' ', '')}.otf"
        if not target.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            with (
                NamedTemporaryFile(dir=self._cache, delete=False) as unfinished,
                self._open() as font,
            ):
                font.save(unfinished)
            Path(unfinished.name).replace(target)
        return target

    def has(self, char: str) -> bool:
        return ord(char) in self._metrics.cmap

    def advance(self, char: str) -> float:
        """Advance width in em."""
        metrics = self._metrics
        return metrics.advances[metrics.cmap[ord(char)]][0] / metrics.units

    def ink(self, text: str) -> tuple[float, float]:
        """Lowest and highest ink above the baseline, em. Characters not in the file are left out.

        (0, 0) for text without ink.
        """
        chars = [char for char in text if self.has(char)]
        if unknown := [char for char in chars if char not in self._bounds]:
            self._measure(unknown)
        bounds = [found for char in chars if (found := self._bounds[char])]
        if not bounds:
            return 0.0, 0.0
        return min(low for low, _ in bounds), max(high for _, high in bounds)

    def _measure(self, chars: Iterable[str]) -> None:
        metrics = self._metrics
        with self._open() as font:
            glyphs = font.getGlyphSet()
            for char in chars:
                pen = BoundsPen(glyphs)
                glyphs[metrics.cmap[ord(char)]].draw(pen)
                box = pen.bounds
                self._bounds[char] = (
                    (box[1] / metrics.units, box[3] / metrics.units) if box else None
                )
        gc.collect()  # a font is forty megabytes in circles, and nobody else hurries to free them

    def baseline(self, size: float, line_height: float) -> float:
        """From the top of a line box to the baseline; in the unit of the arguments."""
        up, down = (v / self._metrics.units * size for v in (self._metrics.up, self._metrics.down))
        return (line_height - up - down) / 2 + up

    @cached_property
    def _metrics(self) -> _Metrics:
        return _metrics_of(self.source, self._number)

    def _open(self) -> Any:
        """The face as it lies in its file. Raises FontsMissing where it has no such family."""
        return _opened(self.source, self._number)

    @cached_property
    def _number(self) -> int:
        """Place of the face in its collection."""
        if self._member is None:
            return -1
        with TTCollection(self.source, lazy=True) as collection:
            for number, font in enumerate(collection.fonts):
                names = font["name"]
                if self._member in (names.getDebugName(1), names.getDebugName(16)):
                    return number
        raise FontsMissing([f"{self.source.name} 中的 {self._member}"])


def _opened(source: Path, number: int) -> Any:
    """A face of a file; tables that are not read are copied as they are."""
    return TTFont(source, fontNumber=number, lazy=True, recalcTimestamp=False, recalcBBoxes=False)


@lru_cache(maxsize=64)
def _metrics_of(source: Path, number: int) -> _Metrics:
    """Read once in a process, however many font books it has: a cmap takes a while."""
    with _opened(source, number) as font:
        hhea = font["hhea"]
        return _Metrics(
            cmap=font.getBestCmap(),
            advances=dict(font["hmtx"].metrics),
            units=font["head"].unitsPerEm,
            up=abs(hhea.ascent),
            down=abs(hhea.descent),  # some fonts carry it with the wrong sign
        )


class FontBook:
    """The fonts of this machine, by face.

    folders   searched with their subfolders, the first that has the file wins
    cache     writable folder for faces copied out of collections

    Raises FontsMissing if a face has no file at all.
    """

    def __init__(self, folders: Sequence[Path], cache: Path) -> None:
        files = _files_by_name(folders)
        self._chains = {face: _chain(face, files, cache) for face in CHAINS}
        if absent := [FACES[face] for face, chain in self._chains.items() if not chain]:
            raise FontsMissing(absent)
        self._picked: dict[tuple[str, str], FontFile | None] = {}

    def first(self, face: str) -> FontFile:
        return self._chains[face][0]

    @cached_property
    def fingerprint(self) -> str:
        """The same on every machine that draws all characters from the same files."""
        files = [file for chain in self._chains.values() for file in chain]
        named = [f"{each.family} {each.source.name} {each.source.stat().st_size}" for each in files]
        return hashlib.sha256("\n".join(named).encode()).hexdigest()[:16]

    def pick(self, char: str, face: str) -> FontFile | None:
        """The file that draws the character; None when no file of the face has it.

        Latin letters and digits come from the Latin face, except in headings and titles; it also
        ends every chain.
        """
        key = (char, face)
        if key not in self._picked:
            latin = self._chains["latin"]
            chain = latin if expected(char, face) == "latin" else (*self._chains[face], *latin)
            self._picked[key] = next((file for file in chain if file.has(char)), None)
        return self._picked[key]


def expected(char: str, face: str) -> str:
    """The face whose first file should draw the character."""
    return "latin" if " " <= char <= "~" and face not in OWN_LATIN else face


@lru_cache(maxsize=4)
def font_book(folders: tuple[Path, ...], cache: Path) -> FontBook:
    """The font book of a process: reading the cmaps again for each document costs more."""
    return FontBook(folders, cache)


def _files_by_name(folders: Sequence[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix in FONT_SUFFIXES:
                found.setdefault(path.name, path.resolve())
    return found


def _chain(face: str, files: dict[str, Path], cache: Path) -> tuple[FontFile, ...]:
    chain: list[FontFile] = []
    for name in (f"{face}.otf", f"{face}.ttf", *CHAINS[face]):
        file_name, _, member = name.partition("#")
        if file_name in files:
            family = f"{face}-{len(chain)}"
            chain.append(FontFile(files[file_name], family, member or None, cache))
    return tuple(chain)
