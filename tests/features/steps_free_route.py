"""The free hand-over: drafting for it, and what each person could do next, through the API."""

from typing import Any

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.features.words import WAYS_OUT, outgoing, people

SIGNED_OFF = [
    ("drafter", "handle", "sign", "leader"),
    ("leader", "sign", "to_handler", None),
]


@step(parsers.parse('"{who}"以自由流转起草了一份下行文通知'))
def draft_freely(story: Story, who: str) -> None:
    body = {**outgoing("下行文", "通知"), "process": "outgoing_free"}
    story.started(story.act(who, "POST", f"{API}/documents", json=body))


@step(parsers.parse('自由流转的公文已由"leader"签发'))
def signed_off(story: Story) -> None:
    for who, at, outcome, to in SIGNED_OFF:
        stay = story.stay(at, who)
        body = {"outcome": outcome, "opinion": "同意。", "next": people(to)}
        path = f"{API}/tasks/{stay.id}/complete"
        answer = story.act_as_usual(who, path, {**body, "revision": stay.revision})
        assert answer.status_code == 200, answer.json


@then(parsers.parse('"{who}"在"{at}"现在不能选"{ways}"'))
def closed(story: Story, who: str, at: str, ways: str) -> None:
    ahead = _ahead(story, who, at)
    shut = {key for key, steps in ahead.items() if any(each["problem"] for each in steps)}
    assert shut == {WAYS_OUT[way] for way in people(ways)}


@then(parsers.parse('"{who}"在"{at}"只有结论"{label}"，送回"{person}"，不能选人也不能退回'))
def only_confirms(story: Story, who: str, at: str, label: str, person: str) -> None:
    found = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")
    assert [each["label"] for each in found["outcomes"]] == [label]
    (steps,) = found["ahead"].values()
    assert [(each["people"], each["choosable"]) for each in steps] == [([person], False)]
    assert found["returns"] == []


def _ahead(story: Story, who: str, at: str) -> Any:
    return story.see(who, f"{API}/tasks/{story.stay(at, who).id}")["ahead"]
