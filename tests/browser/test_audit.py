"""记录核验 as an auditor sees it: no barrier, nothing overflowing, and a proof in the hand."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from playwright.sync_api import expect

from app import clock
from app.audit import checkpoints, proofs
from app.audit.cosigning.models import Witness, WitnessedLog
from app.database import db
from tests.browser.acts import Sit
from tests.browser.walking import SIZES
from tests.handling.casefiles import cosigned
from tests.world import World


@pytest.fixture
def signed(app: Flask) -> None:
    """Two checkpoints over the acts of a document."""
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    with app.app_context():
        world = World(db.session())
        world.at = clock.now(world.session) - timedelta(hours=1)
        for until in ("leader_sign", "seal"):
            world.run(world.draft(), until)
            checkpoints.make(world.session, key, world.at, now=True)
            world.session.commit()


@SIZES
def test_no_barrier_and_no_overflow(desk: Sit, signed: None, size: dict[str, int]) -> None:
    seat = desk("auditor", size=size)
    seat.go("/audit/")
    found = seat.barriers()
    seat.page.get_by_role("button", name="核验整条记录").click()
    expect(seat.page.get_by_text("与 2 个检查点一致")).to_be_visible()
    seat.shot(f"记录核验-{size['width']}")
    found += seat.barriers()
    assert not found
    assert not seat.overflows()


@pytest.fixture
def witnessed(app: Flask, signed: None) -> None:
    """One witness that goes along, one that does not; a log that has contradicted itself."""
    with app.app_context():
        world = World(db.session())
        world.at = at = clock.now(world.session) - timedelta(hours=1)
        newest, older = checkpoints.listed(world.session)
        cosigned(world, newest, "oa.city.example.gov.cn/gongwen/witness")
        cosigned(world, older, "oa.province.example.gov.cn/gongwen/witness")
        row = world.session.scalars(sa.select(Witness).order_by(Witness.id.desc())).first()
        assert row is not None
        row.fault, row.fault_at = "disagrees", at
        log = WitnessedLog(origin="oa.east.example.gov.cn/gongwen", public_key="00" * 32, size=912)
        log.trusted_at = log.cosigned_at = log.refused_at = at
        world.session.add(log)
        world.session.commit()


@SIZES
def test_witnesses_are_shown_without_barrier(
    desk: Sit, witnessed: None, size: dict[str, int]
) -> None:
    seat = desk("auditor", size=size)
    seat.go("/audit/")
    expect(seat.page.get_by_text("起不认可本系统的记录")).to_be_visible()
    expect(seat.page.get_by_text("oa.east.example.gov.cn/gongwen 的记录前后不一")).to_be_visible()
    seat.shot(f"见证方-{size['width']}")
    assert not seat.barriers()
    assert not seat.overflows()


def test_a_proof_is_taken_away(desk: Sit, signed: None, tmp_path: Path) -> None:
    page = desk("auditor").go("/audit/")
    page.get_by_label("记录序号").fill("1")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载证明").click()
    taken.value.save_as(tmp_path / "proof.json")
    assert taken.value.suggested_filename == "记录证明-1.json"
    assert proofs.holds(json.loads((tmp_path / "proof.json").read_text(encoding="utf-8")))
