"""Every state of an eventful case, rebuilt from the record; what a broken rebuild would miss."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.audit import Entry, case_entries
from app.documents.attachments import Upload
from app.handling import noting
from app.handling.act import look_at_task
from app.handling.acts import copies, editing, opening
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.recalling import recall
from app.handling.models import Case
from app.handling.replaying.rebuilding import rebuild
from tests.handling.administering import decide, propose
from tests.handling.live import Standing, by_the_record, by_the_tables, last_entry, standing
from tests.world import World


class Told:
    """A case with something of everything, and how it stood after each act."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.done = world.draft()
        self.case = self.done.case
        self.seen: dict[int, Standing] = {}
        self.look()

    def look(self) -> None:
        session = self.world.session
        self.seen[last_entry(session, self.case.id)] = by_the_tables(session, self.case.id)

    def act(self, operation: Callable[..., Any], login: str, *values: Any) -> Any:
        self.world.later(minutes=1)
        with clock.moved_to(self.world.at):
            result = operation(self.world.session, self.world.actor(login), *values)
            self.world.session.commit()
        self.look()
        return result

    def play(self) -> None:
        world = self.world
        (draft,) = world.open(self.case)
        upload = Upload("巡查表.pdf", "application/pdf", 10, "a" * 64)
        self.act(_attach, "drafter", self.done, [upload])
        self.act(_attach, "drafter", self.done, [replace(upload, name="附图.pdf", sha256="b" * 64)])
        self.act(opening.open_task, "drafter", draft.id)
        self.write("drafter", "现通知如下。\n一、按周巡查。")
        self.write("drafter", removes=1)
        world.complete(draft, "drafter")
        self.look()
        (review,) = world.open(self.case)
        asked = world.hand_over(review, "dept.head", "dept.deputy", "consult")
        self.look()
        world.complete(asked, "dept.deputy", "answer")
        self.look()
        (review,) = world.open(self.case)
        world.send_back(review, "dept.head", "draft")
        self.look()
        (draft,) = world.open(self.case)
        world.complete(draft, "drafter")
        world.withdraw(draft, "drafter")
        self.look()
        self.beside()
        world.run(self.done, "leader_sign")
        self.look()
        self.measures()
        world.run(self.done)
        self.look()

    def write(self, login: str, body: str = "", removes: int | None = None) -> None:
        """The text is changed, or a file taken off: either is a version."""
        version = self.world.document(self.case).version
        given = editing.Save({"body": body} if body else {}, version, removes=removes)
        self.act(editing.save, login, self.case.document_id, given)

    def beside(self) -> None:
        """Delegation and copies."""
        world, document = self.world, self.case.document_id
        world.delegate("dept.head", "dept.deputy", with_inbox=True)
        (draft,) = world.open(self.case)
        world.complete(draft, "drafter")
        self.look()
        form = Circulate(readers=["leader2", "leader3"])
        given = self.act(circulate, "drafter", document, form)
        self.act(_read, "leader2", self.case.id)
        self.act(recall, "drafter", document, given[1].id)

    def measures(self) -> None:
        world = self.world
        for kind in ("suspend", "resume"):
            decide(world, propose(world, self.case, kind))
            self.look()
        (task,) = world.open(self.case)
        decide(world, propose(world, self.case, "reassign", task, "leader2"))
        self.look()


def _attach(session: Any, actor: Any, done: Any, uploads: Sequence[Upload]) -> None:
    editing.attach_all(session, actor, done, uploads)


def _read(session: Any, actor: Any, case_id: int) -> None:
    copies.note_read(session, actor, case_id, clock.now(session))


@pytest.fixture
def told(world: World) -> Told:
    story = Told(world)
    story.play()
    return story


def entries_of(told: Told) -> list[Entry]:
    return case_entries(told.world.session, told.case.id, told.case.document_id)


def differs(told: Told, entries: Sequence[Entry]) -> bool:
    """Whether what these entries tell differs from what stood at any of the moments."""
    return any(standing(rebuild(entries, seq)) != stood for seq, stood in sorted(told.seen.items()))


def test_every_moment_is_rebuilt_as_it_was(told: Told) -> None:
    assert len(told.seen) > 15
    for seq, stood in told.seen.items():
        assert by_the_record(told.world.session, told.case.id, seq) == stood, seq


def test_a_record_that_lacks_anything_is_not_enough(told: Told) -> None:
    """Each kind of note and each act with an effect of its own is needed."""
    entries = entries_of(told)
    assert not differs(told, entries)
    kinds = (noting.STAYS, noting.PEOPLE, noting.AGENTS, noting.COPIES, noting.CASE)
    for kind in (*kinds, noting.DOCUMENT, noting.VARIABLES):
        assert differs(told, [_without(each, kind) for each in entries]), kind
    acts = (
        "document.attached",
        "document.detached",
        "circulation.read",
        "task.opened",
        "task.consulted",
    )
    for action in (*acts, "task.returned", "case.started", "task.withdrawn"):
        assert any(each.action == action for each in entries), action
        assert differs(told, [each for each in entries if each.action != action]), action


def _without(entry: Entry, kind: str) -> Entry:
    after = {name: said for name, said in entry.detail.get("after", {}).items() if name != kind}
    return replace(entry, detail={**entry.detail, "after": after})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE task SET due_at = '2026-12-31 00:00:00.000000' WHERE id = {task}",
        "UPDATE task SET step = 'draft' WHERE id = {task}",
        "UPDATE task_candidate SET authority = '局长' WHERE task_id = {task}",
        "DELETE FROM task_candidate WHERE task_id = {task}",
        "UPDATE handling_case SET state = 'closed' WHERE id = {case}",
        "UPDATE document SET number = '江水〔2026〕99号' WHERE id = {document}",
        "UPDATE document SET content_sha256 = 'x' WHERE id = {document}",
        "DELETE FROM attachment WHERE document_id = {document}",
    ],
)
def test_a_table_changed_past_the_acts_is_found(world: World, change: str) -> None:
    done = world.draft()
    editing.attach_all(
        world.session,
        world.actor("drafter"),
        done,
        [Upload("巡查表.pdf", "application/pdf", 10, "a" * 64)],
    )
    world.session.commit()
    task = world.run(done, "office_check")
    assert task is not None
    session, case = world.session, done.case
    assert by_the_record(session, case.id) == by_the_tables(session, case.id)
    ids = {"task": task.id, "case": case.id, "document": case.document_id}
    session.execute(sa.text(change.format(**ids)))
    session.commit()
    assert by_the_record(session, case.id) != by_the_tables(session, case.id)


def test_older_entries_tell_what_was_open_and_no_more(world: World) -> None:
    done = world.draft()
    task = world.run(done, "dept_review")
    assert task is not None
    entries = [_old(each) for each in case_entries(world.session, done.case.id)]
    moment = rebuild(entries)
    assert (moment.told_from, moment.open, moment.state) == (None, {task.id}, "running")
    assert moment.stays[task.id].step == "dept_review"
    assert (moment.stays[task.id].holders, moment.stays[task.id].told) == ((), False)
    assert moment.opinion_stays == moment.stays.keys() - {task.id}


def _old(entry: Entry) -> Entry:
    detail = {name: said for name, said in entry.detail.items() if name != "after"}
    return replace(entry, detail=detail)


def test_what_is_undone_leaves_no_note(world: World) -> None:
    done = world.draft()
    session, case_id = world.session, done.case.id
    before = by_the_record(session, case_id)
    session.get_one(Case, case_id).state = "suspended"
    session.flush()
    session.rollback()
    look = look_at_task(session, world.actor("drafter"), done.opened[0].id)
    assert look.case.state == "running"
    world.later(minutes=5)
    with clock.moved_to(world.at):
        opening.open_task(session, world.actor("drafter"), done.opened[0].id)
        session.commit()
    after = by_the_record(session, case_id)
    assert after["case"] == before["case"]
    assert after == by_the_tables(session, case_id)
