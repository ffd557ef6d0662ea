"""Saving the text: only while it is one's turn, and nobody acts on what he has not seen."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.documents.models import Document
from app.errors import DomainError
from app.handling.acts import editing
from app.handling.acts.completing import Completion, complete
from app.handling.acts.editing import Save
from app.handling.errors import StaleRevision, StepAlreadyDone
from app.handling.models import Task, TaskCandidate
from tests.world import World


@pytest.mark.postgres
def test_a_save_that_waited_while_the_stay_ended_is_not_saved(postgres_app: Flask) -> None:
    """The text changed after it had been sent on, at a stay that was over."""
    refusals: list[DomainError] = []
    with postgres_app.app_context():
        world = World(db.session())
        done = world.draft()
        task, document_id = done.opened[0], done.case.document_id
        form = Completion("submit", task.revision)
        drafter = world.actor("drafter")
        saving, waits = db.session(), threading.Event()

        def save() -> None:
            with postgres_app.app_context():
                sa.event.listen(db.engine, "before_cursor_execute", _tells(waits))
                try:
                    editing.save(db.session(), drafter, document_id, Save({"title": "改后"}))
                    db.session.commit()
                except DomainError as error:
                    refusals.append(error)
                finally:
                    db.session.remove()

        complete(saving, drafter, task.id, form)
        saving.flush()
        late = threading.Thread(target=save)
        late.start()
        assert waits.wait(5)
        saving.commit()
        late.join(10)
        assert [type(each) for each in refusals] == [StepAlreadyDone]
        assert saving.get_one(Document, document_id, populate_existing=True).version == 1
        db.session.remove()


def _tells(event: threading.Event) -> object:
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FOR NO KEY UPDATE" in statement:
            event.set()

    return note


def give(world: World, task: Task, login: str) -> None:
    """Let one more person act at a stay."""
    person_id = world.actor(login).person_id
    world.session.add(
        TaskCandidate(task_id=task.id, person_id=person_id, reason="测试", authority="测试")
    )
    world.session.commit()


def test_what_the_other_head_changed_has_to_be_seen_before_it_is_approved(world: World) -> None:
    """Two heads at one stay: the form of the one shows the text before the other's change."""
    done = world.draft()
    task = world.run(done, until="dept_review")
    assert task is not None
    give(world, task, "dept.deputy")
    drawn = task.revision
    saved = world._act(
        editing.save, world.actor("dept.deputy"), done.case.document_id, Save({"title": "改后"})
    )
    assert saved.changed
    for login in ("dept.head", "dept.deputy"):
        with pytest.raises(StaleRevision):
            world.complete(task, login, "approve", revision=drawn)
    world.complete(task, "dept.head", "approve")


def test_a_save_that_changes_nothing_leaves_every_form_good(world: World) -> None:
    done = world.draft()
    title = world.document(done.case).title
    saved = world._act(
        editing.save, world.actor("drafter"), done.case.document_id, Save({"title": title})
    )
    assert not saved.changed
    world.complete(done.opened[0], "drafter", "submit", revision=1)


def test_of_several_stays_the_one_open_for_editing_is_taken(world: World) -> None:
    """The first one found was taken, and the text could not be saved at the second."""
    done = world.draft()
    first, drafter = done.opened[0], world.actor("drafter")
    second = Task(
        case_id=done.case.id, token="second", step="draft", step_name="拟稿", arrived_at=world.at
    )
    first.step = "seal"
    world.session.add(second)
    world.session.flush()
    give(world, second, "drafter")
    act = editing.hold_editable(world.session, drafter, done.case.document_id)
    assert act.stay.id == second.id
