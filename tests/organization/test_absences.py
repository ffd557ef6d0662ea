"""个人去向: entered by oneself, ended by oneself, read by whoever sends something (ORG-28)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import Invalid, NotFound
from app.organization import Actor, absences
from app.organization.errors import AlreadyThere
from tests.organization.conftest import AT

DAY = timedelta(days=1)


def test_an_absence_is_seen_while_it_lasts(
    session: Session, acting: Callable[[str], Actor]
) -> None:
    leader = acting("leader")
    absence = absences.set_absence(
        session, leader, AT, since=AT - DAY, until=AT + 4 * DAY, words="赴省厅开会"
    )
    assert absence.since == AT
    (found,) = absences.away(session, ["leader", "leader2"], AT, AT + DAY)
    assert (found.login, found.words) == ("leader", "赴省厅开会")
    assert absences.away(session, ["leader"], AT + 4 * DAY, AT + 5 * DAY) == []
    assert absences.away(session, [], AT, AT + DAY) == []
    with pytest.raises(NotFound):
        absences.end_absence(session, acting("leader2"), AT + DAY, absence.id)
    absences.end_absence(session, leader, AT + DAY, absence.id)
    assert absences.own(session, leader.person_id, AT) == []


def test_what_cannot_be_is_refused(session: Session, acting: Callable[[str], Actor]) -> None:
    leader = acting("leader")
    for since, until, words in (
        (AT, AT, "外出"),
        (AT - 2 * DAY, AT - DAY, "外出"),
        (AT + 2 * DAY, AT + DAY, "外出"),
        (AT, AT + 367 * DAY, "外出"),
        (AT, AT + DAY, "  "),
    ):
        with pytest.raises(Invalid):
            absences.set_absence(session, leader, AT, since=since, until=until, words=words)
    absences.set_absence(session, leader, AT, since=AT, until=AT + DAY, words="外出")
    with pytest.raises(AlreadyThere):
        absences.set_absence(session, leader, AT, since=AT, until=AT + 2 * DAY, words="外出")
