"""核查接收情况, arrivals to travellers, and what is put forward for accountability."""

from typing import Any

from pytest_bdd import parsers, step, then
from sqlalchemy.orm import sessionmaker

from app.database import db
from app.handling.arrivals import tell_arrivals
from tests.features.story import API, Story
from tests.features.words import moment, people

CHOICES = {
    "由发送人在24小时内核查": {
        "receipt_check_owner": "dispatcher",
        "receipt_check_limit": "day",
    },
    "超时两件建议追究": {"accountable_after": "2"},
}
ANSWERS = {"已收到": "received", "未收到": "not_received", "已电话联系": "phoned"}
KINDS = {"主送": "main", "抄送": "copy"}


@step(parsers.parse('县水务局选定"{choice}"'))
def choose(story: Story, choice: str) -> None:
    body = {"own": CHOICES[choice], "reason": "试行", "source": "局办〔2026〕8号"}
    answer = story.act("system.admin", "POST", f"{API}/policies", json=body)
    assert answer.status_code in (200, 201), answer.json


@step(parsers.parse('"{who}"登记{kind:w}"{recipient}"{answer:w}，答复人"{by}"'))
def answer_by(story: Story, who: str, kind: str, recipient: str, answer: str, by: str) -> None:
    given = {"kind": KINDS[kind], "recipient": recipient, "answer": ANSWERS[answer]}
    given["answered_by"] = "" if by == "（无）" else by
    _answer(story, who, given)


@step(parsers.parse('"{who}"登记对"{recipient}"的{how:w}通知，号码"{number}"，对方"{by}"'))
def tell_recipient(story: Story, who: str, recipient: str, how: str, number: str, by: str) -> None:
    """He has been reached, and has the document or not as was known before."""
    known = _line(story, recipient)
    given = {
        "kind": "main",
        "recipient": recipient,
        "answer": known["answer"] or "not_received",
        "answered_by": by,
        "channel": {"电话": "phone", "短信": "sms"}[how],
        "number": number,
    }
    _answer(story, who, given)


@step(parsers.parse('"{who}"打开核查接收情况'), target_fixture="seen")
def open_check(story: Story, who: str) -> dict[str, int]:
    lines = story.see(who, _path(story))["recipients"]
    return {each["recipient"]: each["seen"] for each in lines}


@step(parsers.parse('"{who}"按打开时所见登记主送"{recipient}"已收到'))
def answer_as_drawn(story: Story, seen: dict[str, int], who: str, recipient: str) -> None:
    given = {"kind": "main", "recipient": recipient, "answer": "received"}
    given["seen"] = seen[recipient]
    _answer(story, who, given)


@step("系统告知新到公文")
def tell(story: Story) -> None:
    with story.change(), story.app.app_context():
        tell_arrivals(sessionmaker(db.engine))


@step(parsers.parse('"{who}"登记出差，自"{since}"至"{until}"'))
def travel(story: Story, who: str, since: str, until: str) -> None:
    period = {"since": moment(since).isoformat(), "until": moment(until).isoformat()}
    body = {**period, "words": "赴市局", "travelling": True}
    story.act(who, "POST", f"{API}/me/absences", json=body)


@then(parsers.parse('"{who}"的待办有核查接收情况，时限到"{due}"，灯是"{lamp}"'))
def has_to_check(story: Story, who: str, due: str, lamp: str) -> None:
    (found,) = _waiting(story, who)
    assert found["due_at"].replace("T", " ").startswith(due)
    assert found["lamp"] == lamp


@then(parsers.parse('"{who}"没有要核查的接收情况'))
def has_nothing(story: Story, who: str) -> None:
    assert _waiting(story, who) == []


@then(parsers.parse('接收情况是"{said}"'))
def receipts_are(story: Story, said: str) -> None:
    lines = story.see(story.registry, _path(story))["recipients"]
    assert [f"{each['recipient']}{each['words']}" for each in lines] == people(said)


@then(parsers.re(r"接收情况(?P<state>已|未)核查完毕"))
def is_done(story: Story, state: str) -> None:
    found = story.see(story.registry, _path(story))["done_at"]
    assert (found is not None) == (state == "已")


@then(parsers.parse('"{who}"统计"{since}"至"{until}"，建议追究的是"{said}"'))
def proposed(story: Story, who: str, since: str, until: str, said: str) -> None:
    found = story.see(who, f"{API}/figures?since={since}&until={until}")["accountability"]
    lines = [f"{each['department']}{len(each['items'])}件" for each in found]
    assert lines == ([] if said == "无" else people(said))


@then("系统没有因此改变任何人的账号和岗位")
def nobody_punished(story: Story) -> None:
    after = story.kept()
    for table in ("person", "appointment", "account"):
        assert after[table] == story.before[table]


@then(parsers.parse('对"{recipient}"的通知是"{said}"'))
def told_by(story: Story, recipient: str, said: str) -> None:
    """``（…）`` stands for the name of whoever was told."""
    notified = _line(story, recipient)["notified"]
    assert notified.startswith(said.removesuffix("（…）")) if said != "没有" else not notified


@then(parsers.parse('"{who}"统计"{since}"至"{until}"，迟收的是"{said}"'))
def delayed(story: Story, who: str, since: str, until: str, said: str) -> None:
    found = story.see(who, f"{API}/figures?since={since}&until={until}")["delays"]
    units = {"sender": "发送单位", "receiver": "收文单位"}
    lines = [f"{each['recipient']}由{units[each['liable']]}负责" for each in found]
    assert lines == ([] if said == "无" else people(said))


def _answer(story: Story, who: str, given: dict[str, Any]) -> None:
    check = story.see(story.registry, _path(story))["id"]
    story.act(who, "POST", f"{API}/receipt-checks/{check}/answers", json={"answers": [given]})


def _line(story: Story, recipient: str) -> dict[str, Any]:
    lines = story.see(story.registry, _path(story))["recipients"]
    return next(each for each in lines if each["recipient"] == recipient)


def _waiting(story: Story, who: str) -> list[Any]:
    items = story.see(who, f"{API}/me/receipt-checks")["items"]
    return [each for each in items if each["case_id"] == story.paper.case]


def _path(story: Story) -> str:
    return f"{API}/cases/{story.paper.case}/receipt-check"
