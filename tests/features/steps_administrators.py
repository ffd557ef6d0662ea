"""流程管理: what stands where, what two administrators do to it, and what cannot go on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_bdd import parsers, step, then

from app import workflow
from app.handling.acts.topics import TOPICS
from app.workflow.moves import ServiceCall
from tests.features.story import API, Story
from tests.features.words import people, shown

KINDS = {"跳转": "move", "改派": "reassign", "暂停": "suspend", "恢复": "resume"}
REASON, CLAUSE = "办理人突发疾病。", "办公会纪要〔2026〕3号"
PROPOSED = (
    r'"(?P<who>[^"]+)"提请(?:把"(?P<at>[^"]+)"(?P<kind>跳转|改派)(?:到|给)"(?P<to>[^"]+)"'
    r"|(?P<whole>暂停|恢复)此件)"
    r'(?:，原因"(?P<reason>[^"]*)"，依据"(?P<clause>[^"]*)")?'
)


SERVICES = {"印章": "seal", "会签登记": "countersign-done"}


@pytest.fixture
def breaking() -> Iterator[Callable[[str], None]]:
    """Lets the service steps of a topic fail; all work again afterwards."""

    def fail(_call: ServiceCall) -> None:
        raise ConnectionError

    yield lambda topic: workflow.register_topics({**TOPICS, topic: fail})
    workflow.register_topics(TOPICS)


@step(parsers.re(PROPOSED))
def propose(
    story: Story,
    who: str,
    at: str | None,
    kind: str | None,
    to: str | None,
    whole: str | None,
    reason: str | None,
    clause: str | None,
) -> None:
    body = {
        "kind": KINDS[kind or whole or ""],
        "task_id": story.stay(at).id if at else None,
        "to": to,
        "reason": REASON if reason is None else shown(reason),
        "clause": CLAUSE if clause is None else shown(clause),
    }
    story.act(who, "POST", f"{API}/cases/{story.paper.case}/interventions", json=body)


@step(parsers.re(r'"(?P<who>[^"]+)"(?P<says>确认|不同意)该提请(?:，理由"(?P<answer>[^"]*)")?'))
def decide(story: Story, who: str, says: str, answer: str | None) -> None:
    (waiting,) = [each for each in _proposals(story, "process.admin") if _waits(each)]
    body = {"agree": says == "确认", "answer": answer or ""}
    story.act(who, "POST", f"{API}/interventions/{waiting['id']}/decision", json=body)


@step(parsers.re("(?P<name>印章|会签登记)服务中断"))
def service_breaks(breaking: Callable[[str], None], name: str) -> None:
    breaking(SERVICES[name])


@step(parsers.parse('"{who}"撤回该提请'))
def take_back(story: Story, who: str) -> None:
    latest = max(_proposals(story, "process.admin"), key=lambda each: int(each["id"]))
    story.act(who, "POST", f"{API}/interventions/{latest['id']}/withdrawal")


@step(parsers.re("(印章|会签登记)服务恢复"))
def services_work() -> None:
    workflow.register_topics(TOPICS)


@step(parsers.re(r'"(?P<who>[^"]+)"(?P<verb>重试|放弃)该故障，处理情况"(?P<reason>[^"]*)"'))
def settle(story: Story, who: str, verb: str, reason: str) -> None:
    (found,) = story.see("process.admin", f"{API}/incidents")["items"]
    way = {"重试": "retry", "放弃": "dismissal"}[verb]
    path = f"{API}/incidents/{found['id']}/{way}"
    story.act(who, "POST", path, json={"reason": shown(reason)})


@then(
    parsers.parse(
        '"{who}"在在办里看到此件在"{at}"，由"{logins}"办理，已等{minutes:d}分钟，办过"{done}"'
    )
)
def stands(story: Story, who: str, at: str, logins: str, minutes: int, done: str) -> None:
    (row,) = _under_way(story, who)
    (stay,) = row["waiting"]
    assert (stay["step"], stay["people"]) == (at, people(logins))
    assert (stay["waiting_working_minutes"], row["steps_done"]) == (minutes, people(done))


@then(parsers.parse('"{who}"不能看在办'))
def may_not_look(story: Story, who: str) -> None:
    assert story.look(who, f"{API}/cases").status_code == 403


@then(parsers.parse('最近的提请"{state}"'))
def latest_proposal(story: Story, state: str) -> None:
    words = {
        "待确认": "proposed",
        "已执行": "done",
        "未同意": "refused",
        "已撤回": "withdrawn",
        "已失效": "stale",
    }
    found = max(_proposals(story, "process.admin2"), key=lambda each: int(each["id"]))
    assert found["state"] == words[state]


@then(parsers.parse('此件"{state}"'))
def case_is(story: Story, state: str) -> None:
    assert story.case()["state"] == {"暂停": "suspended", "在办": "running"}[state]


@then(parsers.parse('流转记录最后是管理员的"{label}"，原因"{reason}"，依据"{clause}"，由"{both}"'))
def record_shows(story: Story, label: str, reason: str, clause: str, both: str) -> None:
    line = story.history()[-1]
    assert (line["kind"], line["outcome_label"]) == ("administrator", label)
    assert (line["reason"], line["clause"]) == (reason, clause)
    assert all(story.name(login) in line["authority"] for login in people(both))


@then(parsers.parse('故障列表有"{at}"，试过{tries:d}次，原因含"{words}"'))
def fault_is_listed(story: Story, at: str, tries: int, words: str) -> None:
    found = story.see("process.admin", f"{API}/incidents")["items"]
    assert [(each["step_name"], each["tries"]) for each in found] == [(at, tries)]
    assert words in found[0]["cause"]


@then("故障列表是空的")
def no_faults(story: Story) -> None:
    assert story.see("process.admin", f"{API}/incidents")["items"] == []


def _under_way(story: Story, who: str) -> list[dict[str, object]]:
    found = story.see(who, f"{API}/cases")["items"]
    return [each for each in found if each["id"] == story.paper.case]


def _proposals(story: Story, who: str) -> list[dict[str, Any]]:
    found = story.see(who, f"{API}/interventions")["items"]
    return [each for each in found if each["case_id"] == story.paper.case]


def _waits(proposal: dict[str, object]) -> bool:
    """Also one that the case has left behind: somebody still wants it decided."""
    return proposal["decided_at"] is None
