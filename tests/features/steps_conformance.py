"""合规检查: what a check of a case says, of acts as they were and of a record that was changed."""

import json

import sqlalchemy as sa
from pytest_bdd import parsers, step, then

from tests.features.story import API, Story


@step(parsers.parse('"{who}"检查这件公文是否按流程办理'))
def check(story: Story, who: str) -> None:
    story.act(who, "POST", f"{API}/audit/cases/{story.paper.case}/conformance")


@step(parsers.parse('有人绕过系统把记录里"{at}"的办理改成"{other}"的'))
def change_step(story: Story, at: str, other: str) -> None:
    """As the owner of the database can: the body of the entry is written anew."""
    with story.change() as session:
        session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
        found = "SELECT seq, body FROM audit_entry WHERE action = 'task.completed'"
        for seq, body in session.execute(sa.text(found)).all():
            said = json.loads(body)
            if said["step"] == at:
                text = json.dumps({**said, "step": other}, ensure_ascii=False)
                change = "UPDATE audit_entry SET body = :body WHERE seq = :seq"
                session.execute(sa.text(change), {"body": text, "seq": seq})


@then("检查没有发现偏离")
def fits(story: Story) -> None:
    assert story.answer is not None
    assert story.answer.json is not None
    assert (story.answer.json["deviations"], story.answer.json["wrong"]) == (0, 0)


@then(parsers.parse('"{who}"看到的偏离有"{kind}"，身份"{authority}"'))
def listed(story: Story, who: str, kind: str, authority: str) -> None:
    items = story.see(who, f"{API}/audit/deviations?case={story.paper.case}")["items"]
    told = [(each["kind"], each["authority"]) for each in items if each["person"]]
    assert (kind, authority) in told, items


@then(parsers.parse('检查发现无法解释的偏离，"{who}"看到其中有"{kind}"'))
def wrong(story: Story, who: str, kind: str) -> None:
    assert story.answer is not None
    assert story.answer.json is not None
    assert story.answer.json["wrong"] > 0
    items = story.see(who, f"{API}/audit/deviations?kind=wrong")["items"]
    assert kind in [each["kind"] for each in items], items
