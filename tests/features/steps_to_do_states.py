"""待办 by processing state, on the page that people open."""

import re

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.web.desk import Page

CHIPS = "nav[aria-label='按处理状态查看'] a"


@then(parsers.parse('"{who}"的待办分列为"{states}"'))
def is_parted(story: Story, who: str, states: str) -> None:
    """Exactly these states with these numbers, and all of them together are the whole box."""
    told = _page(story, who, "/").texts(CHIPS)
    assert told == states.split("、")
    counted = sum(int(each.split()[1]) for each in told if not each.startswith("已发文"))
    assert counted == len(story.see(who, f"{API}/tasks?box=todo&limit=200")["items"])


@then(parsers.parse('"{who}"的待办没有分列'))
def has_none(story: Story, who: str) -> None:
    assert _page(story, who, "/").texts(CHIPS) == []


@then(
    parsers.re(r'"(?P<who>[^"]+)"在待办里点开"(?P<state>[^"]+)"，只有(?P<places>第\d件(和第\d件)*)')
)
def has_only(story: Story, who: str, state: str, places: str) -> None:
    page = _page(story, who, "/")
    (chip,) = [
        each for each in page.root.cssselect(CHIPS) if each.text_content().split()[0] == state
    ]
    shown = _page(story, who, chip.get("href"))
    links = [each.get("href") for each in shown.root.cssselect("table a[data-open]")]
    wanted = [story.papers[int(each) - 1].case for each in re.findall(r"\d", places)]
    assert sorted(_case(story, who, link) for link in links) == wanted


@step(
    parsers.re(
        r'"(?P<who>[^"]+)"以"同意签发"办结"(?P<at>[^"]+)"第(?P<place>\d)件，意见"(?P<opinion>[^"]+)"'
    )
)
def signs_off(story: Story, who: str, at: str, place: str, opinion: str) -> None:
    story.paper = story.papers[int(place) - 1]
    stay = story.stay(at, who)
    body = {"outcome": "approve", "opinion": opinion, "revision": stay.revision}
    answer = story.act(who, "POST", f"{API}/tasks/{stay.id}/complete", json=body)
    assert answer.status_code == 200, answer.text


def _case(story: Story, who: str, link: str) -> int:
    room, number = link.strip("/").split("/")[:2]
    if room == "cases":
        return int(number)
    return int(story.see(who, f"{API}/tasks/{number}")["case_id"])


def _page(story: Story, who: str, path: str) -> Page:
    answer = story.look(who, path)
    assert answer.status_code == 200, answer.text
    return Page(answer)
