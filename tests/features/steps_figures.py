"""办理统计 and 通报, through the API."""

from typing import Any

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story

SUMMED = ("items", "on_time", "late", "minutes", "delay")


@step(parsers.parse('"{who}"按"{since}"至"{until}"的统计拟通报'))
def draft(story: Story, who: str, since: str, until: str) -> None:
    body = {"since": since, "until": until}
    story.act(who, "POST", f"{API}/figures/bulletin", json=body)


@then(
    parsers.parse(
        '"{who}"统计"{since}"至"{until}"，"{label}"为：件次{items:d}，按时{on_time:d}，超时{late:d}'
    )
)
def figures_are(
    story: Story, who: str, since: str, until: str, label: str, items: int, on_time: int, late: int
) -> None:
    line = _line(_figures(story, who, since, until), label)
    assert (line["items"], line["on_time"], line["late"]) == (items, on_time, late), line


@then(parsers.parse('"{who}"统计"{since}"至"{until}"，"{label}"到期未办{count:d}件'))
def waiting_is(story: Story, who: str, since: str, until: str, label: str, count: int) -> None:
    assert _line(_figures(story, who, since, until), label)["waiting"] == count


@then(parsers.parse('"{who}"统计"{since}"至"{until}"，合计等于人员之和、部门之和、文种之和'))
def sums_agree(story: Story, who: str, since: str, until: str) -> None:
    found = _figures(story, who, since, until)
    assert found["total"]["items"] > 1
    for table in ("people", "departments", "kinds"):
        for name in SUMMED:
            total = sum(line[name] for line in found[table])
            assert total == found["total"][name], (table, name)


@then(parsers.parse('"{who}"不能看统计'))
def may_not(story: Story, who: str) -> None:
    answer = story.look(who, f"{API}/figures?since=2026-11-01&until=2026-11-30")
    assert answer.status_code == 403


@then(parsers.parse('通报写着"{words}"'))
def says(story: Story, words: str) -> None:
    document = story.see("office.head", f"{API}/documents/{_drafted(story)['document_id']}")
    assert document["kind"] == "通报"
    assert words in document["body"]


@then(parsers.parse('通报在"{at}"环节'))
def lies_at(story: Story, at: str) -> None:
    case = story.see("office.head", f"{API}/cases/{_drafted(story)['case_id']}")
    assert [task["step"] for task in case["open_tasks"]] == [at]


def _figures(story: Story, who: str, since: str, until: str) -> Any:
    return story.see(who, f"{API}/figures?since={since}&until={until}")


def _line(found: Any, label: str) -> Any:
    (line,) = [each for each in (*found["people"], *found["departments"]) if each["label"] == label]
    return line


def _drafted(story: Story) -> Any:
    assert story.answer is not None
    return story.answer.json
