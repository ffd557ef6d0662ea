"""The clock, the working calendar, and the sweep that makes limits take effect."""

from datetime import date

from pytest_bdd import parsers, step, then
from sqlalchemy.orm import sessionmaker

from app import audit
from app.clock import SHANGHAI
from app.database import db
from app.deadlines.days import enter_day, set_hours
from app.deadlines.sweep import sweep
from app.handling.effects import EFFECTS
from app.organization.queries import unit_by_key
from tests.features.story import API, Story
from tests.features.words import moment

BY = audit.signed_by_rule("场景")
COUNTY = "jiangzhou-county-water"


@step(parsers.re(r'(?:现在是|时间到了?)"(?P<at>[^"]+)"'))
def set_clock(story: Story, at: str) -> None:
    story.at = moment(at)


@step("系统检查时限")
def look_for_what_is_due(story: Story) -> None:
    with story.change(), story.app.app_context():
        sweep(sessionmaker(db.engine), EFFECTS)


@step(parsers.parse('县水务局的日历把"{day}"定为{kind:w}，原因"{reason}"'))
def enter(story: Story, day: str, kind: str, reason: str) -> None:
    with story.change() as session:
        unit = unit_by_key(session, COUNTY).id
        works = {"休息日": False, "工作日": True}[kind]
        enter_day(session, unit, date.fromisoformat(day), works, reason, BY, story.at)


@step(parsers.parse('县水务局自"{day}"起的工作时间是"{hours}"'))
def enter_hours(story: Story, day: str, hours: str) -> None:
    with story.change() as session:
        unit = unit_by_key(session, COUNTY).id
        set_hours(session, unit, date.fromisoformat(day), hours, BY, story.at)


@then(parsers.parse('"{at}"的时限到"{due}"'))
def is_due(story: Story, at: str, due: str) -> None:
    found = story.stay(at).due_at
    assert found is not None
    assert f"{found.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}".startswith(due)


@then(parsers.parse('"{at}"的时限算法写着"{words}"'))
def sum_is_shown(story: Story, at: str, words: str) -> None:
    shown = [task["limit"] for task in story.case()["open_tasks"] if task["step"] == at]
    assert any(words in sentence for sentences in shown for sentence in sentences), shown


@then(parsers.parse('"{who}"看到"{at}"的灯是"{lamp}"，写着"{words}"'))
def lamp_is(story: Story, who: str, at: str, lamp: str, words: str) -> None:
    tasks = story.see(who, f"{API}/cases/{story.paper.case}")["open_tasks"]
    shown = [(task["lamp"], task["lamp_text"]) for task in tasks if task["step"] == at]
    assert len(shown) == 1, shown
    assert shown[0][0] == lamp, shown
    assert words in shown[0][1], shown


@then(parsers.parse('"{who}"的待阅有"{words}"'))
def is_told(story: Story, who: str, words: str) -> None:
    notices = _notices(story, who)
    assert any(words in text for text in notices), notices


@then(parsers.parse('"{who}"的待阅没有此件'))
def is_not_told(story: Story, who: str) -> None:
    assert _notices(story, who) == []


@then(parsers.parse("流转记录里有{count:d}条超时"))
def overdue_entries(story: Story, count: int) -> None:
    lines = [line for line in story.history() if line["action"] == "task.overdue"]
    assert len(lines) == count, lines
    assert all("DDL" in line["authority"] for line in lines)


def _notices(story: Story, who: str) -> list[str]:
    items = story.see(who, f"{API}/tasks?box=read")["items"]
    return [item["notice"] for item in items if item["case_id"] == story.paper.case]
