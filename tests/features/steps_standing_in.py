"""外出 and 委托代办: who is away, who acts meanwhile, and what the record says of both."""

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.features.words import moment

GIVEN = (
    r'"(?P<who>[^"]+)"委托"(?P<agent>[^"]+)"代办，自"(?P<since>[^"]+)"至"(?P<until>[^"]+)"'
    r"(?P<inbox>，收件箱一并移交)?"
)


@step(parsers.re(GIVEN))
def delegate(story: Story, who: str, agent: str, since: str, until: str, inbox: str | None) -> None:
    body = {
        "agent": agent,
        "since": moment(since).isoformat(),
        "until": moment(until).isoformat(),
        "with_inbox": bool(inbox),
        "reason": "外出开会",
    }
    story.act(who, "POST", f"{API}/me/delegations", json=body)


@step(parsers.parse('"{who}"结束委托'))
def end_delegation(story: Story, who: str) -> None:
    newest = story.see(who, f"{API}/me/delegations")["given"][0]
    story.act(who, "DELETE", f"{API}/me/delegations/{newest['id']}")


@step(parsers.parse('"{who}"登记外出，自"{since}"至"{until}"，去向"{words}"'))
def set_absence(story: Story, who: str, since: str, until: str, words: str) -> None:
    period = {"since": moment(since).isoformat(), "until": moment(until).isoformat()}
    story.act(who, "POST", f"{API}/me/absences", json={**period, "words": words})


@then(parsers.parse('"{who}"的待办里此件标明代"{principal}"'))
def marked(story: Story, who: str, principal: str) -> None:
    todo = story.see(who, f"{API}/tasks?box=todo")["items"]
    mine = [each["on_behalf_of"] for each in todo if each["case_id"] == story.paper.case]
    assert mine == [principal]


@then(parsers.parse('流转记录里"{at}"由"{who}"代"{principal}"办理，依据含"{words}"'))
def recorded_for(story: Story, at: str, who: str, principal: str, words: str) -> None:
    line = [
        each
        for each in story.history()
        if each["step"] == at and each["action"] == "task.completed"
    ][-1]
    assert (line["actor"], line["on_behalf_of"]) == (who, principal)
    assert words in line["authority"]


@then(parsers.parse('"{who}"在"{at}"看到外出提示"{words}"'))
def told(story: Story, who: str, at: str, words: str) -> None:
    assert words in _told(story, who, at)


@then(parsers.parse('"{who}"在"{at}"没有看到外出提示'))
def not_told(story: Story, who: str, at: str) -> None:
    assert _told(story, who, at) == ""


def _told(story: Story, who: str, at: str) -> str:
    view = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")
    ahead = [step for steps in view["ahead"].values() for step in steps]
    return "".join(sentence for step in ahead for sentence in step["absent"])
