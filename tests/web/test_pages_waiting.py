"""What the script of an open page asks: the numbers beside the boxes, and whether they changed."""

from datetime import timedelta

from flask.testing import FlaskClient

from app.web.current import PASSIVE
from tests.web.conftest import At
from tests.web.desk import Desk, Page
from tests.world import World


def asked(desk: Desk, tag: str = "") -> Page:
    headers = {"If-None-Match": tag} if tag else {}
    return desk._ask(lambda: desk.client.get("/waiting", headers=headers))


def test_the_numbers_are_those_of_the_page(at: At, world: World) -> None:
    head = at("dept.head")
    assert asked(head).answer.json == {"todo": 0, "read": 0, "drafts": 0, "alarms": 0}
    world.run(world.draft(), until="dept_review")
    world.session.rollback()
    answer = asked(head).answer
    assert answer.json == {"todo": 1, "read": 0, "drafts": 0, "alarms": 0}
    shown = head.get("/").root.cssselect("nav.queues a[data-count=todo] b")
    assert shown[0].text == "1"


def test_nothing_is_sent_while_nothing_has_changed(at: At, world: World) -> None:
    head = at("dept.head")
    tag = asked(head).answer.headers["ETag"]
    again = asked(head, tag).answer
    assert (again.status_code, again.data) == (304, b"")
    world.run(world.draft(), until="dept_review")
    world.session.rollback()
    changed = asked(head, tag).answer
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    assert changed.headers["Cache-Control"] == "no-store"


def test_what_is_urgent_is_counted_until_it_is_opened(at: At, world: World) -> None:
    task = world.run(world.draft(urgency="urgent"), until="dept_review")
    assert task is not None
    number = task.id
    world.later(minutes=1)
    world.sweep()
    world.session.rollback()
    head = at("dept.head")
    assert asked(head).answer.json["alarms"] == 1
    assert at("drafter").get("/waiting").answer.json["alarms"] == 0
    head.get(f"/tasks/{number}")
    assert asked(head).answer.json["alarms"] == 0


def test_asking_keeps_no_session_alive(at: At) -> None:
    """A page left open is nobody at work (G4): after 30 idle minutes one signs in again."""
    assert {"desk.waiting", "desk.renew_lock"} == PASSIVE
    head = at("dept.head")
    for _ in range(6):
        head.at += timedelta(minutes=6)
        last = asked(head)
    assert (last.status, last.leads_to.split("?")[0]) == (303, "/sign-in")


def test_working_keeps_it_alive(at: At) -> None:
    head = at("dept.head")
    for _ in range(6):
        head.at += timedelta(minutes=6)
        assert head.get("/").status == 200


def test_a_stranger_learns_nothing(client: FlaskClient) -> None:
    assert client.get("/waiting").status_code == 303
