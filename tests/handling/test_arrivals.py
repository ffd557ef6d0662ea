"""新到公文: SMS for who travels, and a reminder for who has not been there yet."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy.orm import sessionmaker

from app import clock, messages
from app.errors import Invalid
from app.handling.acts.going_away import go_away
from app.handling.arrivals import tell_arrivals
from app.messages import Channels
from app.messages.channels import Local
from app.messages.models import Contact, Outbox
from tests.handling.checking import choose, come, moment
from tests.messages.conftest import reach
from tests.world import NOTICE, World


@pytest.fixture
def office(world: World) -> Iterator[World]:
    """Mail and SMS are open; the head of the section can be reached by telephone only if asked."""
    messages.use(Channels({"mail": Local(), "sms": Local()}, "http://oa.example.cn"))
    contact = Contact(
        person_id=world.actor("dept.head").person_id,
        email=None,
        phone="13900000000",
        by_mail=False,
        by_sms=False,
        changed_at=world.at,
    )
    world.session.add(contact)
    world.session.commit()
    yield world
    messages.use(Channels())


def travel(world: World, login: str, until: str, since: datetime | None = None) -> None:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        go_away(
            world.session,
            world.actor(login),
            world.at,
            since=since or world.at,
            until=moment(until),
            words="出差",
            travelling=True,
        )
        world.session.commit()


def told(world: World) -> list[tuple[str, str, str]]:
    world.session.rollback()
    with clock.moved_to(world.at):
        tell_arrivals(sessionmaker(world.session.get_bind()))
        tell_arrivals(sessionmaker(world.session.get_bind()))
    found = world.session.query(Outbox).populate_existing().order_by(Outbox.id)
    return [(each.kind, each.channel, each.subject) for each in found]


SMS = ("arrived", "sms", f"【新到公文】{NOTICE['title']}")


def test_who_travels_gets_one_sms_for_each_new_task(office: World) -> None:
    """DDL-16: sent and logged, though he wants no SMS for anything else."""
    office.run(office.draft(), until="dept_review")
    assert told(office) == []  # it came before he left
    travel(office, "dept.head", "25 00:00")
    office.run(office.draft(), until="dept_review")
    assert told(office) == [SMS]
    office.run(office.draft(), until="dept_review")
    assert told(office) == [SMS, SMS]
    assert "堤防巡查通知如下" not in office.session.query(Outbox).first().body


def test_who_is_back_or_has_not_left_gets_none(office: World) -> None:
    travel(office, "dept.head", "26 00:00", since=moment("25 00:00"))
    office.run(office.draft(), until="dept_review")
    assert told(office) == []
    office.at = moment("26 09:00")
    office.run(office.draft(), until="dept_review")
    assert told(office) == []


def test_nobody_is_told_of_what_he_has_sent_himself(office: World) -> None:
    travel(office, "dept.head", "25 00:00")
    office.draft("dept.head")
    assert told(office) == []


def test_travelling_asks_for_a_telephone(office: World) -> None:
    with pytest.raises(Invalid) as refused:
        travel(office, "leader", "25 00:00")
    assert [each.field for each in refused.value.errors] == ["travelling"]
    assert "手机号码" in refused.value.message


def test_who_has_not_been_there_is_told_at_once_where_the_unit_wants_it(office: World) -> None:
    """DDL-13: in the present working period, by the ways that he wants."""
    reach(office.session, "office.head")
    paper = office.draft()
    office.run(paper, until="office_check")
    assert told(office) == []
    choose(office, offline="remind")
    (mail,) = told(office)
    assert mail[:2] == ("arrived", "mail")


def test_who_is_there_needs_no_telling_until_the_next_period(office: World) -> None:
    reach(office.session, "office.head")
    choose(office, offline="remind")
    come(office, "office.head")
    office.run(office.draft(), until="office_check")
    assert told(office) == []
    office.at = moment("23 14:05")
    assert told(office) == []  # it came in the morning, when he was there
    office.run(office.draft(), until="office_check")
    assert len(told(office)) == 1


def test_at_night_nobody_is_expected_to_be_there(office: World) -> None:
    reach(office.session, "office.head")
    choose(office, offline="remind")
    office.at = moment("23 19:00")
    office.run(office.draft(), until="office_check")
    assert told(office) == []


def test_who_may_not_be_written_to_does_not_stand_in_the_way(
    office: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two people with something new, the first has an address outside the office."""
    messages.use(Channels({"mail": Local()}, "http://oa.example.cn", domains=("oa.example.cn",)))
    monkeypatch.setattr("app.handling.arrivals.AT_ONCE", 1)
    choose(office, offline="remind")
    outside, inside = (reach(office.session, login) for login in ("office.head", "dept.head"))
    office.session.get_one(Contact, outside).email = "head@elsewhere.example"
    office.session.get_one(Contact, inside).email = "head@OA.example.cn"
    office.session.commit()
    office.run(office.draft(), until="office_check")
    office.run(office.draft(), until="dept_review")
    told(office)
    assert [each.person_id for each in office.session.query(Outbox)] == [inside]
