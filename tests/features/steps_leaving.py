"""岗位交接: who leaves, who takes over, and the leader who signs for it."""

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story


@step(parsers.parse('"{who}"提交"{person}"交"{successor}"的岗位交接'))
def prepare(story: Story, who: str, person: str, successor: str) -> None:
    body = {"person": person, "successor": successor, "reason": "调动到市局"}
    story.act(who, "POST", f"{API}/handovers", json=body)


@step(parsers.parse('"{who}"为岗位交接监交签字'))
def confirm(story: Story, who: str) -> None:
    story.act(who, "POST", f"{API}/handovers/{_latest(story)}/confirm", json={})


@then(parsers.parse('交接清单含"{words}"'))
def listed(story: Story, words: str) -> None:
    found = story.see("system.admin", f"{API}/handovers/{_latest(story)}")
    assert any(words in each for each in (*found["items"], *found["moved"])), found


@then(parsers.parse('岗位交接仍在待签字清单上，"{who}"照常使用账号'))
def waits(story: Story, who: str) -> None:
    states = [each["state"] for each in story.see("leader3", f"{API}/handovers")["items"]]
    assert states == ["prepared"]
    assert story.look(who, f"{API}/me").status_code == 200


@then(parsers.parse('岗位交接已办完，"{who}"不能再登录'))
def done(story: Story, who: str) -> None:
    states = [each["state"] for each in story.see("leader3", f"{API}/handovers")["items"]]
    assert states == ["done"]
    assert story.look(who, f"{API}/me").status_code == 401


def _latest(story: Story) -> int:
    return int(story.see("system.admin", f"{API}/handovers")["items"][0]["id"])
