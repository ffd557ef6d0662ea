"""登录查收: the rule of the unit, people who sign in and look at their lists, what was missed."""

import re

from flask.testing import FlaskClient
from pytest_bdd import parsers, step, then
from sqlalchemy.orm import sessionmaker

from app import clock
from app.clock import SHANGHAI
from app.database import db
from app.deadlines.scheduler import do_chores
from app.handling.checkins.watching import keep_watch
from tests.features.story import API, Story

RULES = {
    "每两小时": {},
    "上午下午": {"checkin_mode": "halves"},
    "上班后和下班前一小时": {"checkin_mode": "edges"},
    "有待办的人员在固定时段": {"checkin_mode": "windows", "checkin_who": "holders"},
    "固定时点": {"checkin_mode": "times"},
    "每日两次": {"checkin_mode": "daily", "checkin_who": "everybody"},
    "未登录的即时提醒": {"offline": "remind"},
}


@step(parsers.parse('县水务局要求"{rule}"查收'))
def ask(story: Story, rule: str) -> None:
    if RULES[rule]:
        body = {"own": RULES[rule], "reason": "试行", "source": "局办〔2026〕8号"}
        answer = story.act("system.admin", "POST", f"{API}/policies", json=body)
        assert answer.status_code in (200, 201), answer.json
    with story.change(), story.app.app_context():
        do_chores(sessionmaker(db.engine), (keep_watch,))


@step(parsers.parse('"{who}"登录查看待办'))
def look_in(story: Story, who: str, password: str) -> None:
    """Signs in as anybody at a browser does, and sees the list that comes first."""
    story.deeds.append(object())
    browser: FlaskClient = story.app.test_client()
    with clock.moved_to(story.at):
        page = browser.get("/sign-in").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        form = {"csrf_token": token[1], "login": who, "password": password}
        answer = browser.post("/sign-in", data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == "/"


@then(parsers.parse('"{who}"{month:d}月未按时查收{count:d}次'))
def missed(story: Story, who: str, month: int, count: int) -> None:
    assert len(_own(story, who, month)) == count, _own(story, who, month)


@then(parsers.parse('"{who}"最近一次未按时查收是"{since}"至"{until}"'))
def latest(story: Story, who: str, since: str, until: str) -> None:
    last = _own(story, who, story.at.astimezone(SHANGHAI).month)[-1]
    said = [last[name][:16].replace("T", " ") for name in ("opens_at", "closes_at")]
    assert said == [since, until]


@then(parsers.parse('"{who}"看到"{names}"{month:d}月未按时查收，次数为{counts}'))
def listed(story: Story, who: str, names: str, month: int, counts: str) -> None:
    found = story.see(who, f"{API}/missed-checks?month=2026-{month:02d}")["items"]
    said = {each["person"]: len(each["items"]) for each in found}
    wanted = dict(zip(names.split("、"), map(int, counts.split("、")), strict=True))
    assert {name: said.get(name, 0) for name in wanted} == wanted


@then(parsers.parse('"{who}"不能看别人的查收情况'))
def may_not(story: Story, who: str) -> None:
    assert story.look(who, f"{API}/missed-checks?month=2026-11").status_code == 403


@then(parsers.parse('"{who}"统计"{since}"至"{until}"，"{label}"未按时查收{count:d}次'))
def counted(story: Story, who: str, since: str, until: str, label: str, count: int) -> None:
    found = story.see(who, f"{API}/figures?since={since}&until={until}")
    (line,) = [each for each in found["people"] if each["label"] == label]
    assert line["missed"] == count
    assert found["total"]["missed"] == sum(each["missed"] for each in found["people"])


def _own(story: Story, who: str, month: int) -> list[dict[str, str]]:
    path = f"{API}/me/missed-checks?month=2026-{month:02d}"
    found: list[dict[str, str]] = story.see(who, path)["items"]
    return found
