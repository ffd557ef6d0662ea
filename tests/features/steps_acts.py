"""What people do at a stay, through the API: send on, send back, take back, open."""

from typing import Any

from pytest_bdd import parsers, step

from tests.features.story import API, Story
from tests.features.words import MODES, WAYS_OUT, people, shown

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
    with story.once_for_all(f"办到{at}") as still_to_do:
        if still_to_do:
            _play_until(story, at)


def _play_until(story: Story, at: str) -> None:
    case = story.case()
    for _ in range(20):
        task = case["open_tasks"][0]
        if task["step"] == at:
            return
        body = {"opinion": "同意。", **USUAL.get(task["step"], {}), "revision": task["revision"]}
        path = f"{API}/tasks/{task['id']}/complete"
        answer = story.act_as_usual(task["candidates"][0], path, body)
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


@step(parsers.re(r'"(?P<who>[^"]+)"撤回刚才的"(?P<at>[^"]+)"(?:，原因"(?P<reason>[^"]*)")?'))
def withdraw_own(story: Story, who: str, at: str, reason: str | None) -> None:
    """What the person has ended at that step, not the stay that is open now."""
    done = story.see(who, f"{API}/tasks?box=done")["items"]
    stay = next(task for task in done if task["step"] == at)
    body = {"reason": reason} if reason else None
    story.act(who, "POST", f"{API}/tasks/{stay['id']}/withdraw", json=body)


@step(parsers.parse('"{who}"以"{reason}"撤销此件'))
def cancel(story: Story, who: str, reason: str) -> None:
    path = f"{API}/cases/{story.paper.case}/cancel"
    story.act(who, "POST", path, json={"reason": shown(reason)})


@step(parsers.parse('"{who}"打开"{at}"'))
def open_stay(story: Story, who: str, at: str) -> None:
    story.act(who, "GET", f"{API}/tasks/{story.stay(at, who).id}")


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


def finish(story: Story, who: str, at: str, body: dict[str, Any]) -> None:
    """End the stay at a step, whether or not the person may."""
    stay = story.stay(at, who)
    path = f"{API}/tasks/{stay.id}/complete"
    story.act(who, "POST", path, json={**body, "revision": stay.revision})
