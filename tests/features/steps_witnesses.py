"""Another office that witnesses the record: its own application, its own database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pytest_bdd import parsers, step, then

from app.audit.cosigning import notes, queries
from app.audit.cosigning.models import WitnessedLog
from app.audit.cosigning.notes import Note, TreeHead
from app.audit.cosigning.transport import Reply
from app.audit.models import AuditCheckpoint
from app.database import db
from app.handling.equipment import equipment, use
from tests.audit.offices import Office, opened, unguarded
from tests.features.steps_proofs import KEY
from tests.features.story import API, Story


class Witnesses:
    """Ours and the other; made when a scenario asks for it."""

    ours: Office
    other: Office
    seen: tuple[int, str]
    """What the other had cosigned before somebody sent it something false."""
    answer: Reply


@pytest.fixture
def witnesses(tmp_path: Path) -> Iterator[Witnesses]:
    found = Witnesses()
    yield found
    with found.other.app.app_context():
        db.engine.dispose()


@step(parsers.parse('"{name}"为本系统见证'))
def begin(story: Story, witnesses: Witnesses, installation: tuple[Path, str], name: str) -> None:
    config = story.app.config["SETTINGS"]
    data = config.data / "witness-office"
    data.mkdir()
    file = shutil.copy(installation[0] / "gongwen.sqlite3", data / "gongwen.sqlite3")
    ours = equipment()
    witnesses.other = opened(data, f"sqlite:///{file}", name, b"c")
    use(ours)  # one process stands for two: acts go on with the store and pages of our office
    witnesses.ours = Office(story.app, config, KEY, story.at)
    story.deeds.append(object())
    witnesses.ours.is_witnessed_by(witnesses.other)


@step("系统签署检查点并送交见证")
def send(story: Story, witnesses: Witnesses) -> None:
    story.deeds.append(object())
    witnesses.ours.at = witnesses.other.at = story.at
    witnesses.ours.act()
    witnesses.ours.sign()
    witnesses.ours.send(witnesses.other)


@step("有人整体改写记录，连同检查点和副署")
def rewrite(story: Story, witnesses: Witnesses) -> None:
    story.deeds.append(object())
    witnesses.seen = _kept(witnesses)
    witnesses.ours.rewrite(first=3)
    with story.change() as session:
        unguarded(session)
        session.execute(sa.text("DELETE FROM audit_cosignature"))


@step("有人用本系统的密钥为同样条数签署另一份内容，两次送交见证")
def contradict(witnesses: Witnesses) -> None:
    size, _ = witnesses.seen = _kept(witnesses)
    for _ in range(2):
        _submit(witnesses, TreeHead(witnesses.ours.config.origin, size, "ab" * 32), ())
        assert witnesses.answer.status == 409


@step("有人把本系统新的检查点配上假的证明送交见证")
def prove_falsely(witnesses: Witnesses) -> None:
    witnesses.seen = _kept(witnesses)
    ours = witnesses.ours
    ours.act()
    size = ours.sign()
    with ours.session() as session:
        root = session.get_one(AuditCheckpoint, size).root
    _submit(witnesses, TreeHead(ours.config.origin, size, root), (b"x" * 32,))
    assert witnesses.answer.status == 422


def _submit(witnesses: Witnesses, head: TreeHead, proof: tuple[bytes, ...]) -> None:
    note = notes.whole(notes.sign(head, witnesses.ours.key))
    body = f"old {witnesses.seen[0]}\n{notes.hash_lines(proof)}\n{note}"
    witnesses.answer = witnesses.other.asked_to_cosign(body)


def _kept(witnesses: Witnesses) -> tuple[int, str]:
    with witnesses.other.session() as session:
        row = session.scalars(sa.select(WitnessedLog)).one()
        return row.size, row.root


@then("见证方副署了最近的检查点")
def cosigned(witnesses: Witnesses) -> None:
    with witnesses.ours.session() as session:
        (ours,) = queries.witnesses(session, witnesses.ours.at)
    with witnesses.other.session() as session:
        (log,) = queries.logs(session)
    assert ours.behind == 0
    assert ours.size == log.size > 0


@then("见证方拒绝副署，仍保留原先的检查点")
def refused(witnesses: Witnesses) -> None:
    assert _kept(witnesses) == witnesses.seen


@then("见证方的审计记录里有一条前后不一的证据")
def evidence(witnesses: Witnesses) -> None:
    (entry,) = witnesses.other.actions("witness.refused")
    said, key = entry["detail"], witnesses.ours.log_key
    ours, theirs = Note.read(said["cosigned_note"]), Note.read(said["note"])
    assert ours.signed_by(key)
    assert theirs.signed_by(key)
    assert ours.head.size == theirs.head.size
    assert ours.head.root != theirs.head.root


@then("见证方的审计记录里没有前后不一的证据")
def no_evidence(witnesses: Witnesses) -> None:
    assert witnesses.other.actions("witness.refused") == []


@then(parsers.parse('"{who}"看到见证方已副署最近的检查点'))
def sees_cosigned(story: Story, who: str) -> None:
    (found,) = story.see(who, f"{API}/audit/witnesses")["items"]
    assert (found["behind"], found["fault"], found["missing"]) == (0, "", False)
    assert story.see(who, f"{API}/audit/verification")["cosigned"] == 1


@then(parsers.parse('"{who}"看到见证方不认可本系统的记录'))
def sees_disagreeing(story: Story, who: str) -> None:
    (found,) = story.see(who, f"{API}/audit/witnesses")["items"]
    assert found["fault"] == "disagrees"


@step(parsers.parse('"{who}"查看见证'))
def look(story: Story, who: str) -> None:
    story.answer = story.look(who, f"{API}/audit/witnesses")
