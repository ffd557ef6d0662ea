"""The keys of 时限规则: how each is written, read and said, and from whom a unit has it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.deadlines.errors import PolicyRefused
from app.deadlines.policy import DEFAULT, Clock, Counting, Policy, Profile
from app.errors import FieldError

SETS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        Profile.TWO_LIMITS: {"clock": Clock.WORKING},
        Profile.THREE_LEVELS: {"clock": Clock.CALENDAR},
    }
)
"""What choosing a profile sets besides; 24, 12 and 6 are hours of the clock (CF-01)."""


@dataclass(frozen=True)
class Key:
    """One value that a unit may choose.

    read     the value from text; raises ValueError
    say      the value in words
    wanted   what the text should be, said when it is not
    options  (text, words) where there is a fixed choice
    """

    name: str
    label: str
    read: Callable[[str], Any]
    say: Callable[[Any], str]
    wanted: str
    options: tuple[tuple[str, str], ...] = ()

    def text(self, value: Any) -> str:
        """What ``read`` takes."""
        return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _choice(name: str, label: str, kind: type[StrEnum], words: Mapping[str, str]) -> Key:
    wanted = f"请从{'、'.join(words.values())}中选择。"
    return Key(name, label, kind, lambda value: words[value], wanted, tuple(words.items()))


def _number(name: str, label: str, unit: str, most: int) -> Key:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return Key(name, label, read, lambda value: f"{value} {unit}", f"应为 1 至 {most} {unit}。")


def _days(name: str, label: str, wanted: str, fits: Callable[[tuple[int, ...]], bool]) -> Key:
    def read(text: str) -> tuple[int, ...]:
        if not (text.isascii() and text.replace(" ", "").isdigit()):
            raise ValueError(text)
        days = tuple(int(each) for each in text.split())
        if not fits(days) or max(days) > FURTHEST:
            raise ValueError(text)
        return days

    def say(days: tuple[int, ...]) -> str:
        return f"{'、'.join(map(str, days))} 个工作日"

    return Key(name, label, read, say, wanted)


FURTHEST = 60
"""Working days before or after a date that a ladder may reach."""
_HOURS, _MINUTES = 240, 1440

KEYS: Mapping[str, Key] = MappingProxyType(
    {
        key.name: key
        for key in (
            _choice(
                "profile",
                "时限方案",
                Profile,
                {"two_limits": "两级时限", "three_levels": "三级时限"},
            ),
            _choice(
                "count",
                "按天计的",
                Counting,
                {
                    "civil_code": "到达当日不计，末日下班到期",
                    "elapsed": "满整日，同一钟点到期",
                },
            ),
            _choice(
                "clock",
                "按小时计的",
                Clock,
                {"working": "只计工作时间", "calendar": "按钟点连续计"},
            ),
            _number("urgent_immediate", "急件，工作时间内", "分钟", _MINUTES),
            _number("urgent_offhours", "急件，工作时间外", "分钟", _MINUTES),
            _number("alarm_every", "急件未打开，每隔多久再提醒", "分钟", _MINUTES),
            _number("important", "加急，接收办理（三级）", "小时", _HOURS),
            _number("step_ordinary", "一般，审核签发（三级）", "小时", _HOURS),
            _number("step_important", "加急，审核签发（三级）", "小时", _HOURS),
            _number("step_urgent", "特急，审核签发（三级）", "小时", _HOURS),
            _days(
                "remind_before",
                "督办到期前提醒",
                f"写 1 至 5 个由大到小的天数，0 为当天，最多 {FURTHEST}，例如 3 1 0。",
                lambda days: len(days) <= 5 and list(days) == sorted(set(days), reverse=True),
            ),
            _days(
                "escalate_after",
                "督办超期后上报",
                f"写两个由小到大的天数：先报主管领导，再报主要领导，最多 {FURTHEST}，例如 1 3。",
                lambda days: len(days) == 2 and 0 < days[0] < days[1],
            ),
        )
    }
)


@dataclass(frozen=True)
class Value:
    """A value in force; ``chosen_by``: the unit that chose it, "" for the shipped default."""

    key: Key
    value: Any
    chosen_by: str

    @property
    def words(self) -> str:
        return self.key.say(self.value)

    @property
    def text(self) -> str:
        return self.key.text(self.value)


Chosen = tuple[str, Mapping[str, str]]
"""Name of a unit, and the texts of what it has chosen for itself."""


def checked(texts: Mapping[str, str]) -> dict[str, str]:
    """What a unit chooses, as it is kept; blank is inherited. Raises PolicyRefused by field."""
    given = {name: " ".join(text.split()) for name, text in texts.items() if text.strip()}
    errors = [FieldError(name, f"没有“{name}”这一项。") for name in given if name not in KEYS]
    for name, text in given.items():
        key = KEYS.get(name)
        if key is not None:
            errors += _unreadable(key, text)
    if errors:
        message = errors[0].message if len(errors) == 1 else f"有 {len(errors)} 处需要修改。"
        raise PolicyRefused(message, errors)
    return {name: KEYS[name].text(KEYS[name].read(text)) for name, text in given.items()}


def _unreadable(key: Key, text: str) -> list[FieldError]:
    try:
        key.read(text)
    except ValueError:
        return [FieldError(key.name, f"{key.label}：{key.wanted}")]
    return []


def in_force(chain: Iterable[Chosen]) -> list[Value]:
    """Every value for the last unit of a chain that begins with the topmost one."""
    found = {name: Value(key, getattr(DEFAULT, name), "") for name, key in KEYS.items()}
    for unit, own in chain:
        for name, text in {**SETS.get(own.get("profile", ""), {}), **own}.items():
            found[name] = Value(KEYS[name], KEYS[name].read(text), unit)
    return list(found.values())


def policy_of(chain: Iterable[Chosen]) -> Policy:
    return Policy(**{each.key.name: each.value for each in in_force(chain)})
