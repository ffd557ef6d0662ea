"""The keys of 时限规则: how each is written, read and said, and from whom a unit has it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.deadlines.errors import PolicyRefused
from app.deadlines.policy import (
    DEFAULT,
    Checked,
    Checkin,
    Clock,
    Counting,
    Offline,
    Policy,
    Profile,
    ReceiptLimit,
    ReceiptOwner,
)
from app.deadlines.policy_kinds import FURTHEST, Key, choice, days, number, stretches, times
from app.errors import FieldError

SETS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        Profile.TWO_LIMITS: {"clock": Clock.WORKING},
        Profile.THREE_LEVELS: {"clock": Clock.CALENDAR},
    }
)
"""What choosing a profile sets besides; 24, 12 and 6 are hours of the clock (CF-01)."""


_HOURS, _MINUTES = 240, 1440

KEYS: Mapping[str, Key] = MappingProxyType(
    {
        key.name: key
        for key in (
            choice(
                "profile",
                "时限方案",
                Profile,
                {"two_limits": "两级时限", "three_levels": "三级时限"},
            ),
            choice(
                "count",
                "按天计的",
                Counting,
                {
                    "civil_code": "到达当日不计，末日下班到期",
                    "elapsed": "满整日，同一钟点到期",
                },
            ),
            choice(
                "clock",
                "按小时计的",
                Clock,
                {"working": "只计工作时间", "calendar": "按钟点连续计"},
            ),
            number("urgent_immediate", "急件，工作时间内", "分钟", _MINUTES),
            number("urgent_offhours", "急件，工作时间外", "分钟", _MINUTES),
            number("alarm_every", "急件未打开，每隔多久再提醒", "分钟", _MINUTES),
            number("important", "加急，接收办理（三级）", "小时", _HOURS),
            number("step_ordinary", "一般，审核签发（三级）", "小时", _HOURS),
            number("step_important", "加急，审核签发（三级）", "小时", _HOURS),
            number("step_urgent", "特急，审核签发（三级）", "小时", _HOURS),
            days(
                "remind_before",
                "督办到期前提醒",
                f"写 1 至 5 个由大到小的天数，0 为当天，最多 {FURTHEST}，例如 3 1 0。",
                lambda given: len(given) <= 5 and list(given) == sorted(set(given), reverse=True),
            ),
            days(
                "escalate_after",
                "督办超期后上报",
                f"写两个由小到大的天数：先报主管领导，再报主要领导，最多 {FURTHEST}，例如 1 3。",
                lambda given: len(given) == 2 and 0 < given[0] < given[1],
            ),
            choice(
                "checkin_mode",
                "登录查收",
                Checkin,
                {
                    "off": "不要求",
                    "interval": "每隔一段工作时间至少一次",
                    "halves": "每日上午、下午各一次",
                    "edges": "上班后、下班前各一次",
                    "windows": "每日固定时段各一次",
                    "times": "每日固定时点各一次",
                    "daily": "每日若干次",
                },
            ),
            choice(
                "checkin_who",
                "登录查收，对谁要求",
                Checked,
                {
                    "receivers": "收发员和办公室秘书",
                    "holders": "有待办的人员",
                    "everybody": "全体办文人员",
                },
            ),
            number("checkin_every", "查收间隔（每隔一段工作时间）", "分钟", _MINUTES),
            number("checkin_edge", "查收时限（上班后、下班前、时点后）", "分钟", _MINUTES),
            stretches(
                "checkin_windows",
                "查收时段",
                "写最多 6 段由早到晚的时间，例如 08:00-08:30 16:00-16:30。",
            ),
            times("checkin_times", "查收时点", "写最多 6 个由早到晚的时间，例如 10:00 15:30。"),
            number("checkin_daily", "每日查收次数", "次", 10),
            choice(
                "offline",
                "来件时当班尚未登录的",
                Offline,
                {"off": "不另提醒", "remind": "即时用邮件、短信提醒"},
            ),
            choice(
                "receipt_check_owner",
                "发文后核查接收，由谁",
                ReceiptOwner,
                {"drafter": "拟稿人", "dispatcher": "发送人"},
            ),
            choice(
                "receipt_check_limit",
                "发文后核查接收，时限",
                ReceiptLimit,
                {"working_day": "1 个工作日", "day": "24 小时（按钟点）"},
            ),
            number("accountable_after", "部门超时达多少件建议追究", "件", 1000),
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
        raise PolicyRefused.of(errors)
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
