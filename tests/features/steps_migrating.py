"""迁移: a new version of the route, and moving the case of this scenario to it and back."""

from pytest_bdd import parsers, step, then

from app import organization
from app.workflow import publishing
from tests.features.story import API, Story
from tests.handling.editions import inserted, kept

MORE = inserted("dept_review_to_office_check", "legal_review", "法规审核")


@step(parsers.parse('流程发布了第{number:d}版，核稿之后多了"legal_review"'))
def publish(story: Story, number: int) -> None:
    with story.change() as session:
        new = kept(session, MORE)
        assert new.version == number
        person = organization.person_by_login(session, "process.admin2")
        by = organization.actor(session, person.id).signature()
        publishing.put_in_force(session, new.sha256, by, story.at)


@step(parsers.parse('"{who}"提请把此件迁移到现行版本，原因"{reason}"，依据"{clause}"'))
def propose(story: Story, who: str, reason: str, clause: str) -> None:
    with story.session() as session:
        sha256 = kept(session, MORE).sha256
    body = {"sha256": sha256, "cases": [story.paper.case], "reason": reason, "clause": clause}
    story.act(who, "POST", f"{API}/migrations", json=body)


@step(parsers.parse('"{who}"确认迁移'))
def confirm(story: Story, who: str) -> None:
    story.act(who, "POST", f"{API}/migrations/{_newest(story, who)}/decision", json={"agree": True})


@step(parsers.parse('"{who}"撤销迁移，原因"{reason}"'))
def undo(story: Story, who: str, reason: str) -> None:
    body = {"reason": reason}
    story.act(who, "POST", f"{API}/migrations/{_newest(story, who)}/undo", json=body)


def _newest(story: Story, who: str) -> int:
    found: int = story.see(who, f"{API}/migrations")["items"][0]["id"]
    return found


@then(parsers.parse('"{who}"看到的偏离只有"{kind}"，从第{old:d}版到第{new:d}版，原因"{reason}"'))
def told(story: Story, who: str, kind: str, old: int, new: int, reason: str) -> None:
    items = story.see(who, f"{API}/audit/deviations?case={story.paper.case}")["items"]
    (found,) = items
    assert (found["kind"], found["wrong"], found["reason"]) == (kind, False, reason)
    assert f"第 {old} 版" in found["said"]
    assert f"第 {new} 版" in found["said"]
