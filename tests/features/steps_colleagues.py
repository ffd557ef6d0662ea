"""What goes to a colleague and comes back: hand over, ask for an opinion, take back in part."""

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.features.words import people


@step(parsers.parse('"{who}"把"{at}"转办给"{to}"，原因"{reason}"'))
def hand_over(story: Story, who: str, at: str, to: str, reason: str) -> None:
    give(story, who, at, {"to": to, "mode": "transfer", "opinion": reason})


@step(parsers.parse('"{who}"就"{at}"征求"{to}"的意见，要求"{words}"'))
def consult(story: Story, who: str, at: str, to: str, words: str) -> None:
    give(story, who, at, {"to": to, "mode": "consult", "opinion": words})


@then(parsers.parse('撤回了"{recalled}"的，"{kept}"的已打开没有撤回'))
def taken_back_in_part(story: Story, recalled: str, kept: str) -> None:
    assert story.answer is not None
    answer = story.answer.json
    assert answer is not None
    assert answer["recalled"] == [story.name(login) for login in people(recalled)]
    assert answer["kept"] == [story.name(login) for login in people(kept)]


def give(story: Story, who: str, at: str, body: dict[str, str]) -> None:
    stay = story.stay(at, who)
    path = f"{API}/tasks/{stay.id}/hand-over"
    story.act(who, "POST", path, json={**body, "revision": stay.revision})
