"""Lamps (灯): what a limit looks like now. Computed at every look, never stored (DDL-20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from app.deadlines import wording
from app.deadlines.arithmetic import before, working_minutes
from app.deadlines.errors import LampsRefused
from app.deadlines.workdays import WorkCalendar, local_date

KEYS = ("red", "amber", "green", "none", "paused")
BY_THE_CLOCK = timedelta(hours=2)
"""A limit no longer than this that began outside working time runs by the clock (DDL-03)."""
_RANKS = {"red": 0, "amber": 1, "green": 1, "paused": 2, "none": 3}


@dataclass(frozen=True)
class Look:
    """How one state is shown. ``colour`` is the name of a colour token, not a colour."""

    word: str
    shape: str
    colour: str


@dataclass(frozen=True)
class Lamps:
    """The table of a unit; its practice decides words, shapes and when amber begins.

    amber_days   amber below this many working days left
    amber_share  or below this share of the whole limit, in percent; 0 switches either off
    Raises LampsRefused when a state is missing or two share a shape or a word: colour alone
    must never tell them apart.
    """

    looks: Mapping[str, Look]
    amber_days: float = 1
    amber_share: int = 0

    def __post_init__(self) -> None:
        if set(self.looks) != set(KEYS):
            raise LampsRefused("灯的设置应恰好包含超时、临近、正常、未设时限、暂停五种状态。")
        shown = {
            "形状": [look.shape.strip() for look in self.looks.values()],
            "文字": [look.word.strip() for look in self.looks.values()],
        }
        for name, seen in shown.items():
            if not all(seen) or len(set(seen)) < len(seen):
                raise LampsRefused(f"各种灯的{name}不能为空，也不能相同。")
        if self.amber_days < 0 or not 0 <= self.amber_share <= 100:
            raise LampsRefused("临近的界限应为不小于 0 的工作日数，或 0 至 100 的百分比。")


STANDARD = Lamps(
    MappingProxyType(
        {
            "red": Look("超时", "■", "red"),
            "amber": Look("临近", "▲", "amber"),
            "green": Look("正常", "●", "green"),
            "none": Look("未设时限", "–", "grey"),
            "paused": Look("暂停", "‖", "grey"),
        }
    )
)


@dataclass(frozen=True)
class Lamp:
    """A lamp as a page shows it: shape, text, colour.

    text               ``超时 4 小时 10 分``, ``剩 3 小时 20 分``, ``未设时限`` or ``暂停``
    remaining_minutes  working minutes left, negative once overdue; by the clock where the limit
                       runs by the clock; None without a running limit
    order              sorts a list: longest overdue first, then least left, without limit last
    steps              the sum behind it in sentences (“怎么算的”); empty without a limit
    provisional        a day in the sum has no official notice yet
    """

    key: str
    word: str
    shape: str
    colour: str
    text: str
    remaining_minutes: int | None
    order: tuple[int, int]
    steps: Sequence[str] = ()
    provisional: bool = False

    def __str__(self) -> str:
        return f"{self.shape} {self.text}"


def lamp(
    due_at: datetime | None,
    now: datetime,
    calendar: WorkCalendar,
    arrived_at: datetime,
    suspended: bool = False,
    lamps: Lamps = STANDARD,
    *,
    steps: Sequence[str] = (),
    provisional: bool = False,
) -> Lamp:
    """The lamp of a stay that arrived at ``arrived_at`` and is due at ``due_at``, seen at ``now``.

    At the due instant itself nothing is overdue yet (decision 13).
    steps, provisional  of the limit, as they were kept with it
    """
    seen = _seen(due_at, now, calendar, arrived_at, suspended, lamps)
    return replace(seen, steps=tuple(steps), provisional=provisional)


def _seen(
    due_at: datetime | None,
    now: datetime,
    calendar: WorkCalendar,
    arrived_at: datetime,
    suspended: bool,
    lamps: Lamps,
) -> Lamp:
    if due_at is None or suspended:
        key = "none" if due_at is None else "paused"
        return _lamp(lamps, key, lamps.looks[key].word, None)
    by_clock = _by_clock(due_at, arrived_at, calendar)
    per_day = 24 * 60 if by_clock else calendar.minutes_per_day(local_date(now))
    if now > due_at:
        over = _minutes(due_at, now, calendar, by_clock)
        return _lamp(lamps, "red", lamps.looks["red"].word + wording.span(over, per_day), -over)
    left = _minutes(now, due_at, calendar, by_clock)
    near = left < lamps.amber_days * per_day
    if lamps.amber_share and not near:
        whole = _minutes(arrived_at, due_at, calendar, by_clock)
        near = left * 100 < lamps.amber_share * whole
    return _lamp(lamps, "amber" if near else "green", "剩" + wording.span(left, per_day), left)


def amber_from(
    due_at: datetime, arrived_at: datetime, calendar: WorkCalendar, lamps: Lamps = STANDARD
) -> datetime | None:
    """The instant after which the lamp is amber; None where it is from the start, or never."""
    by_clock = _by_clock(due_at, arrived_at, calendar)
    per_day = 24 * 60 if by_clock else calendar.minutes_per_day(local_date(due_at))
    whole = _minutes(arrived_at, due_at, calendar, by_clock)
    left = timedelta(minutes=max(lamps.amber_days * per_day, lamps.amber_share * whole / 100))
    turns = due_at - left if by_clock else before(due_at, left, calendar)
    return turns if arrived_at < turns < due_at else None


def _lamp(lamps: Lamps, key: str, text: str, remaining: int | None) -> Lamp:
    look = lamps.looks[key]
    order = (_RANKS[key], remaining or 0)
    return Lamp(key, look.word, look.shape, look.colour, text, remaining, order)


def _by_clock(due_at: datetime, arrived_at: datetime, calendar: WorkCalendar) -> bool:
    """Whether working time would hide the limit: an urgent one in the evening or at a weekend."""
    spans = calendar.spans(local_date(due_at))
    if not any(span.start <= due_at <= span.end for span in spans):
        return True
    return due_at - arrived_at <= BY_THE_CLOCK and not calendar.is_open(arrived_at)


def _minutes(start: datetime, end: datetime, calendar: WorkCalendar, by_clock: bool) -> int:
    if by_clock:
        return (end - start) // timedelta(minutes=1)
    return working_minutes(start, end, calendar)
