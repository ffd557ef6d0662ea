"""Checkpoints and proofs: what shows that the record is as it was."""

import json

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_bdd import parsers, step, then

from app.audit import chain, checkpoints, proofs
from tests.features.story import API, Story

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@step("系统签署检查点")
def sign(story: Story) -> None:
    with story.change() as session:
        assert checkpoints.make(session, KEY, story.at, now=True) is not None


@step(parsers.parse('"{who}"取第{seq:d}条记录的证明'))
def prove(story: Story, who: str, seq: int) -> None:
    story.act(who, "GET", f"{API}/audit/entries/{seq}/proof")


@step("有人绕过系统改写最后一条记录及其散列")
def rewrite(story: Story) -> None:
    """As the owner of the database can: body, hashes and head fit together again."""
    with story.change() as session:
        session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
        last = "SELECT seq, body FROM audit_entry ORDER BY seq DESC LIMIT 1"
        seq, body = session.execute(sa.text(last)).one()
        new = chain.canonical({**json.loads(body), "reason": "改写"})
        values = {"seq": seq, "body": new, "hash": chain.leaf_hash(new), "sm3": chain.sm3(new)}
        change = "UPDATE audit_entry SET body = :body, hash = :hash, sm3 = :sm3 WHERE seq = :seq"
        session.execute(sa.text(change), values)
        session.execute(sa.text("UPDATE audit_head SET hash = :hash"), {"hash": values["hash"]})


@then("证明成立，改动其中任何一个字就不成立")
def proved(story: Story) -> None:
    assert story.answer is not None
    given = story.answer.json
    assert given is not None
    assert proofs.holds(given)
    for place in range(len(given["body"])):
        changed = given["body"][:place] + "改" + given["body"][place + 1 :]
        assert not proofs.holds({**given, "body": changed})


@then(parsers.parse('核验不通过，理由含"{words}"'))
def not_whole(story: Story, words: str) -> None:
    assert story.answer is not None
    assert story.answer.json is not None
    assert not story.answer.json["ok"]
    assert words in story.answer.json["reason"]
