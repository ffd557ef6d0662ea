"""The record: what the history tells of each act, the versions, and whether the chain holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pytest_bdd import parsers, then
from sqlalchemy.exc import IntegrityError

from app.documents.models import IssuedNumber
from tests.features.story import API, Story
from tests.features.words import people

COLUMNS = {
    "环节": "step",
    "办理人": "actor",
    "动作": "action_label",
    "结论": "outcome_label",
    "意见": "opinion",
    "时间": "at",
    "身份": "authority",
}


@then(parsers.parse('依次办理了"{steps}"'))
def went_through(story: Story, steps: str) -> None:
    """Exactly these steps were completed, in this order."""
    completed = [line["step"] for line in story.history() if line["action"] == "task.completed"]
    assert completed == people(steps)


@then("流转记录依次有:")
def history_tells(story: Story, datatable: Sequence[Sequence[str]]) -> None:
    """Each row is a line of the history, in this order, perhaps with others between them."""
    head, *rows = datatable
    lines = iter(story.history())
    for row in rows:
        wanted = dict(zip(head, row, strict=True))
        assert any(_fits(line, wanted) for line in lines), (wanted, _short(story.history()))


@then(parsers.parse('"{who}"看到的流转记录有"{author}"在"{at}"的意见"{opinion}"'))
def reads_opinion(story: Story, who: str, author: str, at: str, opinion: str) -> None:
    lines = story.see(who, f"{API}/cases/{story.paper.case}/history")["items"]
    assert (at, author, opinion) in [
        (line["step"], line["actor"], line["opinion"]) for line in lines
    ]


@then(parsers.parse('流转记录里"{at}"标明本人审核'))
def self_review(story: Story, at: str) -> None:
    lines = [line for line in story.history() if line["action"] == "task.completed"]
    assert [line["step"] for line in lines if line["self_review"]] == [at]


@then(parsers.parse('流转记录里恰有{count:d}条"{label}"'))
def exactly(story: Story, count: int, label: str) -> None:
    lines = [line for line in story.history() if line["action_label"] == label]
    assert len(lines) == count
    assert all(line["actor"] and line["authority"] and line["at"] for line in lines)


@then(parsers.parse('跟踪可见"{at}"由"{who}"办理，自"{since}"等候'))
def tracked(story: Story, at: str, who: str, since: str) -> None:
    (task,) = story.case()["open_tasks"]
    assert (task["step"], task["assignee"]) == (at, who)
    assert task["arrived_at"] == datetime.fromisoformat(f"{since}:00+08:00").isoformat()
    assert task["lamp_text"]


@then(parsers.parse('跟踪可见已办环节"{steps}"'))
def steps_done(story: Story, steps: str) -> None:
    states = story.see(story.registry, f"{API}/cases/{story.paper.case}/diagram")["steps"]
    assert [each["step"] for each in states if each["state"] == "done"] == people(steps)
    assert all(each["people"] and each["at"] for each in states)


@then("版本依次是:")
def versions_are(story: Story, datatable: Sequence[Sequence[str]]) -> None:
    """Number, step, author and what was changed of every version."""
    _, *rows = datatable
    found = story.document()["versions"]
    assert len(found) == len(rows), found
    for version, (number, step, author, change) in zip(found, rows, strict=True):
        assert version["number"] == int(number)
        assert (version["step"], version["author"]) == (step, story.name(author))
        assert change in "".join(version["changes"])
        assert version["at"].startswith("2026-11-2")


@then(parsers.parse('"{who}"核验整条记录，结果完好'))
def record_holds(story: Story, who: str) -> None:
    found = story.see(who, f"{API}/audit/verification")
    assert found["ok"], found


@then(parsers.parse('附件"{name}"的类型是"{media_type}"'))
def attachment_is(story: Story, name: str, media_type: str) -> None:
    found = [each for each in story.document()["attachments"] if each["name"] == name]
    assert [each["media_type"] for each in found] == [media_type]


@then("没有附件")
def no_attachment(story: Story) -> None:
    assert story.document()["attachments"] == []


@then(parsers.parse("同一文号不能再给第{place:d}份公文"))
def number_is_refused_twice(story: Story, place: int) -> None:
    """Even past the application: the database keeps a number of a series and year unique."""
    story.before = story.kept()
    with story.session() as session:
        line = session.scalars(sa.select(IssuedNumber)).one()
        again = {
            column.name: getattr(line, column.name)
            for column in IssuedNumber.__table__.columns
            if column.name != "id"
        }
        try:
            session.execute(
                sa.insert(IssuedNumber).values(
                    {**again, "document_id": story.papers[place - 1].document}
                )
            )
        except IntegrityError:
            return
    raise AssertionError("the number was taken twice")


def _fits(line: dict[str, Any], wanted: dict[str, str]) -> bool:
    return all(str(line[COLUMNS[name]] or "").startswith(text) for name, text in wanted.items())


def _short(lines: list[Any]) -> list[list[str]]:
    return [[str(line[key]) for key in COLUMNS.values()] for line in lines]
