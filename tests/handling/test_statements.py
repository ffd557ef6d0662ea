"""How many statements one completion takes. A count, no time: times differ between machines.

The operation and its flush; sign-in, the request key and the link of the audit chain come on top.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.database import db
from app.documents import review
from app.handling.acts.completing import Completion, complete
from app.handling.demo.pages import take_for_fit
from app.handling.models import Task
from tests.world import World

MOST = 12
NUMBERING = 2
"""More, where a number is drawn: its book and its line in the ledger."""
NAMING = 4
"""More, where a proof-reader is named: the people of three roles, and his name."""
ENTERING = 5
"""More, where the number of a paper is entered: files, series, book and line are read, two written.
"""
OUTGOING = [
    ("drafter", "draft"),
    ("dept.head", "dept_review"),
    ("office.head", "office_check"),
    ("leader", "leader_sign"),
    ("printing", "register_number"),
    ("seal.keeper", "seal"),
    ("secretary", "final_check_dispatch"),
]
INCOMING: list[tuple[str, str, dict[str, Any]]] = [
    ("secretary", "register", {}),
    ("office.head", "propose", {}),
    ("secretary", "distribute", {"next": ["leader", "leader2"]}),
    ("leader", "leader_read", {}),
    ("leader2", "leader_read", {}),
    ("secretary", "collect", {"outcome": "to_handle", "next": ["dept.head"]}),
    ("dept.head", "handle", {}),
    ("secretary", "close", {}),
]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What goes to the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        if not text.startswith("BEGIN"):
            seen.append(" ".join(text.split())[:120])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)


def counted(world: World, task: Task, login: str, **given: Any) -> list[str]:
    """Complete a stay as a request does, with nothing of it in the session yet."""
    actor, task_id, revision = world.actor(login), task.id, task.revision
    world.later(minutes=1)
    take_for_fit(world.session, actor, task_id)
    world.session.commit()
    world.session.rollback()
    world.session.expunge_all()
    form = Completion(given.pop("outcome", None), revision, "同意。", **given)
    with clock.moved_to(world.at), statements() as seen:
        complete(world.session, actor, task_id, form)
        world.session.flush()
    world.session.commit()
    return seen


def open_task(session: Session) -> Task:
    return session.scalars(sa.select(Task).where(Task.state == "open")).one()


def test_a_completion_takes_few_statements(world: World) -> None:
    """Not of the first number of a unit or a year, which opens the series and its book."""
    world.run(world.draft())
    world.draft()
    for login, step in OUTGOING:
        task = open_task(world.session)
        assert task.step == step
        seen = counted(world, task, login)
        most = MOST + (NUMBERING if step == "register_number" else 0)
        assert len(seen) <= most, (step, len(seen), *seen)


def test_a_document_that_says_all_of_itself_takes_as_few(world: World) -> None:
    """With a proposed series and a checklist; who may be named as proof-reader is looked up."""
    world.run(world.draft())
    world.draft(series="江水", keywords=["堤防"], nature="normative")
    given: dict[str, dict[str, Any]] = {
        "office_check": {"checked": [each.text for each in review.SHIPPED]},
        "register_number": {"fields": {"copies": 30, "proofreader": "secretary"}},
    }
    for login, step in OUTGOING:
        seen = counted(world, open_task(world.session), login, **given.get(step, {}))
        most = MOST + (NUMBERING + NAMING if step == "register_number" else 0)
        assert len(seen) <= most, (step, len(seen), *seen)


def test_completions_of_incoming_documents_take_few_statements(world: World) -> None:
    world.register()
    for login, step, given in INCOMING:
        task = open_task(world.session)
        assert task.step == step
        seen = counted(world, task, login, **given)
        named = (
            2 if given.get("next") else 0
        )  # the people named are looked up, and their department
        assert len(seen) <= MOST + named, (step, len(seen), *seen)


def test_a_long_history_adds_no_statement(world: World) -> None:
    done = world.draft()
    first: list[str] = []
    for lap in range(6):
        seen = counted(world, open_task(world.session), "drafter")
        first = first or seen
        if lap:
            assert sorted(seen) == sorted(first)
        task = open_task(world.session)
        world.send_back(task, "dept.head", "draft")
    assert done.opened


@pytest.mark.postgres
def test_postgresql_is_asked_the_time_besides(postgres_app: Flask) -> None:
    """As many as on SQLite, and the clock of the database."""
    with postgres_app.app_context():
        world = World(db.session())
        world.draft()
        for login, step in OUTGOING[:4]:
            task = open_task(world.session)
            seen = counted(world, task, login)
            assert len(seen) <= MOST, (step, len(seen), *seen)
        db.session.remove()


def test_sending_a_scan_takes_few_statements(world: World) -> None:
    """Its number is entered in a book that is there; the check before it has been done."""
    world.scan()
    world.complete(open_task(world.session), "dispatcher")
    world.complete(open_task(world.session), "secretary")
    world.scan(paper_number="江水〔2026〕2号")
    for login in ("dispatcher", "secretary"):
        seen = counted(world, open_task(world.session), login)
        most = MOST + (ENTERING if login == "secretary" else 0)
        assert len(seen) <= most, (login, len(seen), *seen)
