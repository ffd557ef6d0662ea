"""Reading the lines of a State Council notice as they stand: 一、元旦：1月1日（周四）至3日放假……"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from app.deadlines.changes import refuse
from app.deadlines.notices import Period
from app.deadlines.wording import WEEKDAYS
from app.errors import FieldError

MOST = 5000
"""Characters; a notice has about four hundred."""
_ITEM = re.compile(r"^(?:[一二三四五六七八九十]+|\d+)\s*[、.．]\s*")
_ONE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_RANGE = re.compile(rf"{_ONE}(?:\s*(?:至|-|—|~)+\s*{_ONE})?")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_COUNT = re.compile(r"(?:共|放假)(\d+)天")


@dataclass
class Notice:
    """What the lines say; ``left_out`` are sentences with a date that say neither 放假 nor 上班."""

    periods: list[Period] = field(default_factory=list)
    make_up: list[date] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class _Unreadable(Exception):
    """A sentence whose dates contradict themselves; the message says how."""


def read(year: int, text: str) -> Notice:
    """The days off and the make-up days of the lines. Dates without a year are of this ``year``.

    Weekdays in brackets and numbers of days are held against the dates, so that a slip of the pen
    or the notice of another year is found. Raises CalendarRefused that names each line.
    """
    if len(text) > MOST:
        refuse([FieldError("lines", f"通知最多 {MOST} 字，请只保留各节日的放假安排。")])
    found, errors = Notice(), []
    for number, line in _items(unicodedata.normalize("NFKC", text)):
        try:
            _read_line(year, line, found)
        except (_Unreadable, ValueError) as problem:
            why = str(problem) if isinstance(problem, _Unreadable) else "其中的日期不存在。"
            errors.append(FieldError("lines", f"第 {number} 行：{why}"))
    if not errors and not found.periods:
        errors.append(FieldError("lines", "没有找到放假的日期，请粘贴通知里各节日的放假安排。"))
    refuse(errors)
    return found


def _items(text: str) -> list[tuple[int, str]]:
    """Number of the line at which it begins, and words; a line that breaks off goes on below."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        begins = ":" in line or _ITEM.match(line.strip())
        if found and not begins:
            first, before = found[-1]
            found[-1] = (first, before + line.strip())
        elif line.strip():
            found.append((number, line.strip()))
    return found


def _read_line(year: int, line: str, found: Notice) -> None:
    name, colon, rest = _ITEM.sub("", line).partition(":")
    if not colon:
        name, rest = "", line
    for sentence in filter(None, re.split(r"[。;]", rest)):
        ranges = list(_ranges(year, sentence))
        if not ranges:
            continue
        if "上班" in sentence:
            found.make_up += [
                day for first, last in ranges for day in (Period(first, last, "").days())
            ]
        elif "放假" in sentence:
            if not name:
                raise _Unreadable("没有节日名称，应写成“元旦：1月1日放假”的样子。")
            found.periods += _periods(name.strip(), ranges, sentence)
        else:
            found.left_out.append(sentence.strip())


def _periods(name: str, ranges: list[tuple[date, date]], sentence: str) -> list[Period]:
    periods = [Period(first, last, name) for first, last in ranges]
    said = _COUNT.search(sentence)
    count = sum(len(period.days()) for period in periods)
    if said and int(said[1]) != count:
        raise _Unreadable(f"写着共 {said[1]} 天，按日期是 {count} 天，请核对。")
    return periods


def _ranges(year: int, sentence: str) -> Iterator[tuple[date, date]]:
    """First and last day of each stretch; a day alone is both. A month holds until the next one."""
    month: int | None = None
    for match in _RANGE.finditer(sentence):
        first, month = _day(year, month, match.groups()[:4])
        last = first
        if match[7]:
            last, month = _day(year, month, match.groups()[4:])
        if last < first:
            raise _Unreadable("最后一天早于第一天，请核对。")
        yield first, last


def _day(year: int, month: int | None, parts: tuple[str | None, ...]) -> tuple[date, int]:
    own_year, own_month, number, remark = parts
    month = int(own_month) if own_month else month
    if month is None:
        raise _Unreadable(f"“{number}日”没有写明月份。")
    if own_year and abs(int(own_year) - year) > 1:
        raise _Unreadable(f"写着 {own_year} 年，不是 {year} 年的安排，请核对。")
    day = date(int(own_year or year), month, int(number or 0))
    said = _WEEKDAY.search(remark or "")
    if said and WEEKDAYS.index(said[1].replace("天", "日")) != day.weekday():
        raise _Unreadable(
            f"{day.month}月{day.day}日在 {day.year} 年是周{WEEKDAYS[day.weekday()]}，"
            f"不是周{said[1]}，请核对年份和日期。"
        )
    return day, month
