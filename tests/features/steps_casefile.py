"""卷宗包: asked for on its page, made by the scheduler's errand, judged far from the office."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_bdd import parsers, step, then
from sqlalchemy.orm import sessionmaker

from app import clock
from app.database import db
from app.handling.casefile import making, verify
from app.handling.equipment import equipment
from tests.features.story import Story
from tests.handling.casefiles import KEY, PUBLIC
from tests.web.desk import Desk, Page

KINDS = {
    "正文的每一版": "versions/",
    "附件": "attachments/",
    "流程图": "diagram/",
    "时限和日历": "limits.json",
    "流转记录": "record.json",
    "核对程序": "verify.py",
}


@step(parsers.parse('"{who}"要求制作卷宗包'), target_fixture="page")
def ask(story: Story, password: str, who: str) -> Page:
    desk = _signed_in(story, password, who)
    page = desk.press(_address(story), "form[action$='/case-file']")
    assert page.status == 303
    return page


@step("系统制作卷宗包")
def make(story: Story) -> None:
    with story.app.app_context(), clock.moved_to(story.at):
        errand = making.maker(KEY, equipment().store)
        assert errand(sessionmaker(db.engine), lambda: False) == 1


@step(parsers.parse('"{who}"下载卷宗包'), target_fixture="archive")
def take(story: Story, password: str, who: str) -> bytes:
    page = _signed_in(story, password, who).get(f"{_address(story)}/1")
    assert page.status == 200
    return page.answer.data


@then("卷宗包在没有本系统的机器上核对无误")
def is_whole(archive: bytes, tmp_path: Path) -> None:
    """With what lies in it and the standard library alone."""
    (tmp_path / "verify.py").write_bytes(verify.unpack(archive)["verify.py"])
    (tmp_path / "taken.zip").write_bytes(archive)
    run = [sys.executable, "-I", "-S", "verify.py", "taken.zip", "--key", PUBLIC]
    ended = subprocess.run(  # noqa: S603  (our own verifier)
        run, cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert (ended.returncode, "卷宗包完好" in ended.stdout.decode()) == (0, True)


@then(parsers.parse('卷宗包里有"{kinds}"'))
def holds(archive: bytes, kinds: str) -> None:
    names = list(verify.unpack(archive))
    for kind in kinds.split("、"):
        assert any(name.startswith(KINDS[kind]) for name in names), kind


@then(parsers.parse('卷宗包里的记录依次有"{actions}"，每条都有证明'))
def records(archive: bytes, actions: str) -> None:
    entries = json.loads(verify.unpack(archive)["record.json"])["entries"]
    words = json.loads(verify.unpack(archive)["words.json"])
    found = iter(words[json.loads(each["body"])["action"]] for each in entries)
    for action in actions.split("、"):
        assert action in found, action
    assert all("path" in each for each in entries)


@then("改动卷宗包的任何一处都能发现")
def every_change_is_found(archive: bytes) -> None:
    """Forty places, drawn with a stated seed."""
    chance = random.Random(20261126)  # noqa: S311  (places to damage, no secret)
    for _ in range(40):
        damaged = bytearray(archive)
        damaged[chance.randrange(len(archive))] ^= 1 << chance.randrange(8)
        with pytest.raises((verify.Broken, KeyError, TypeError, ValueError, AttributeError)):
            verify.verify(bytes(damaged))


@then(parsers.parse('"{who}"不能取卷宗包，理由含"{words}"'))
def may_not(story: Story, password: str, who: str, words: str) -> None:
    page = _signed_in(story, password, who).get(_address(story))
    assert (page.status, words in page.answer.text) == (403, True)


def _signed_in(story: Story, password: str, who: str) -> Desk:
    desk = Desk(story.app, who, password, at=story.at)
    assert desk.sign_in().status == 303
    return desk


def _address(story: Story) -> str:
    return f"/cases/{story.paper.case}/case-file"
