"""What a document says of itself, the checklist of its reviewer, and papers handed in."""

from collections.abc import Sequence
from typing import Any

from pytest_bdd import parsers, step, then

from tests.features.steps_acts import finish
from tests.features.story import API, Story
from tests.features.words import FIELDS, people


@then("公文没有签发人职务")
def no_post(story: Story) -> None:
    assert story.document()["signatory_post"] is None


@then(parsers.parse('公文的"{field}"是{count:d}'))
def has_count(story: Story, field: str, count: int) -> None:
    assert story.document()[FIELDS[field]] == count


@then(parsers.parse('公文的"{field}"是"{who}"的姓名'))
def names(story: Story, field: str, who: str) -> None:
    assert story.document()[FIELDS[field]] == story.name(who)


@then(parsers.parse('"{who}"按"{words}"查找我发起的，找到{count:d}件'))
def finds(story: Story, who: str, words: str, count: int) -> None:
    found = story.see(who, f"{API}/tasks?box=mine&q={words}")["items"]
    assert len(found) == count


@step(parsers.re(r'"(?P<who>[^"]+)"把主题词改动为"(?P<words>[^"]*)"，原因"(?P<reason>[^"]*)"'))
def change_keywords(story: Story, who: str, words: str, reason: str) -> None:
    body = {"keywords": people(words), "reason": reason}
    story.act(who, "POST", f"{API}/documents/{story.paper.document}/keywords", json=body)


@step(parsers.parse('"{who}"停用序列"{code}"'))
def end_series(story: Story, who: str, code: str) -> None:
    story.act(who, "POST", f"{API}/numbers/series/{code}/end")


@then(parsers.parse('发前检查里没有"{words}"'))
def not_found(story: Story, words: str) -> None:
    path = f"{API}/documents/{story.paper.document}/preflight"
    found = story.see(story.registry, path)["findings"]
    assert words not in "".join(each["message"] for each in found)


@step(parsers.parse('"{who}"登记编号，印{copies:d}份，由"{proofreader}"校对'))
def register(story: Story, who: str, copies: int, proofreader: str) -> None:
    fields = {"copies": copies, "proofreader": proofreader}
    finish(story, who, "register_number", {"outcome": "register", "fields": fields})


@then(parsers.parse('"{code}"的登记簿上有份数"{copies}"、主题词"{words}"和"{who}"的校对'))
def book_has(story: Story, code: str, copies: str, words: str, who: str) -> None:
    (line,) = story.see(story.registry, f"{API}/numbers?series={code}")["items"]
    found = [line["copies"], line["keywords"], line["proofreader"]]
    assert found == [copies, words, story.name(who)]


@then(parsers.parse('"{who}"在"{at}"的审查清单是:'))
def checklist_is(story: Story, who: str, at: str, datatable: Sequence[Sequence[str]]) -> None:
    _, *rows = datatable
    found = [[each["text"], each["clause"]] for each in _checklist(story, who, at)]
    assert found == [list(row) for row in rows]


@step(parsers.parse('"{who}"勾选第"{places}"项审查清单后同意'))
def tick(story: Story, who: str, places: str) -> None:
    items = _checklist(story, who, "office_check")
    chosen = [items[int(place) - 1]["text"] for place in people(places)]
    _approve(story, who, "office_check", chosen)


@step(parsers.parse('"{who}"在"{at}"勾选"{item}"后同意'))
def tick_other(story: Story, who: str, at: str, item: str) -> None:
    _approve(story, who, at, [item])


@then(parsers.parse('流转记录里"{at}"的核对是"{wanted}"'))
def record_tells(story: Story, at: str, wanted: str) -> None:
    """The beginnings of the sentences: what was checked, and what was not."""
    lines = [each for each in story.history() if each["step"] == at and each["checks"]]
    found = lines[-1]["checks"]
    assert len(found) == len(people(wanted)), found
    assert all(said.startswith(begin) for said, begin in zip(found, people(wanted), strict=True))


@step(parsers.re(r'"(?P<who>[^"]+)"选定审查清单"(?P<items>[^"]*)"(?P<must>，须逐项勾选)?'))
def choose_checklist(story: Story, who: str, items: str, must: str | None) -> None:
    own = {"checks": items.replace("；", "\n"), "must": "yes" if must else ""}
    body = {"own": own, "reason": "把关从严", "source": "江水办〔2026〕3号"}
    story.act(who, "POST", f"{API}/review-checklist", json=body)


@step(parsers.re(r'"(?P<who>[^"]+)"登记纸质送审，件号"(?P<case>[^"]*)"，说明"(?P<remark>[^"]*)"'))
def hand_in(story: Story, who: str, case: str, remark: str) -> None:
    story.act(who, "POST", f"{API}/paper-hand-ins", json={"case": case, "remark": remark})


@step(parsers.parse('"{who}"登记此件的纸质送审，说明"{remark}"'))
def hand_in_this(story: Story, who: str, remark: str) -> None:
    hand_in(story, who, str(story.paper.case), remark)


def _checklist(story: Story, who: str, at: str) -> list[Any]:
    return list(story.see(who, f"{API}/tasks/{story.stay(at, who).id}")["checklist"])


def _approve(story: Story, who: str, at: str, checked: list[str]) -> None:
    body = {"outcome": "approve", "opinion": "同意。", "checked": checked}
    finish(story, who, at, body)
