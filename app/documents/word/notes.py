"""What people are told about a file that was read in: what is lost, changed, or set elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from app.documents import kinds

Kind = Literal["lost", "changed", "found"]

PLACES, LONGEST = 3, 100
"""Places that one sentence names, of more it says how many; characters of an element in one."""


@dataclass(frozen=True)
class Note:
    """What became of something.

    kind  lost: not kept; changed: kept in another form; found: read as an element
    text  a Chinese sentence with the place
    """

    kind: Kind
    text: str


_EACH: Mapping[str, tuple[Kind, str]] = MappingProxyType(
    {
        "comment": ("lost", "批注没有保留"),
        "footnote": ("lost", "脚注没有保留"),
        "endnote": ("lost", "尾注没有保留"),
        "margin": ("lost", "文字没有保留"),
        "text_box": ("lost", "文本框没有保留"),
        "formula": ("lost", "公式没有保留，原处用“〓”标出"),
        "embedded": ("lost", "嵌入的对象没有保留，原处用“〓”标出"),
        "drawing": ("lost", "图形、图表没有保留，原处用“〓”标出"),
        "picture": ("lost", "图片没有保留"),
        "symbol": ("lost", "符号不能识别，原处用“〓”标出"),
        "hidden": ("lost", "隐藏的文字没有保留"),
        "section": ("lost", "分节的版面没有保留"),
        "shifted": ("changed", "上标、下标改成了普通文字"),
        "numbering_form": ("changed", "不认识的编号样式改成了阿拉伯数字"),
        "table_as_text": ("changed", "表格不能按表格读入，每行改成了一段文字"),
    }
)
"""Said place by place, with the words concerned."""

_ALL: Mapping[str, tuple[Kind, str]] = MappingProxyType(
    {
        "tracked": ("changed", "修订按接受后的文字读入，没有保留修订痕迹"),
        "numbered": ("changed", "自动编号改成了文字"),
        "link": ("changed", "超链接只留文字，没有保留网址"),
        "ruby": ("changed", "拼音没有保留，只留文字"),
        "nested": ("changed", "表格里的表格改成了文字"),
        "contents": ("lost", "目录没有保留"),
    }
)
"""Said once for all places."""


def of_reader(found: Iterable[Mapping[str, str]], more: int) -> list[Note]:
    """Notes for what the reader could not keep; ``more`` of them it has only counted."""
    notes: list[Note] = []
    places: dict[tuple[Kind, str], list[str]] = {}
    for each in found:
        what, place, detail = each["what"], each["place"], each["detail"]
        if what in _EACH:
            kind, sentence = _EACH[what]
            notes.append(Note(kind, _sentence(place, sentence, detail)))
        else:
            kind, sentence = _ALL.get(what, ("lost", f"{detail or '格式'}没有保留"))
            places.setdefault((kind, sentence), []).append(place)
    notes += [Note(kind, _gathered(text, where)) for (kind, text), where in places.items()]
    if more:
        notes.append(Note("lost", f"另有 {more} 处没有一一列出，请对照原文件核对。"))
    return notes


def _sentence(place: str, sentence: str, detail: str) -> str:
    end = f"：{detail}" if detail else "。"
    return f"{place}的{sentence}{end}" if place else f"{sentence}{end}"


def _gathered(sentence: str, places: list[str]) -> str:
    known = [place for place in places if place]
    named = "、".join(known[:PLACES])
    if not named:
        return f"{sentence}。"
    many = f"等 {len(known)} 处" if len(known) > PLACES else ""
    return f"{sentence}（{named}{many}）。"


def in_words(element: str, value: Any) -> str:
    """The value of an element that was found, for a sentence."""
    if element == "urgency":
        return kinds.URGENCIES[value]
    text = "、".join(value) if isinstance(value, list) else str(value)
    return text.replace("\n", "")[:LONGEST]
