"""A checklist, and what a reviewer has ticked of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.errors import Invalid

FIELD = "checked"
"""Name of the input that holds the ticked items, by their texts."""


@dataclass(frozen=True)
class Item:
    """One thing to check, and the clause that asks for it; "" where none was named."""

    text: str
    clause: str = ""

    @property
    def line(self) -> str:
        """As it is typed where a unit sets its list."""
        return f"{self.text}｜{self.clause}" if self.clause else self.text


@dataclass(frozen=True)
class Checked(Item):
    """An item as a reviewer left it."""

    ticked: bool = False


@dataclass(frozen=True)
class Checklist:
    """What a unit's reviewers check.

    must       nothing is approved with an item left unticked
    chosen_by  the unit that chose it, by key; absent as shipped
    """

    items: tuple[Item, ...]
    must: bool = False
    chosen_by: Mapping[str, str] = field(default_factory=dict)

    def tick(self, texts: Iterable[str]) -> tuple[Checked, ...]:
        """Every item with whether it was ticked, in the order of the list.

        Raises Invalid for a text that is not on the list, and for an item left out where the unit
        wants all of them.
        """
        given = set(texts)
        strange = given - {each.text for each in self.items}
        if strange:
            sentence = (
                f"审查清单中没有“{min(strange)[:40]}”，清单可能刚刚改过，请刷新页面重新勾选。"
            )
            raise Invalid.at(FIELD, sentence)
        found = tuple(Checked(each.text, each.clause, each.text in given) for each in self.items)
        left = [each.text for each in found if not each.ticked]
        if self.must and left:
            sentence = f"审查清单还有 {len(left)} 项没有勾选：{'；'.join(left)}。请核对后勾选，"
            raise Invalid.at(FIELD, f"{sentence}不合要求的请退回。（DRF-22）")
        return found


SHIPPED = (
    Item("准确：行文依据、人名地名、时间、数字和引文核对无误", "条例第二十条（一）（四）"),
    Item("完整：要素和附件齐全，发文意图表述完整", "条例第二十条（二）"),
    Item("规范：文种、格式、文字、计量单位和标点用法规范", "条例第二十条（四）"),
)
"""The three criteria of DRF-22, with what the regulation asks a review to look at."""


def stored(checked: Iterable[Checked]) -> list[dict[str, Any]]:
    """As it is kept with the act."""
    return [asdict(each) for each in checked]


def read(kept: Sequence[Mapping[str, Any]] | None) -> tuple[Checked, ...]:
    """From what was kept; nothing of acts at which nothing was asked."""
    return tuple(Checked(**each) for each in kept or ())


def words(checked: Iterable[Checked]) -> list[str]:
    """In sentences, as sheet and record show them: what was checked, then what was not."""
    listed = list(checked)
    found = [f"已核对：{_named(each)}。" for each in listed if each.ticked]
    return found + [f"未勾选：{_named(each)}。" for each in listed if not each.ticked]


def _named(item: Item) -> str:
    return f"{item.text}（{item.clause}）" if item.clause else item.text
