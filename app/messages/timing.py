"""When a message goes out: at once, or as a part of the next digest."""

from datetime import datetime, timedelta

from app.deadlines import WorkCalendar
from app.deadlines.workdays import local_date

LATE = timedelta(hours=2)
"""What is told so long after its time, as after a standstill, is told in a digest."""
DIGEST_AFTER = timedelta(minutes=5)
"""Between the opening of the office and the digest: what falls due at the opening is in it."""


def goes_at_once(
    calendar: WorkCalendar, now: datetime, since: datetime, *, urgent: bool, again: bool = False
) -> bool:
    """Whether something that holds from ``since`` on is worth a message of its own at ``now``.

    urgent  of a document that is: at any hour; anything else in working hours only
    again   the repeated alarm of DDL-02: it says how things are now, however late
    """
    if again:
        return True
    if now - since > LATE:
        return False
    return urgent or digests_are_out(calendar, now)


def digests_are_out(calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the office works, and has for so long that the digest of the day is written."""
    if not calendar.is_open(now):
        return False
    return now >= calendar.spans(local_date(now))[0].start + DIGEST_AFTER
