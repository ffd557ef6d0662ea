"""What stands in a paragraph, as pieces: text, line ends, page breaks, pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .losses import Losses
from .pictures import Pictures
from .styles import Styles
from .xml import AROUND, GONE, MATH, RELATED, WORD, is_on, name, value, whole

LOST = "〓"
"""Stands in the text where something could not be kept: what is missing is seen (geta mark)."""

_RAISED = str.maketrans("123", "¹²³")
_SYMBOLS = {
    ("wingdings", 0xFC): "√",
    ("wingdings", 0xFE): "☑",
    ("wingdings 2", 0x52): "☑",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0x6F): "□",
    ("wingdings 2", 0xA3): "□",
    ("wingdings", 0x6C): "●",
    ("wingdings", 0x6E): "■",
}
_LOOKS = {
    "color": "颜色",
    "highlight": "突出显示",
    "u": "下划线",
    "strike": "删除线",
    "dstrike": "删除线",
    "em": "着重号",
    "bdr": "文字边框",
}


@dataclass(frozen=True)
class Piece:
    """``text`` of a text, ``picture`` of a picture; a line end and a page break have neither."""

    kind: Literal["text", "line", "page", "picture"]
    text: str = ""
    picture: dict[str, Any] | None = None


class Inline:
    """Reads the paragraphs of one part of the file; fields may go over several of them."""

    def __init__(
        self, styles: Styles, pictures: Pictures, losses: Losses, remarks: dict[str, str]
    ) -> None:
        self._styles, self._pictures, self._losses = styles, pictures, losses
        self._remarks = remarks
        self._fields: list[bool] = []  # of each open field, whether its result has begun

    def pieces(self, element: Any) -> Iterator[Piece]:
        """Of a paragraph, or of something that stands around parts of it."""
        for child in element:
            found = name(child)
            if found == "r":
                yield from self._run(child)
            elif found in GONE:
                self._losses.add("tracked", once=True)
            elif found in AROUND or found in ("dir", "bdo"):
                yield from self._around(child, found)
            elif child.tag in (f"{MATH}oMath", f"{MATH}oMathPara"):
                self._losses.add("formula", "".join(child.itertext(f"{MATH}t")))
                yield Piece("text", LOST)

    def _around(self, element: Any, found: str) -> Iterator[Piece]:
        if found in ("ins", "moveTo"):
            self._losses.add("tracked", once=True)
        if found == "hyperlink" and element.get(f"{RELATED}id"):
            self._losses.add("link", once=True)
        yield from self.pieces(element)

    def _note(self, what: str, reference: Any) -> None:
        key = f"{what}:{reference.get(WORD + 'id', '')}"
        self._losses.add(what, self._remarks.get(key, ""))

    def _run(self, run: Any) -> Iterator[Piece]:
        if is_on(run, "rPr/vanish"):
            self._losses.add("hidden", "".join(run.itertext(f"{WORD}t")))
            return
        self._look_at_looks(run)
        raised = value(run, "rPr/vertAlign")
        for child in run:
            for piece in self._piece(child, name(child)):
                yield self._shifted(piece, raised)

    def _look_at_looks(self, run: Any) -> None:
        properties = run.find(f"{WORD}rPr")
        for each in () if properties is None else properties:
            look = _LOOKS.get(name(each))
            plain = ("auto", "none", "000000", "0", "false", "off")
            if look and each.get(WORD + "val", "1") not in plain:
                self._losses.add("look", look, once=True)

    def _shifted(self, piece: Piece, raised: str | None) -> Piece:
        if piece.kind != "text" or raised not in ("superscript", "subscript"):
            return piece
        if raised == "superscript" and piece.text and not piece.text.strip("123"):
            return Piece("text", piece.text.translate(_RAISED))
        self._losses.add("shifted", piece.text)
        return piece

    def _piece(self, child: Any, found: str) -> Iterator[Piece]:
        if found == "fldChar":
            self._field(child.get(WORD + "fldCharType"))
        elif found in ("commentReference", "footnoteReference", "endnoteReference"):
            self._note(found.removesuffix("Reference"), child)
        elif not all(self._fields):
            return  # the instruction of a field
        elif found == "t":
            yield Piece("text", _clean(child.text or ""))
        elif found in ("tab", "ptab"):
            yield Piece("text", "\t")
        elif found == "noBreakHyphen":
            yield Piece("text", "-")
        elif found in ("br", "cr"):
            yield Piece("page" if child.get(WORD + "type") == "page" else "line")
        elif found == "sym":
            yield Piece("text", self._symbol(child))
        elif found == "ruby":
            self._losses.add("ruby", once=True)
            for base in child.iterfind(f"{WORD}rubyBase"):
                yield from self.pieces(base)
        else:
            yield from self._object(child, found)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _symbol(self, element: Any) -> str:
        code = int(element.get(WORD + "char", "0") or "0", 16) & 0xFF
        font = element.get(WORD + "font", "").casefold()
        sign = _SYMBOLS.get((font, code))
        if sign is None:
            self._losses.add("symbol", f"{element.get(WORD + 'font', '')} {code:X}")
        return sign or LOST

    def _object(self, child: Any, found: str) -> Iterator[Piece]:
        """Drawings old and new, and what other programs have put there."""
        if found == "AlternateContent":
            for choice in child[:1]:
                for each in choice:
                    yield from self._object(each, name(each))
        elif found in ("drawing", "pict"):
            yield from self._drawing(child)
        elif found == "object":
            self._losses.add("embedded")
            yield Piece("text", LOST)

    def _drawing(self, drawing: Any) -> Iterator[Piece]:
        boxes = [each for each in drawing.iter() if name(each) == "txbxContent"]
        if boxes:
            texts = (" ".join(each.itertext(f"{WORD}t")) for each in boxes)
            self._losses.add("text_box", " ".join(texts))
            return
        picture = self._pictures.of(drawing)
        if picture is None:
            self._losses.add("drawing")
            yield Piece("text", LOST)
        elif isinstance(picture, str):
            self._losses.add("picture", picture)
            yield Piece("text", LOST)
        else:
            yield Piece("picture", picture=picture)


def _clean(text: str) -> str:
    """Without what only Word understands: soft hyphens and marks of direction."""
    return text.translate(dict.fromkeys((0xAD, 0xFEFF, 0x200E, 0x200F)))


def size_of(run: Any, styles: Styles, style: str | None) -> float | None:
    """Size of the type in points, of its own or of the style of the paragraph."""
    own = value(run, "rPr/sz")
    return whole(own) / 2 if own else styles.size(style)
