"""回放: an auditor at a moment of the record."""

import re
from typing import Any

import sqlalchemy as sa
from pytest_bdd import parsers, step, then

from app.audit import AuditEntry
from tests.features.story import API, Story


def _path(story: Story) -> str:
    return f"{API}/cases/{story.paper.case}/replay"


@step(parsers.re(r'"(?P<who>[^"]+)"回放到(?P<which>第一次|最后一次)"(?P<label>[^"]+)"'))
def replays(story: Story, who: str, which: str, label: str) -> None:
    """The record is chosen by the words that people read."""
    listed = story.see(who, _path(story))["records"]
    seqs = [each["seq"] for each in listed if re.split("[：（]", each["action_label"])[0] == label]
    seq = seqs[0 if which == "第一次" else -1]
    story.act(who, "GET", f"{_path(story)}?at={seq}")


@step(parsers.parse('"{who}"要求回放'))
def asks(story: Story, who: str) -> None:
    story.act(who, "GET", _path(story))


def _moment(story: Story) -> Any:
    assert story.answer is not None
    assert story.answer.status_code == 200, story.answer.json
    assert story.answer.json["chain_ok"]
    return story.answer.json


@then(parsers.parse('那一刻件在"{at}"，由"{who}"办理'))
def stands(story: Story, at: str, who: str) -> None:
    (stay,) = _moment(story)["open_stays"]
    assert (stay["step"], stay["people"]) == (at, [story.name(who)])
    assert stay["due_at"] is None or stay["lamp"] in ("green", "amber", "red")


@then("那一刻的公文与记录里的校验码一致")
def proved(story: Story) -> None:
    found = _moment(story)
    assert (found["content_ok"], found["diagram_ok"]) == (True, True)


@then(parsers.parse("那一刻有{count:d}条意见"))
def opinions(story: Story, count: int) -> None:
    assert len(_moment(story)["opinions"]) == count


@then(parsers.parse('那一条记录标为"{look}"，依据含"{rule}"'))
def unusual(story: Story, look: str, rule: str) -> None:
    found = _moment(story)
    (record,) = [each for each in found["records"] if each["seq"] == found["at"]]
    assert record["unusual"] == [look]
    assert rule in record["clauses"]


@then(parsers.parse("那一刻是第{number:d}版"))
def version(story: Story, number: int) -> None:
    found = _moment(story)
    assert (found["version"], found["content_ok"]) == (number, True)


@then(parsers.parse('那一刻的正文里"{who}"增加了"{words}"'))
def inserted(story: Story, who: str, words: str) -> None:
    assert (words, story.name(who)) in [
        (piece["text"], piece["inserted_by"]) for line in _moment(story)["text"] for piece in line
    ]


@then(parsers.parse('那一刻的正文里"{who}"删去了"{words}"'))
def deleted(story: Story, who: str, words: str) -> None:
    assert (words, story.name(who)) in [
        (piece["text"], piece["deleted_by"]) for line in _moment(story)["text"] for piece in line
    ]


@then("那一刻的正文没有改动的痕迹")
def unmarked(story: Story) -> None:
    pieces = [piece for line in _moment(story)["text"] for piece in line]
    assert pieces
    assert not any(piece["inserted_by"] or piece["deleted_by"] for piece in pieces)


@then(parsers.parse('那一条记录改动了"{label}"，成为"{words}"'))
def filled_in(story: Story, label: str, words: str) -> None:
    assert (words, True) == _filled(story, label)


@then(parsers.parse('那一刻的"{label}"是"{words}"'))
def held(story: Story, label: str, words: str) -> None:
    assert words == _filled(story, label)[0]


def _filled(story: Story, label: str) -> tuple[str, bool]:
    (found,) = [each for each in _moment(story)["filled"] if each["label"] == label]
    return found["words"], found["changed"]


@then(parsers.parse('"{who}"查看了这件的回放已记录在案'))
def on_record(story: Story, who: str) -> None:
    with story.session() as session:
        query = sa.select(AuditEntry.body).where(AuditEntry.action == "case.replayed")
        (body,) = session.scalars(query)
    assert f'"subject":["case",{story.paper.case}]' in body
    assert f'"login":"{who}"' in body
