"""Acts beside the route, through the API: 传阅, 专送, 收回, 催读, 催办, 批量办理, 常用意见."""

from typing import Any

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.features.words import people, shown

KINDS = {"传阅": "circulate", "专送": "direct"}


@step(
    parsers.re(
        r'"(?P<who>[^"]+)"把此件(?P<kind>传阅|专送)给"(?P<to>[^"]*)"(，附言"(?P<words>[^"]*)")?'
    )
)
def give(story: Story, who: str, kind: str, to: str, words: str | None) -> None:
    body = {"readers": people(to), "kind": KINDS[kind], "words": words or ""}
    story.act(who, "POST", _path(story), json=body)


@step(parsers.parse('"{who}"把此件传阅给"{to}"和部门"{departments}"'))
def give_departments(story: Story, who: str, to: str, departments: str) -> None:
    body = {"readers": people(to), "departments": people(departments)}
    story.act(who, "POST", _path(story), json=body)


@step(parsers.parse('"{who}"收回送"{reader}"的一份'))
def take_back(story: Story, who: str, reader: str) -> None:
    copy = _copy(story, who, reader)
    story.act(who, "DELETE", f"{_path(story)}/{copy}")


@step(parsers.parse('"{reader}"删除"{sender}"送来的此件'))
def delete(story: Story, reader: str, sender: str) -> None:
    story.act(reader, "DELETE", f"{_path(story)}/{_copy(story, sender, reader)}")


@step(parsers.parse('"{who}"催读，原因"{reason}"'))
def urge_readers(story: Story, who: str, reason: str) -> None:
    story.act(who, "POST", f"{_path(story)}/urge", json={"reason": shown(reason)})


@step(parsers.parse('"{who}"阅读此件'))
def read(story: Story, who: str) -> None:
    answer = story.act(who, "GET", f"{API}/documents/{story.paper.document}")
    assert answer.status_code == 200, answer.json


@step(parsers.parse('"{who}"催办"{at}"，原因"{reason}"'))
def urge(story: Story, who: str, at: str, reason: str) -> None:
    path = f"{API}/tasks/{story.stay(at).id}/urge"
    story.act(who, "POST", path, json={"reason": shown(reason)})


@step(parsers.parse('"{who}"批量办结各件的"{at}"，意见"{opinion}"'))
def complete_all(story: Story, who: str, at: str, opinion: str) -> None:
    items = []
    for paper in story.papers:
        story.paper = paper
        stay = story.stay(at)
        items.append({"id": stay.id, "revision": stay.revision})
    story.act(who, "POST", f"{API}/tasks/batch", json={"items": items, "opinion": opinion})


@step(parsers.parse('"{who}"把常用意见改为"{texts}"'))
def keep_phrases(story: Story, who: str, texts: str) -> None:
    story.act(who, "PUT", f"{API}/me/phrases", json={"items": people(texts)})


@then(parsers.parse("送出了{number:d}份"))
def delivered(story: Story, number: int) -> None:
    assert story.answer is not None
    assert story.answer.status_code == 201, story.answer.json
    assert len(story.answer.json["items"]) == number


@then(parsers.parse('"{logins}"的待阅里有此件，写着"{words}"'))
def to_read(story: Story, logins: str, words: str) -> None:
    for login in people(logins):
        (item,) = _unread(story, login)
        assert words in item["notice"], item["notice"]


@then(parsers.parse('"{logins}"的待阅里没有此件'))
def nothing_to_read(story: Story, logins: str) -> None:
    for login in people(logins):
        assert _unread(story, login) == [], login


@then(parsers.parse('"{who}"能把此件再传阅'))
def may_pass_on(story: Story, who: str) -> None:
    assert story.see(who, _path(story))["may_circulate"]


@then(parsers.parse('"{who}"看不到传阅此件的办法'))
def may_not_pass_on(story: Story, who: str) -> None:
    """Neither the status nor the form is there for him."""
    assert story.look(who, _path(story)).status_code == 403


@then(parsers.parse('"{who}"看到已阅的是"{read}"，未阅的是"{waiting}"'))
def sees_reading(story: Story, who: str, read: str, waiting: str) -> None:
    found = story.see(who, _path(story))
    items = [each for each in found["items"] if each["recalled_at"] is None]
    assert [each["reader"] for each in items if each["read_at"]] == people(read)
    assert [each["reader"] for each in items if not each["read_at"]] == people(waiting)
    assert (found["read"], found["unread"]) == (len(people(read)), len(people(waiting)))


@then(parsers.parse('"{who}"看到"{reader}"于"{at}"阅读'))
def sees_when(story: Story, who: str, reader: str, at: str) -> None:
    (item,) = [each for each in story.see(who, _path(story))["items"] if each["reader"] == reader]
    assert item["read_at"].startswith(at.replace(" ", "T"))


@then(parsers.parse('"{who}"能生成检查通报，写着"{words}"'))
def bulletin(story: Story, who: str, words: str) -> None:
    assert words in story.see(who, _path(story))["bulletin"]


@then(parsers.parse('流转记录里有"{who}"的"{label}"'))
def on_record(story: Story, who: str, label: str) -> None:
    assert (who, label) in [(each["actor"], each["action_label"]) for each in story.history()]


@then(parsers.parse("办成{done:d}件，被拒{refused:d}件，理由含“{words}”"))
def of_a_batch(story: Story, done: int, refused: int, words: str) -> None:
    assert story.answer is not None
    found: Any = story.answer.json
    assert (len(found["done"]), len(found["refused"])) == (done, refused)
    assert all(words in each["detail"] for each in found["refused"])


@then(parsers.parse('"{who}"的常用意见是"{texts}"'))
def phrases_are(story: Story, who: str, texts: str) -> None:
    assert story.see(who, f"{API}/me/phrases")["items"] == people(texts)


def _path(story: Story) -> str:
    return f"{API}/documents/{story.paper.document}/circulation"


def _copy(story: Story, sender: str, reader: str) -> int:
    items = story.see(sender, _path(story))["items"]
    return next((int(each["id"]) for each in items if each["reader"] == reader), 0)


def _unread(story: Story, login: str) -> list[Any]:
    items = story.see(login, f"{API}/tasks?box=read")["items"]
    return [each for each in items if each["case_id"] == story.paper.case]
