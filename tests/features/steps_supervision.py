"""督办, through the API: opened, reported on, put off, closed, and counted on the board."""

from typing import Any

from pytest_bdd import parsers, step, then

from app import audit
from app.clock import SHANGHAI
from app.handling.supervision.models import Supervision
from tests.features.story import API, Story
from tests.features.words import shown

LAMPS = {"red": "超时", "amber": "临近", "green": "正常"}


@step(parsers.parse('"{who}"督办此件，由"{department}"于"{day}"前办结'))
def open_one(story: Story, who: str, department: str, day: str) -> None:
    body = {
        "department": department,
        "by": day,
        "requirement": "完成堤防巡查并报结果。",
        "reason": "局长办公会纪要〔2026〕8号",
    }
    story.act(who, "POST", f"{API}/cases/{story.paper.case}/supervisions", json=body)


@step(parsers.parse('"{who}"把督办件申请延至"{day}"，原因"{reason}"'))
def ask(story: Story, who: str, day: str, reason: str) -> None:
    story.act(who, "POST", f"{_path(story)}/extensions", json={"by": day, "reason": reason})


@step(parsers.parse('"{who}"同意督办延期'))
def consent(story: Story, who: str) -> None:
    asked = story.see(who, _path(story))["extensions"][-1]["id"]
    body = {"extension": asked, "agree": True}
    story.act(who, "POST", f"{_path(story)}/extensions/decision", json=body)


@step(parsers.parse('"{who}"反馈督办情况"{text}"'))
def report(story: Story, who: str, text: str) -> None:
    story.act(who, "POST", f"{_path(story)}/reports", json={"text": shown(text)})


@step(parsers.parse('"{who}"催办督办件，原因"{reason}"'))
def urge(story: Story, who: str, reason: str) -> None:
    story.act(who, "POST", f"{_path(story)}/urges", json={"reason": shown(reason)})


@then(parsers.parse('该催办是"{kind}"，属于"{flow}"'))
def urge_is(story: Story, kind: str, flow: str) -> None:
    with story.session() as session:
        found = audit.case_entries(session, story.paper.case)
        (last,) = [each for each in found if each.action == "supervision.urged"]
    assert (last.detail["kind"], last.detail["flow"]) == (kind, flow)


@step(parsers.parse('"{who}"办结督办件，结果"{result}"'))
def close(story: Story, who: str, result: str) -> None:
    story.act(who, "POST", f"{_path(story)}/close", json={"result": shown(result)})


@then(parsers.parse('"{who}"看到督办件是"{state}"，灯是"{lamp}"'))
def is_seen(story: Story, who: str, state: str, lamp: str) -> None:
    found = story.see(who, _path(story))
    assert ({"open": "在督", "closed": "办结"}[found["state"]], found["lamp"]) == (state, lamp)


@then(parsers.parse('督办件的期限是"{at}"'))
def is_due(story: Story, at: str) -> None:
    with story.session() as session:
        due_at = session.get_one(Supervision, _latest(story)).due_at
    assert f"{due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == at


@then(parsers.parse('"{who}"的督办看板是"{lines}"'))
def board_is(story: Story, who: str, lines: str) -> None:
    found = _board(story, who)["supervisions"]
    said = [
        each["department"] + "：" + "".join(f"{word}{each[key]}" for key, word in LAMPS.items())
        for each in found
    ]
    assert "；".join(said) == lines


@then(parsers.parse('"{who}"的督办看板和清单一致，今天到期{count:d}件'))
def board_and_lists_agree(story: Story, who: str, count: int) -> None:
    board = _board(story, who)
    for kind, name in (("supervision", "supervisions"), ("stay", "stays")):
        for each in board[name]:
            for lamp in ("", *LAMPS):
                query = f"kind={kind}&department={each['key']}&lamp={lamp}"
                rows = story.see(who, f"{API}/supervisions?{query}")["items"]
                assert len(rows) == each[lamp or "total"], (query, rows)
    today = story.see(who, f"{API}/supervisions?kind=&today=true")["items"]
    assert len(today) == board["due_today"] == count


@then(parsers.parse('流转记录里有规则的"{label}"'))
def rule_did(story: Story, label: str) -> None:
    lines = [(line["actor"], line["action_label"]) for line in story.history()]
    assert ("rule", label) in lines, lines


@then(parsers.parse('流转记录里没有"{label}"'))
def nobody_did(story: Story, label: str) -> None:
    assert label not in [line["action_label"] for line in story.history()]


def _board(story: Story, who: str) -> Any:
    return story.see(who, f"{API}/supervisions/board")


def _path(story: Story) -> str:
    return f"{API}/supervisions/{_latest(story)}"


def _latest(story: Story) -> int:
    """The supervision of the paper in hand that was opened last."""
    with story.session() as session:
        query = session.query(Supervision.id).filter_by(case_id=story.paper.case)
        found = query.order_by(Supervision.id.desc()).first()
    return found[0] if found else 0
