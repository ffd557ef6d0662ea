"""What people do, through the API: draft, register, send on, send back, take back, change."""

import io
from typing import Any

from pytest_bdd import parsers, step
from werkzeug.test import TestResponse

from tests.documents import files
from tests.features.story import API, Story
from tests.features.words import (
    FIELDS,
    MODES,
    URGENCIES,
    WAYS_OUT,
    incoming,
    outgoing,
    people,
    shown,
)

DRAFTED = (
    r'"(?P<who>[^"]+)"拟了?一份(?P<direction>上行文|下行文|平行文)(?P<kind>[^，]+)'
    r'(?:，缓急"(?P<urgency>[^"]+)")?(?:，会签"(?P<signers>[^"]+)")?'
)
COMPLETED = (
    r'"(?P<who>[^"]+)"以"(?P<way>[^"]+)"办结"(?P<at>[^"]+)"，意见"(?P<opinion>[^"]*)"'
    r'(?:，送"(?P<to>[^"]+)")?'
)
RETURNED = (
    r'"(?P<who>[^"]+)"把"(?P<at>[^"]+)"退回"(?P<to>[^"]+)"，原因"(?P<reason>[^"]*)"'
    r"(?P<straight>，改后直接送回)?"
)
USUAL: dict[str, dict[str, Any]] = {
    "distribute": {"next": ["leader", "leader2", "leader3"]},
    "collect": {"outcome": "to_handle", "next": ["dept.head"]},
    "sign": {"outcome": "approve"},
}
"""What is filled in on the usual way where the diagram asks for a choice."""


@step(parsers.re(DRAFTED))
def draft(
    story: Story, who: str, direction: str, kind: str, urgency: str | None, signers: str | None
) -> None:
    body = outgoing(direction, kind)
    if urgency:
        body["urgency"] = URGENCIES[urgency]
    if signers:
        body["countersigners"] = people(signers)
    story.started(story.act(who, "POST", f"{API}/documents", json=body))


@step(parsers.re(r'"(?P<who>[^"]+)"拟一份"(?P<field>[^"]+)"为"(?P<value>[^"]*)"的下行文通知'))
def draft_with(story: Story, who: str, field: str, value: str) -> None:
    body = outgoing("下行文", "通知") | {FIELDS[field]: shown(value)}
    story.started(story.act(who, "POST", f"{API}/documents", json=body))


@step(
    parsers.re(r'"(?P<who>[^"]+)"登记了?一份(?P<of>"[^"]+"的)?来文(?:，缓急"(?P<urgency>[^"]+)")?')
)
def register(story: Story, who: str, of: str | None, urgency: str | None) -> None:
    body = incoming(urgency=URGENCIES[urgency or "平件"])
    if of:
        body["from_unit"] = of.split('"')[1]
    story.started(story.act(who, "POST", f"{API}/incoming", json=body))


@step(parsers.re(r'"(?P<who>[^"]+)"登记一份"(?P<field>[^"]+)"为"(?P<value>[^"]*)"的来文'))
def register_with(story: Story, who: str, field: str, value: str) -> None:
    body = incoming(**{FIELDS[field]: shown(value)})
    story.started(story.act(who, "POST", f"{API}/incoming", json=body))


@step(parsers.parse('"{who}"登记一份没有"{field}"的来文'))
def register_without(story: Story, who: str, field: str) -> None:
    body = {name: value for name, value in incoming().items() if name != FIELDS[field]}
    story.started(story.act(who, "POST", f"{API}/incoming", json=body))


@step(parsers.re(COMPLETED))
def complete(story: Story, who: str, way: str, at: str, opinion: str, to: str | None) -> None:
    """The way out by its label; a word that is no label is tried as it stands."""
    body = {"outcome": WAYS_OUT.get(way, way), "opinion": shown(opinion), "next": people(to)}
    finish(story, who, at, body)


@step(parsers.parse('"{who}"在"{at}"指定会签人"{signers}"，会签方式"{mode}"'))
def name_signers(story: Story, who: str, at: str, signers: str, mode: str) -> None:
    fields = {"countersigners": people(signers), "countersign_mode": MODES[mode]}
    finish(story, who, at, {"outcome": "approve", "opinion": "请会签。", "fields": fields})


@step(parsers.parse('"{who}"再以"{way}"办结刚才的"{at}"，意见"{opinion}"'))
def complete_again(story: Story, who: str, way: str, at: str, opinion: str) -> None:
    """The stay that the person has ended already, not the one that is open now."""
    done = story.see(who, f"{API}/tasks?box=done")["items"]
    stay = next(task for task in done if task["step"] == at)
    body = {"outcome": WAYS_OUT[way], "opinion": opinion, "revision": stay["revision"]}
    story.act(who, "POST", f"{API}/tasks/{stay['id']}/complete", json=body)


@step(parsers.parse('公文办到"{at}"'))
def run_until(story: Story, at: str) -> None:
    """The usual way, done by the first of each step's people."""
    case = story.case()
    for _ in range(20):
        task = case["open_tasks"][0]
        if task["step"] == at:
            return
        body = {"opinion": "同意。", **USUAL.get(task["step"], {})}
        answer = finish(story, task["candidates"][0], task["step"], body)
        assert answer.status_code == 200, answer.json
        case = answer.json["case"]
    raise AssertionError(f"the case does not come to {at}")


@step("公文全部办完")
def run_to_the_end(story: Story) -> None:
    last = "close" if story.document()["flow"] == "incoming" else "final_check_dispatch"
    run_until(story, last)
    finish(story, story.case()["open_tasks"][0]["candidates"][0], last, {"opinion": ""})
    assert story.case()["state"] == "closed"


@step(parsers.re(RETURNED))
def send_back(story: Story, who: str, at: str, to: str, reason: str, straight: str | None) -> None:
    stay = story.stay(at, who)
    body = {"to": to, "opinion": shown(reason), "revision": stay.revision}
    body["then"] = "back_to_me" if straight else "route"
    story.act(who, "POST", f"{API}/tasks/{stay.id}/return", json=body)


@step(parsers.parse('"{who}"撤回"{at}"的发送'))
def withdraw(story: Story, who: str, at: str) -> None:
    story.act(who, "POST", f"{API}/tasks/{story.stay(at, who).id}/withdraw")


@step(parsers.parse('"{who}"以"{reason}"撤销此件'))
def cancel(story: Story, who: str, reason: str) -> None:
    path = f"{API}/cases/{story.paper.case}/cancel"
    story.act(who, "POST", path, json={"reason": shown(reason)})


@step(parsers.parse('"{who}"打开"{at}"'))
def open_stay(story: Story, who: str, at: str) -> None:
    story.act(who, "GET", f"{API}/tasks/{story.stay(at, who).id}")


@step(parsers.re(r'"(?P<who>[^"]+)"把"(?P<field>[^"]+)"改为"(?P<value>[^"]*)"'))
def revise(story: Story, who: str, field: str, value: str) -> None:
    given = people(value) if field == "主送机关" else shown(value)
    body = {"version": story.document()["version"], FIELDS[field]: given}
    story.act(who, "PATCH", f"{API}/documents/{story.paper.document}", json=body)


@step(parsers.parse('"{who}"添加附件"{name}"'))
def attach(story: Story, who: str, name: str) -> None:
    data = {"file": (io.BytesIO(_bytes_of(name)), name)}
    path = f"{API}/documents/{story.paper.document}/attachments"
    story.act(who, "POST", path, data=data, content_type="multipart/form-data")


@step(parsers.parse('"{first}"和"{second}"同时为两份公文登记编号'))
def number_at_once(story: Story, first: str, second: str) -> None:
    requests = []
    for who, paper in zip((first, second), story.papers, strict=True):
        story.paper = paper
        stay = story.stay("register_number")
        body = {"outcome": "register", "opinion": "", "revision": stay.revision}
        requests.append((who, f"{API}/tasks/{stay.id}/complete", body))
    for answer in story.acts_at_once(requests):
        assert answer.status_code == 200, answer.json


@step(parsers.parse('"{who}"核验记录'))
def verify(story: Story, who: str) -> None:
    story.act(who, "GET", f"{API}/audit/verification")


@step(parsers.parse("回到第{place:d}份公文"))
def speak_of(story: Story, place: int) -> None:
    story.paper = story.papers[place - 1]


def finish(story: Story, who: str, at: str, body: dict[str, Any]) -> TestResponse:
    """End the stay at a step, whether or not the person may."""
    stay = story.stay(at, who)
    path = f"{API}/tasks/{stay.id}/complete"
    return story.act(who, "POST", path, json={**body, "revision": stay.revision})


def _bytes_of(name: str) -> bytes:
    ending = name.rpartition(".")[2]
    if ending in files.MAIN:
        return files.office(ending)
    return files.pdf() if ending == "pdf" else "附件内容".encode()
