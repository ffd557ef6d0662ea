"""证书管理 as the office and a holder see it: no barrier, nothing overflowing, desk and phone."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app import clock, organization
from app.database import db
from app.documents.fields import RequestFields
from app.handling.acts import requesting
from app.organization import Unit
from app.organization.demo import COUNTY
from app.organization.models import Person
from app.seals.certificates import holding, leaving
from app.seals.certificates.office import Office
from app.seals.keys import KeyEncryption, SoftwareKeys
from tests.browser.acts import Sit
from tests.browser.walking import faults_of
from tests.seals.certification import Certification
from tests.world import World

PAGES = [
    ("secretary", "/certificates/"),
    ("secretary", "/certificates/?state=suspended"),
    ("secretary", "/certificates/?q=nobody"),
    ("secretary", "/certificates/{frozen}"),
    ("secretary", "/certificates/{frozen}/resume"),
    ("archivist", "/certificates/{frozen}/revoke"),
    ("secretary", "/certificates/{gone}/return"),
    ("secretary", "/certificates/applications/{moved}/review"),
    ("secretary", "/certificates/applications/{moved}/refuse"),
    ("secretary", "/certificates/status?serial={serial}&at=2026-11-20T10:00"),
    ("leader", "/certificates/mine"),
    ("leader", "/certificates/{fresh}"),
    ("leader", "/certificates/{fresh}/accept"),
    ("leader", "/certificates/{fresh}/suspend"),
    ("printing", "/certificates/mine"),
    ("printing", "/requests/certificate/new"),
    ("leader2", "/tasks/{task}"),
]


@pytest.fixture
def certified(app: Flask, tmp_path: Path) -> dict[str, Any]:
    """Certificates in every state, and a change that the rules have opened."""
    with app.app_context():
        session = db.session()
        world = World(session)
        world.at = clock.now(session) - timedelta(days=2)
        keys = [
            SoftwareKeys(tmp_path / name, KeyEncryption(b"t" * 32)) for name in ("ours", "theirs")
        ]
        office = Office(keys[0], "https://oa.example.gov.cn")
        unit = session.query(Unit).filter_by(key=COUNTY).one()
        made = Certification.found(session, world, office, keys[1], unit)
        used, frozen = made.accepted("dept.head"), made.accepted("drafter")
        gone, fresh = made.accepted("dispatcher"), made.issue("leader")
        actor = world.actor
        holding.suspend(session, actor("drafter"), frozen.id, world.at, "载体昨晚丢失")
        holding.suspend(session, actor("dispatcher"), gone.id, world.at, "密码外泄")
        reason = "密钥已经失控"
        holding.revoke(session, actor("archivist"), gone.id, world.at, "insecure", reason)
        person = organization.person_by_login(session, "dept.deputy")
        made.accepted("dept.deputy")
        session.get_one(Person, person.id).active = False
        session.flush()
        leaving.follow_people(session, unit.id, world.at)
        session.commit()
        (moved,) = session.connection().exec_driver_sql(
            "SELECT id FROM certificate_application WHERE state = 'asked'"
        )
        fields = RequestFields(title="申请个人证书", body="办理签发业务需要。")
        asked = world._act(requesting.start_request, actor("leader2"), "certificate", fields)
        (task,) = world.open(asked.case)
        found = {
            **{"task": task.id},
            **{"used": used.id, "frozen": frozen.id, "gone": gone.id, "fresh": fresh.id},
            **{"serial": frozen.serial, "moved": moved[0]},
        }
        session.commit()
        db.session.remove()
    return found


def test_no_barrier_and_no_overflow(desk: Sit, certified: dict[str, Any]) -> None:
    assert not faults_of(desk, PAGES, certified, "证书")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
def test_a_loss_is_reported_and_a_second_person_releases(
    desk: Sit, certified: dict[str, Any], scripts: bool
) -> None:
    """As people do it: the holder freezes his certificate, the office looks, and releases it."""
    holder = desk("dept.head", scripts=scripts)
    page = holder.go("/certificates/mine")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="冻结证书（挂失）").click()
    page.get_by_role("button", name="冻结证书（挂失）").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明冻结的原因")
    page.get_by_label("原因").fill("找不到了")
    page.get_by_role("button", name="冻结证书（挂失）").click()
    expect(page.get_by_role("status").filter(has_text="证书已冻结")).to_be_visible()
    expect(page.get_by_role("link", name="解冻证书")).to_have_count(0)
    officer = desk("secretary", scripts=scripts)
    page = officer.go(f"/certificates/{certified['used']}")
    page.get_by_role("link", name="解冻证书").click()
    page.get_by_label("核实的情况").fill("载体在抽屉里找到，当面核对")
    page.get_by_role("button", name="解冻证书").click()
    expect(page.get_by_role("heading", name="有效")).to_be_visible()
