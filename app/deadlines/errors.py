"""What the room of time limits refuses."""

from app.errors import Conflict, DomainError, Invalid, NotAllowed


class DeadlinesError(DomainError):
    """Base of this room's refusals."""


class DeadlineRefused(DeadlinesError, Invalid):
    """A limit that cannot be computed: amount or time out of bounds, no working day in reach."""

    code = "deadline_refused"


class LimitUnreadable(DeadlinesError, Invalid):
    """The ``limit`` drawn on a step is no duration that the calendar can count."""

    code = "limit_unreadable"


class LampsRefused(DeadlinesError, Invalid):
    """A table of lamps in which two states look or read alike."""

    code = "lamps_refused"


class CalendarRefused(DeadlinesError, Invalid):
    """A day, a year or working hours that contradict themselves."""

    code = "calendar_refused"


class SecondPersonNeeded(DeadlinesError, NotAllowed):
    """The notice of a year takes effect when somebody else than the one who entered it agrees."""

    code = "second_person_needed"


class NoticeChanged(DeadlinesError, Conflict):
    """The notice that waits is another one than the person who confirms has read."""

    code = "notice_changed"

    def __init__(self, year: int) -> None:
        super().__init__(
            f"{year} 年的放假安排在您查看之后改过，没有生效。请核对现在的安排，再确认。"
        )


class NotAnIncident(DeadlinesError, Conflict):
    """The due row is no incident (any more): it was retried, dismissed or never one."""

    code = "not_an_incident"


class NothingToConfirm(DeadlinesError, Conflict):
    """No host complains of its clock (any more)."""

    code = "nothing_to_confirm"


class PolicyRefused(DeadlinesError, Invalid):
    """A choice of a unit about its limits that cannot be."""

    code = "policy_refused"
