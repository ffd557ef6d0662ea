"""我交办的, as a leader sees it."""

from typing import Any

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.web.desk import Page


@then(parsers.parse('"{who}"交办的在办{running:d}件，已办结{ended:d}件'))
def counts(story: Story, who: str, running: int, ended: int) -> None:
    page = _page(story, who)
    (told,) = [each for each in page.texts("main p") if "已办结" in each]
    assert f"在办 {running} 件，已办结 {ended} 件" in told
    assert len(page.root.cssselect("table[data-rows] tbody tr")) == running


@then(parsers.parse('"{who}"交办的第{place:d}件，领取人"{taker}"，进度"{progress}"'))
def one(story: Story, who: str, place: int, taker: str, progress: str) -> None:
    cells = _row(story, who, story.papers[place - 1].case)
    assert cells["领取人"].startswith(_name(story, taker))
    assert cells["进度"] == progress


@then(parsers.parse('"{who}"交办的人手分布是"{people}"'))
def spread(story: Story, who: str, people: str) -> None:
    told = sorted(_page(story, who).texts("table:not([data-rows]) tbody tr"))
    assert told == sorted(_name(story, each) for each in people.split("、"))


@step(parsers.parse('"{who}"打开第{place:d}件的"{at}"'))
def opens(story: Story, who: str, place: int, at: str) -> None:
    story.paper = story.papers[place - 1]
    story.act(who, "GET", f"{API}/tasks/{story.stay(at, who).id}")


@step('承办人打开"handle"', target_fixture="handler")
def handler_opens(story: Story) -> str:
    handler: str = story.case()["open_tasks"][0]["candidates"][0]
    story.act(handler, "GET", f"{API}/tasks/{story.stay('handle', handler).id}")
    return handler


@then('承办的来文在批示的领导交办的件里，领取人"尚未领取"')
def waits(story: Story) -> None:
    assert _row(story, _reader(story), story.paper.case)["领取人"].startswith("尚未领取")


@then("承办的来文在批示的领导交办的件里，领取人是承办人")
def is_taken(story: Story, handler: str) -> None:
    cells = _row(story, _reader(story), story.paper.case)
    assert cells["领取人"].startswith(story.name(handler))


def _reader(story: Story) -> str:
    """Login of the leader who has given his instruction."""
    return next(each["actor"] for each in story.history() if each["step"] == "leader_read")


def _row(story: Story, who: str, case: int) -> dict[str, Any]:
    rows = _page(story, who).root.cssselect("table[data-rows] tbody tr")
    (row,) = [each for each in rows if each.cssselect(f"a[href='/cases/{case}']")]
    return {
        each.get("data-label"): " ".join(each.text_content().split())
        for each in row.cssselect("td[data-label]")
    }


def _name(story: Story, words: str) -> str:
    return words.replace("printing", story.name("printing"))


def _page(story: Story, who: str) -> Page:
    answer = story.look(who, "/given")
    assert answer.status_code == 200, answer.text
    return Page(answer)
