"""The digest (每日汇总): once per person and working day what is overdue, near its end or unread.

It also takes the place of what was not urgent and arose out of hours, or is told late: after a
standstill everybody gets one digest, however much fell due meanwhile.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines, messages, organization
from app.database import insert_once
from app.deadlines import queries as limits
from app.deadlines.workdays import local_date
from app.handling.receipts import sheet as receipts
from app.handling.stays.reminding import until
from app.handling.views import queries
from app.handling.views.rows import TaskRow
from app.messages.models import Contact, Digest, Outbox
from app.messages.timing import digests_are_out
from app.organization import Person, Unit

AT_ONCE = 20
"""People whose digests are written in one transaction."""
LAG = timedelta(minutes=1)
"""While something waits longer for the sweep, it is catching up: digests wait for its end."""
MOST_LINES = 20
Sessions = Callable[[], Session]


def write_digests(sessions: Sessions, stopping: Callable[[], bool] = lambda: False) -> int:
    """Write what is due to be written, a few people to a transaction; how many people that were."""
    total, looked = 0, AT_ONCE
    while looked == AT_ONCE and not stopping():
        with sessions() as session:
            looked = _some(session, clock.now(session))
            session.commit()
        total += looked
    return total


def _some(session: Session, now: datetime) -> int:
    at_work = [
        unit
        for unit in session.scalars(sa.select(Unit.id))
        if digests_are_out(deadlines.load(session, unit), now)
    ]
    if not at_work or limits.lags(session, now, LAG):
        return 0
    people = session.scalars(_without(local_date(now), at_work).limit(AT_ONCE)).all()
    for person_id in people:
        _write(session, person_id, local_date(now), now)
    return len(people)


def _without(day: date, units: Sequence[int]) -> sa.Select[int]:
    """People without a digest of the day, and those for whom something was held back since."""
    held = sa.exists().where(Outbox.person_id == Person.id, Outbox.state == "held")
    written = sa.exists().where(Digest.person_id == Person.id, Digest.day == day)
    reached = sa.exists().where(
        Contact.person_id == Person.id, sa.or_(Contact.by_mail, Contact.by_sms)
    )
    wanting = sa.or_(held, sa.and_(reached, ~written))
    query = sa.select(Person.id).where(Person.active, Person.unit_id.in_(units), wanting)
    return query.order_by(Person.id)


def _write(session: Session, person_id: int, day: date, now: datetime) -> None:
    """The row of :class:`Digest` decides between two schedulers; the other one goes on."""
    earlier = session.scalar(
        sa.select(sa.func.max(Digest.number)).filter_by(person_id=person_id, day=day)
    )
    number = (earlier or 0) + 1
    key = {"person_id": person_id, "day": day, "number": number}
    if not insert_once(session, Digest, {**key, "at": now}):
        return
    session.execute(
        sa.update(Outbox)
        .where(Outbox.person_id == person_id, Outbox.state == "held")
        .values(state="folded")
        .execution_options(synchronize_session=False)
    )
    found = _digest(session, person_id, f"digest:{day}:{number}")
    if found is not None:
        messages.queue(session, found, [person_id], now)


def _digest(session: Session, person_id: int, key: str) -> messages.Message | None:
    """None when nothing is overdue, near its end or unread."""
    actor = organization.actor(session, person_id)
    rows = queries.todo(session, actor)
    late = [row for row in rows if row.lamp.key == "red"]
    near = [row for row in rows if row.lamp.key == "amber"]
    unread = queries.counts(session, actor).read
    checks = receipts.to_do(session, actor)
    said = [("已超时", len(late)), ("临近到期", len(near)), ("待核查接收", len(checks))]
    said += [("待阅", unread)]
    heads = [f"{words} {count} 件" for words, count in said if count]
    if not heads:
        return None
    parts = [
        *_lines("已超时", [(row.title, _where(row)) for row in late]),
        *_lines("临近到期", [(row.title, _where(row)) for row in near]),
        *_lines("待核查接收", [(each.title, until(each.due_at)) for each in checks]),
    ]
    if unread:
        parts.append(f"待阅 {unread} 件。")
    if len(rows) > len(late) + len(near):
        parts.append(f"其余待办 {len(rows) - len(late) - len(near)} 件。")
    return messages.Message(key, "digest", f"【公文汇总】{'，'.join(heads)}", "\n".join(parts))


def _lines(words: str, rows: Sequence[tuple[str, str]]) -> list[str]:
    """rows: title and what is to be said of it"""
    if not rows:
        return []
    shown = [f"· {' '.join(title.split())}（{where}）" for title, where in rows[:MOST_LINES]]
    more = [f"· 另有 {len(rows) - MOST_LINES} 件"] if len(rows) > MOST_LINES else []
    return [f"{words} {len(rows)} 件：", *shown, *more, ""]


def _where(row: TaskRow) -> str:
    return f"{row.step_name}，{until(row.due_at)}" if row.due_at else row.step_name
