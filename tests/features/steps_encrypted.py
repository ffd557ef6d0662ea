"""An office in earnest: what comes over a network unencrypted, and what would go out so."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_bdd import parsers, step, then
from werkzeug.test import TestResponse

from app import clock, create_app
from app.config import Config, UnsafeSettings
from app.database import db
from app.messages import settings as channels
from tests.features.story import Story


@pytest.fixture
def earnest(story: Story) -> Iterator[Story]:
    """The same office without ``demo``."""
    before = story.app
    yield story
    with story.app.app_context():
        db.engine.dispose()
    story.app = before


@step(parsers.parse('本单位正式运行，前面的代理是"{proxy}"'))
def in_earnest(earnest: Story, proxy: str) -> None:
    settings = earnest.app.config["SETTINGS"]
    earnest.app = create_app(replace(settings, demo=False, proxies=(proxy,)))


@step(
    parsers.parse('"{who}"从"{peer}"经"{line}"打开"{path}"'),
    target_fixture="reply",
)
def asks(story: Story, who: str, peer: str, line: str, path: str) -> TestResponse:
    story.look(who, "/healthz")  # he has a token from now on
    headers = {"Authorization": f"Bearer {story.tokens[who]}"}
    if line != "没有说明":
        headers["X-Forwarded-Proto"] = line
    with clock.moved_to(story.at):
        return story.app.test_client().get(
            path, headers=headers, environ_overrides={"REMOTE_ADDR": peer}
        )


@then(parsers.parse("答复是{status:d}，{content}"))
def answers(reply: TestResponse, status: int, content: str) -> None:
    assert reply.status_code == status, reply.text
    told = json.dumps(reply.json, ensure_ascii=False) if reply.is_json else reply.text
    refused = "请用 https 打开" in told
    assert refused is (content == "说明须用 https")
    if content == "有待办":
        assert "items" in (reply.json or {})
    if content == "说明运行状态":
        assert "scheduler" in (reply.json or {})


@step(parsers.parse('正式运行时"{name}"是"{value}"'), target_fixture="refusal")
def starts(tmp_path: Path, name: str, value: str) -> str:
    """What it says when it refuses to start, "" when it would start."""
    given = {
        "GONGWEN_DATA": str(tmp_path / "earnest"),
        "GONGWEN_DEMO": "0",
        "GONGWEN_SMS_KEY": "k" * 32,
        name: value,
    }
    try:
        config = Config.from_environment(given)
        config.check()
        channels.channels(config)
    except UnsafeSettings as refusal:
        return str(refusal)
    return ""


@then("程序可以启动")
def does_start(refusal: str) -> None:
    assert refusal == ""


@then(parsers.parse('程序不启动，指出"{name}"'))
def does_not_start(refusal: str, name: str) -> None:
    assert name in refusal
