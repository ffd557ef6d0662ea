"""When a limit runs out. Pure: the same inputs and calendar version give the same answer.

Decisions 1, 2 and 13 say how the days and hours of DDL-01 to DDL-03 are counted.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.clock import SHANGHAI
from app.deadlines import wording
from app.deadlines.errors import DeadlineRefused
from app.deadlines.rules import Count, Deadline, Rule
from app.deadlines.workdays import WorkCalendar, local_date

FIRST_YEAR, LAST_YEAR = 1992, 2199
"""China had summer time up to 1991: limits of that time are never computed again."""


def due(arrived: datetime, rule: Rule, calendar: WorkCalendar) -> Deadline:
    """When a stay that began at ``arrived`` runs out.

    arrived  aware, any zone, any hour of any day from 1992 to 2199
    Later arrivals never end earlier, except by the letter of DDL-03: what is urgent and comes
    at 08:29 has two hours, what comes at 08:30 has thirty minutes.
    Raises DeadlineRefused for a naive or far-off time, or a calendar without working days.
    """
    arrived = checked(arrived)
    due_at, sentence, rule_id = _COUNTS[rule.count](arrived, rule, calendar)
    days = calendar.days(local_date(arrived), local_date(due_at))
    guesses = wording.guessed(days)
    skips = () if rule.count in (Count.URGENT, Count.CLOCK_TIME) else wording.skipped(days[1:])
    steps = (f"{sentence}（{rule_id}）", *skips, *guesses)
    return Deadline(due_at, steps, bool(guesses), calendar.version, arrived, rule, rule_id)


def checked(at: datetime) -> datetime:
    """The instant in UTC; raises DeadlineRefused when it is naive or out of bounds."""
    if at.tzinfo is None:
        raise DeadlineRefused("时间缺少时区，无法计算时限。")
    near = FIRST_YEAR - 1 <= at.year <= LAST_YEAR + 1  # beyond it the change of zone may overflow
    if not near or not FIRST_YEAR <= at.astimezone(SHANGHAI).year <= LAST_YEAR:
        raise DeadlineRefused(f"只计算 {FIRST_YEAR} 年至 {LAST_YEAR} 年的时限。")
    return at.astimezone(UTC)


def working_time(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time between two instants; zero when ``end`` is not after ``start``."""
    start, end = checked(start), checked(end)
    total, day, last = timedelta(), local_date(start), local_date(end)
    while day <= last:
        for span in calendar.spans(day):
            total += max(min(span.end, end) - max(span.start, start), timedelta())
        day += timedelta(days=1)
    return total


def working_minutes(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Whole minutes of working time between two instants, rounded down."""
    return working_time(start, end, calendar) // timedelta(minutes=1)


def after(start: datetime, working: timedelta, calendar: WorkCalendar) -> datetime:
    """The first instant by which ``working`` time has passed since ``start``.

    Ends at a close of business rather than at the next opening. What a suspended limit had left
    resumes with it: ``after(resumed_at, working_time(suspended_at, due_at), calendar)``.
    """
    start = checked(start)
    if working <= timedelta():
        return start
    day = local_date(start)
    while True:
        for span in calendar.spans(day):
            begin = max(span.start, start)
            room = span.end - begin
            if room > timedelta() and working <= room:
                return begin + working
            working -= max(room, timedelta())
        day = calendar.workday_after(day)


def before(end: datetime, working: timedelta, calendar: WorkCalendar) -> datetime:
    """The last instant from which ``working`` time passes up to ``end``; :func:`after` backwards.

    What arrived by then, and nothing else, has waited so long: lists are narrowed with it.
    """
    end = checked(end)
    if working <= timedelta():
        return end
    day = local_date(end)
    while True:
        for span in reversed(calendar.spans(day)):
            finish = min(span.end, end)
            room = finish - span.start
            if room > timedelta() and working <= room:
                return finish - working
            working -= max(room, timedelta())
        day = calendar.workday_before(day)


def working_days_before(end: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The same for so many working days of the usual length at that time of the year."""
    minutes = days * calendar.minutes_per_day(local_date(end))
    return before(end, timedelta(minutes=minutes), calendar)


Computed = tuple[datetime, str, str]
"""Due instant, sentence, rule ID."""


def _working_days(arrived: datetime, rule: Rule, calendar: WorkCalendar) -> Computed:
    first = local_date(arrived)
    if rule.amount == 0:
        return _same_day(arrived, rule, calendar)
    last = calendar.workday_after(first, rule.amount)
    due_at = calendar.close(last)
    begin = ""
    if rule.amount > 1:
        begin = f"自{wording.dated(calendar.workday_after(first), first)}起算，"
    sentence = (
        f"{wording.moment(arrived)} 到达，当日不计；{begin}{wording.dated(last, first)}"
        f"为第 {rule.amount} 个工作日，于 {wording.clock_time(due_at)} 下班时到期。"
    )
    return due_at, sentence, rule.id


def _same_day(arrived: datetime, rule: Rule, calendar: WorkCalendar) -> Computed:
    """Close of business of the day of arrival; of the next working day once that has passed."""
    day = local_date(arrived)
    if not calendar.is_workday(day) or arrived >= calendar.close(day):
        day = calendar.workday_after(day)
    due_at = calendar.close(day)
    sentence = (
        f"{wording.moment(arrived)} 到达，限当个工作日办结，"
        f"于{wording.point(due_at, arrived)} 下班时到期。"
    )
    return due_at, sentence, rule.id


def _elapsed(arrived: datetime, rule: Rule, calendar: WorkCalendar) -> Computed:
    start = _opening(arrived, calendar)
    last = calendar.workday_after(local_date(start), rule.amount)
    clock = start.astimezone(SHANGHAI).time()
    due_at = datetime.combine(last, clock, SHANGHAI).astimezone(UTC)
    waited = "" if start == arrived else f"不在工作时间，自{wording.point(start, arrived)} 起算，"
    sentence = (
        f"{wording.moment(arrived)} 到达，{waited}满 {rule.amount} 个工作日，"
        f"于{wording.point(due_at, arrived)} 到期。"
    )
    return due_at, sentence, rule.id


def _opening(at: datetime, calendar: WorkCalendar) -> datetime:
    """``at`` in working time, else the next opening."""
    if calendar.is_open(at):
        return at
    day = local_date(at)
    later = [span.start for span in calendar.spans(day) if span.start > at]
    return later[0] if later else calendar.spans(calendar.workday_after(day))[0].start


def _urgent(arrived: datetime, rule: Rule, calendar: WorkCalendar) -> Computed:
    """Neither limit is cut at closing time, neither waits for an opening."""
    in_hours = calendar.is_open(arrived)
    minutes, rule_id = (rule.amount, "DDL-02") if in_hours else (rule.offhours, "DDL-03")
    due_at = arrived + timedelta(minutes=minutes)
    where = "工作时间内" if in_hours else "工作时间以外"
    sentence = (
        f"急件，{wording.moment(arrived)} 在{where}到达，应在 {wording.amount(minutes)}内办理，"
        f"于{wording.point(due_at, arrived)} 到期。"
    )
    return due_at, sentence, rule_id


def _working_time(arrived: datetime, rule: Rule, calendar: WorkCalendar) -> Computed:
    due_at = after(arrived, timedelta(minutes=rule.amount), calendar)
    return due_at, _timed(arrived, due_at, rule, "工作时间"), rule.id


def _clock_time(arrived: datetime, rule: Rule, _calendar: WorkCalendar) -> Computed:
    due_at = arrived + timedelta(minutes=rule.amount)
    return due_at, _timed(arrived, due_at, rule, "钟点"), rule.id


def _timed(arrived: datetime, due_at: datetime, rule: Rule, clock: str) -> str:
    return (
        f"{wording.moment(arrived)} 到达，按{clock}计 {wording.amount(rule.amount)}，"
        f"于{wording.point(due_at, arrived)} 到期。"
    )


_COUNTS: dict[Count, Callable[[datetime, Rule, WorkCalendar], Computed]] = {
    Count.WORKING_DAYS: _working_days,
    Count.ELAPSED: _elapsed,
    Count.URGENT: _urgent,
    Count.WORKING_TIME: _working_time,
    Count.CLOCK_TIME: _clock_time,
}
