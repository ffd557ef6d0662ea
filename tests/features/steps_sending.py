"""定时发送: an ordinary document that is ready out of hours."""

from pytest_bdd import parsers, step

from tests.features.story import API, Story

AT = "final_check_dispatch"


@step(parsers.parse('"{who}"把此件定时发送'))
def set_sending(story: Story, who: str) -> None:
    _post(story, who, "set-sending")


@step(parsers.parse('"{who}"确认现在发送'))
def send_now(story: Story, who: str) -> None:
    _post(story, who, "complete", any_hour=True)


@step(parsers.parse('"{who}"取消定时发送'))
def drop(story: Story, who: str) -> None:
    stay = story.stay(AT, who)
    story.act(who, "POST", f"{API}/tasks/{stay.id}/drop-sending")


def _post(story: Story, who: str, act: str, **more: bool) -> None:
    stay = story.stay(AT, who)
    body = {"outcome": "dispatch", "opinion": "", "revision": stay.revision, **more}
    story.act(who, "POST", f"{API}/tasks/{stay.id}/{act}", json=body)
