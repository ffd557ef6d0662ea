"""/healthz: 503 for what stops the office, warnings for what can wait."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, messages
from app.database import db
from app.deadlines.models import Due, Heartbeat
from app.deadlines.operations import open_limits
from app.messages import Channels
from app.messages.channels import Local
from app.messages.models import Outbox
from tests.messages.conftest import reach, say
from tests.world import World


@pytest.fixture(autouse=True)
def _swept(world: World) -> None:
    beat = {"worker": "host-1", "at": clock.now(world.session), "handled": 0, "lasted_ms": 3}
    world.session.add(Heartbeat(**beat, skew_ms=0))
    world.session.commit()


def healthz(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/healthz")
    return answer.status_code, dict(answer.json or {})


def test_a_clock_that_was_set_forward_is_an_error(app: Flask) -> None:
    db.session.execute(sa.update(Heartbeat).values(jump_ms=3_600_000))
    db.session.commit()
    status, answer = healthz(app)
    assert (status, answer["status"], answer["database"]) == (503, "error", "ok")
    assert "系统时钟突然快了约 60 分钟" in str(answer["scheduler"])
    assert "host-1" not in str(answer)  # everybody may ask


def test_a_clock_that_was_set_back_and_limits_given_up_are_warnings(
    app: Flask, world: World
) -> None:
    open_limits(world.session, "task", [(1, world.at + timedelta(days=400))])
    world.session.execute(sa.update(Due).values(state="incident"))
    world.session.execute(sa.update(Heartbeat).values(jump_ms=-3_600_000))
    world.session.commit()
    status, answer = healthz(app)
    assert (status, answer["status"], answer["scheduler"]) == (200, "ok", "ok")
    back, limits = answer["warnings"][:1], answer["warnings"][-1:]
    assert "慢了约 60 分钟" in back[0]
    assert "1 个到期事项" in limits[0]


def test_messages_that_were_given_up_are_a_warning(app: Flask, world: World) -> None:
    messages.use(Channels({"mail": Local()}))
    say(world.session, reach(world.session, "drafter"))
    world.session.execute(sa.update(Outbox).values(state="given_up"))
    world.session.commit()
    status, answer = healthz(app)
    assert (status, answer["status"]) == (200, "ok")
    assert "有 1 条提醒未能发出，请系统管理员在发件箱处理。" in str(answer["warnings"])
    messages.use(Channels())


def test_a_signer_that_does_not_answer_is_a_warning(app: Flask) -> None:
    place = app.config["SETTINGS"].socket("signer").parent
    assert not any("签名服务" in each for each in healthz(app)[1]["warnings"])
    place.mkdir(parents=True)
    assert any("签名服务没有运行" in each for each in healthz(app)[1]["warnings"])
