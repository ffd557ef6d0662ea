"""登录查收: when somebody should have looked what has come in, and whether he has. Pure (CF-04).

A visit is kept as the minute in which it fell, and of each person only the last one. That is
enough as long as whoever notes the next visit first settles what was missed before it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from app.clock import SHANGHAI
from app.deadlines import hours, wording
from app.deadlines.arithmetic import after
from app.deadlines.policy import Checked, Checkin, Policy
from app.deadlines.workdays import WorkCalendar, local_date

GRACE = timedelta(minutes=1)
"""A visit in the very minute in which a window closes is in time (decision 13)."""
MINUTE = timedelta(minutes=1)
SEPARATE = timedelta(minutes=30)
"""Looks that are nearer to one another are one visit, where visits are counted (DDL-14)."""
NOON = time(12)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Window:
    """So many visits are wanted from ``opens`` to ``closes``, both whole minutes and included."""

    opens: datetime
    closes: datetime
    visits: int = 1


@dataclass(frozen=True)
class Spell:
    """A stretch of time, which may go on."""

    since: datetime
    until: datetime = FOREVER


@dataclass(frozen=True)
class Visited:
    """Minute of somebody's last visit, and how many there were on that day up to it.

    counted  the last one that was far enough from the one before to count anew
    """

    at: datetime
    counted: datetime
    visits: int


@dataclass(frozen=True)
class Known:
    """What is known of one person.

    settled  up to here it is on record what he missed
    since    from when a gap between visits is counted: the last visit, or the end of the last gap
    spells   when check-ins concern him; ``away``: when he need not come
    """

    settled: datetime
    visited: Visited | None
    since: datetime
    spells: Sequence[Spell]
    away: Sequence[Spell] = field(default=())


def minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def visit(last: Visited | None, at: datetime) -> Visited:
    """The next visit after what has been known; what was missed before it is settled first."""
    found = minute(at)
    if last is None or local_date(last.at) != local_date(found):
        return Visited(found, found, 1)
    if found - last.counted < SEPARATE:
        return replace(last, at=found)
    return Visited(found, found, last.visits + 1)


def windows(day: date, calendar: WorkCalendar) -> list[Window]:
    """The windows of a day, by when they close; none on a day off, none outside working time.

    With intervals there are none: there the time since the last visit counts.
    """
    if calendar.policy.checkin_mode not in _WINDOWS or not calendar.is_workday(day):
        return []
    found = _WINDOWS[calendar.policy.checkin_mode](day, calendar)
    worked = {each.closes: each for each in found if _working(each, calendar)}
    return [worked[closes] for closes in sorted(worked)]


def missed(known: Known, until: datetime, calendar: WorkCalendar) -> list[Window]:
    """What somebody has missed that closed after ``known.settled``, up to and with ``until``.

    The caller knows that he has made no visit after the last one that is known.
    """
    if calendar.policy.checkin_mode is Checkin.INTERVAL:
        return [each for each in _gaps(known, until, calendar) if each.closes > known.settled]
    closed = [
        each
        for day in _days(known.settled, until)
        for each in windows(day, calendar)
        if known.settled < each.closes <= until
    ]
    return [each for each in closed if _counts(each, known, calendar) and not _met(each, known)]


def next_gap(known: Known, after_: datetime, calendar: WorkCalendar) -> datetime | None:
    """When he will next have been away for too long, if he does not come; None: not foreseeable."""
    for each in _gaps(known, FOREVER, calendar):
        if each.closes > after_:
            return each.closes
    return None


def next_look(known: Sequence[Known], now: datetime, calendar: WorkCalendar) -> datetime | None:
    """The first instant after ``now`` at which something may be missed, or is to be reminded of.

    A gap of somebody who comes new cannot end before a whole interval has passed.
    """
    mode = calendar.policy.checkin_mode
    if mode is Checkin.OFF:
        return None
    if mode is Checkin.INTERVAL:
        latest = after(now, timedelta(minutes=calendar.policy.checkin_every), calendar)
        gaps = [next_gap(each, now - GRACE, calendar) for each in known]
        return min([latest, *(at for at in gaps if at is not None)]) + GRACE
    tomorrow = calendar.spans(calendar.workday_after(local_date(now)))[0].start
    return min(_instants(now, calendar), default=tomorrow)


def open_window(now: datetime, calendar: WorkCalendar) -> Window | None:
    """The window of a fixed time that has come and is not over (DDL-12)."""
    if calendar.policy.checkin_mode is not Checkin.TIMES:
        return None
    found = [
        each for each in windows(local_date(now), calendar) if each.opens <= now <= each.closes
    ]
    return found[-1] if found else None


def words(policy: Policy) -> str:
    """The rule in force in one sentence, with its ID; "" where nothing is asked."""
    who = {
        Checked.RECEIVERS: "收发员和办公室秘书",
        Checked.HOLDERS: "有待办的人员",
        Checked.EVERYBODY: "全体办文人员",
    }[policy.checkin_who]
    edge = wording.amount(policy.checkin_edge)
    how = {
        Checkin.OFF: "",
        Checkin.INTERVAL: f"每 {wording.amount(policy.checkin_every)}工作时间至少一次（DDL-04）",
        Checkin.HALVES: "每个工作日上午、下午各至少一次（DDL-07）",
        Checkin.EDGES: f"每个工作日上班后 {edge}内、下班前 {edge}内各一次（DDL-10）",
        Checkin.WINDOWS: f"每个工作日 {'、'.join(policy.checkin_windows)} 各一次（DDL-11）",
        Checkin.TIMES: f"每个工作日 {'、'.join(policy.checkin_times)}，{edge}内（DDL-12）",
        Checkin.DAILY: f"每个工作日至少 {policy.checkin_daily} 次（DDL-14）",
    }[policy.checkin_mode]
    return f"{who}登录查收，{how}" if how else ""


def _instants(now: datetime, calendar: WorkCalendar) -> Iterator[datetime]:
    """Of this day and the next working one: when windows have closed, and when fixed times come."""
    today = local_date(now)
    for day in (today, calendar.workday_after(today)):
        for each in windows(day, calendar):
            at = [each.closes + GRACE]
            if calendar.policy.checkin_mode is Checkin.TIMES:
                at.append(each.opens)
            yield from (instant for instant in at if instant > now)


def _gaps(known: Known, until: datetime, calendar: WorkCalendar) -> Iterator[Window]:
    """Stretches without a visit, one after the other."""
    every = timedelta(minutes=calendar.policy.checkin_every)
    since = known.since
    for spell in known.spells:
        since = max(since, minute(spell.since))
        while True:
            found = Window(since, after(since, every, calendar))
            if found.closes > min(until, spell.until):
                break
            excuse = _excuse(found, known.away, calendar)
            if excuse is None:
                yield found
            since = found.closes if excuse is None else max(minute(excuse.until), since + MINUTE)
            if since == FOREVER:
                return


def _counts(window: Window, known: Known, calendar: WorkCalendar) -> bool:
    """It concerned him for the whole of its working time, and he was not away meanwhile."""
    begins = _working(window, calendar)[0].since
    concerned = any(each.since <= begins and each.until > window.closes for each in known.spells)
    return concerned and _excuse(window, known.away, calendar) is None


def _met(window: Window, known: Known) -> bool:
    """A visit after it has settled it already."""
    visited = known.visited
    if visited is None or visited.at < window.opens:
        return False
    return visited.at > window.closes or visited.visits >= window.visits


def _excuse(window: Window, away: Sequence[Spell], calendar: WorkCalendar) -> Spell | None:
    """The absence that reaches into the working time of a window."""
    for worked in _working(window, calendar):
        for each in away:
            if max(each.since, worked.since) < min(each.until, worked.until):
                return each
    return None


def _working(window: Window, calendar: WorkCalendar) -> list[Spell]:
    """The working time in a window."""
    found = []
    for day in _days(window.opens, window.closes):
        for span in calendar.spans(day):
            since, until = max(span.start, window.opens), min(span.end, window.closes)
            if since < until:
                found.append(Spell(since, until))
    return found


def _days(first: datetime, last: datetime) -> Iterator[date]:
    day = local_date(first)
    while day <= local_date(last):
        yield day
        day += timedelta(days=1)


def _at(day: date, text: str | time) -> datetime:
    clock = time.fromisoformat(text) if isinstance(text, str) else text
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def _halves(day: date, calendar: WorkCalendar) -> list[Window]:
    """Whatever comes before noon is of the morning; each half ends with its working time."""
    noon, spans = _at(day, NOON), calendar.spans(day)
    morning = [min(span.end, noon) for span in spans if span.start < noon]
    afternoon = [span.end for span in spans if span.end > noon]
    found = [Window(_at(day, time()), max(morning))] if morning else []
    return [*found, Window(noon, max(afternoon))] if afternoon else found


def _edges(day: date, calendar: WorkCalendar) -> list[Window]:
    edge = timedelta(minutes=calendar.policy.checkin_edge)
    opens, closes = calendar.spans(day)[0].start, calendar.close(day)
    return [Window(opens, min(opens + edge, closes)), Window(max(closes - edge, opens), closes)]


def _fixed(day: date, calendar: WorkCalendar) -> list[Window]:
    read = hours.read(" ".join(calendar.policy.checkin_windows))
    return [Window(_at(day, since), _at(day, until)) for since, until in read]


def _times(day: date, calendar: WorkCalendar) -> list[Window]:
    edge = timedelta(minutes=calendar.policy.checkin_edge)
    times = [_at(day, each) for each in calendar.policy.checkin_times]
    return [Window(at, at + edge) for at in times if calendar.is_open(at)]


def _daily(day: date, calendar: WorkCalendar) -> list[Window]:
    return [Window(_at(day, time()), calendar.close(day), calendar.policy.checkin_daily)]


_WINDOWS: Mapping[Checkin, Callable[[date, WorkCalendar], list[Window]]] = {
    Checkin.HALVES: _halves,
    Checkin.EDGES: _edges,
    Checkin.WINDOWS: _fixed,
    Checkin.TIMES: _times,
    Checkin.DAILY: _daily,
}
