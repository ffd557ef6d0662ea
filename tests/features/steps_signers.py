"""加签 and 减签 through the API, and who is still missing in a signing."""

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.features.words import people

POSITIONS = {"之前": "before", "之后": "after", "同时": "parallel"}
ADDED = (
    r'"(?P<who>[^"]+)"在"(?P<at>[^"]+)"请"(?P<logins>[^"]*)"在本人(?P<position>之前|之后|同时)会签，'
    r'原因"(?P<reason>[^"]*)"'
)


@step(parsers.re(ADDED))
def add(story: Story, who: str, at: str, logins: str, position: str, reason: str) -> None:
    body = {"logins": people(logins), "position": POSITIONS[position], "reason": reason}
    story.act(who, "POST", f"{API}/tasks/{story.stay(at, who).id}/signers", json=body)


@step(parsers.parse('"{who}"在"{at}"减签"{login}"，原因"{reason}"'))
def remove(story: Story, who: str, at: str, login: str, reason: str) -> None:
    path = f"{API}/tasks/{story.stay(at, who).id}/signers/{login}"
    story.act(who, "DELETE", path, json={"reason": reason})


@then(parsers.parse('"{who}"在"{at}"看到尚未签署的是"{logins}"'))
def missing(story: Story, who: str, at: str, logins: str) -> None:
    signers = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")["signers"]
    assert [each["login"] for each in signers if each["missing"]] == people(logins)


@then(parsers.parse('流转记录里有"{who}"的"{label}"，原因"{reason}"'))
def on_record(story: Story, who: str, label: str, reason: str) -> None:
    lines = [(line["actor"], line["action_label"], line["reason"]) for line in story.history()]
    assert (who, label, reason) in lines
