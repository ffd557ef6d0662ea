"""工作日历: what its administrators enter, confirm and ask, and what it does to limits."""

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story

NOTICE = """元旦：1月1日（周五）至4日（周一）放假调休，共4天。
春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）、2月20日（周六）上班。
清明节：4月3日至5日放假，共3天。
劳动节：5月1日至5日放假调休，共5天。5月8日（周六）上班。
端午节：6月9日放假。
中秋节：9月15日放假。
国庆节：10月1日至7日放假调休，共7天。10月9日（周六）上班。"""
"""Of the scenarios, not of any government: the fourth of January is off besides."""


@step(parsers.parse('"{who}"把"{day}"定为{kind:w}，原因"{reason}"，依据"{source}"'))
def enter_day(story: Story, who: str, day: str, kind: str, reason: str, source: str) -> None:
    works = {"休息日": False, "工作日": True}[kind]
    body = {"day": day, "works": works, "reason": reason, "source": source}
    story.act(who, "POST", f"{API}/calendar/days", json=body)


@step(parsers.parse('"{who}"提交2027年的放假通知，文号"{source}"'))
def propose(story: Story, who: str, source: str) -> None:
    body = {"year": 2027, "source": source, "lines": NOTICE}
    story.act(who, "POST", f"{API}/calendar/notices", json=body)


@step(parsers.parse('"{who}"确认2027年的放假通知'))
def confirm(story: Story, who: str) -> None:
    """What waits is known to whoever tries, also to those who may not read it here."""
    seen = story.see("system.admin", f"{API}/calendar/notices/2027")["seen"]
    story.act(who, "POST", f"{API}/calendar/notices/2027/confirmation", json={"seen": seen})


@then(parsers.parse('"{who}"预览该通知：推后{later:d}个时限'))
def preview(story: Story, who: str, later: int) -> None:
    body = {"year": 2027, "source": "预览", "lines": NOTICE}
    story.act(who, "POST", f"{API}/calendar/notices/preview", json=body)
    assert story.answer is not None
    assert story.answer.json["later"] == later, story.answer.json


@then(parsers.re(r"2027年(?P<no>不)?是推算的"))
def is_provisional(story: Story, no: str | None) -> None:
    found = story.see("drafter", f"{API}/calendar/2027")
    assert found["provisional"] == (no is None)


@then(parsers.re(r'"(?P<at>[^"]+)"的时限(?P<no>没有)?标明推算'))
def limit_is_provisional(story: Story, at: str, no: str | None) -> None:
    (found,) = [task for task in story.case()["open_tasks"] if task["step"] == at]
    assert found["limit_provisional"] == (no is None)


@then(parsers.parse("流转记录里有{count:d}条时限调整"))
def moves(story: Story, count: int) -> None:
    found = [line for line in story.history() if line["action"] == "task.limit_moved"]
    assert len(found) == count, found
    assert all("DDL-34" in line["authority"] for line in found)


@then(parsers.parse('试算"{arrived}"到达的时限，到"{due}"，说明有"{words}"'))
def tried(story: Story, arrived: str, due: str, words: str) -> None:
    query = f"arrived_at={arrived.replace(' ', 'T')}:00%2B08:00&unit=jiangzhou-county-water"
    found = story.see("drafter", f"{API}/deadlines/preview?{query}")
    assert found["due_at"].replace("T", " ").startswith(due), found
    assert any(words in sentence for sentence in found["steps"]), found
