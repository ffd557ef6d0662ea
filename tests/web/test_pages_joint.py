"""The keeper of another unit seals a joint document on his own page."""

import hashlib

from flask import Flask

from tests.handling.signing.conftest import app, founded, office
from tests.handling.signing.direct import SigningOffice
from tests.handling.signing.test_joint import rename, seal_of
from tests.web.desk import Desk

__all__ = ["app", "founded", "office"]


def test_the_second_keeper_reads_the_page_and_seals_it(
    app: Flask, office: SigningOffice, password: str
) -> None:
    world = office.world
    seal_of(office, "东湖区水务局")
    done = world.draft(joint_issuers=["东湖区水务局"])
    first = office.run(done, "seal")
    assert first is not None
    office.complete(first, "seal.keeper")
    (task,) = world.open(done.case)
    task_id, case_id = task.id, done.case.id
    desk = Desk(app, "east.seal.keeper", password, rest=world.session.rollback)
    assert desk.sign_in().status == 303
    page = desk.get(f"/tasks/{task_id}")
    assert page.status == 200
    assert "江洲县水务局关于做好冬季堤防巡查的通知" in " ".join(page.texts("h1"))
    form = {**page.form("form[aria-labelledby=decision]"), "outcome": "seal"}
    asked = desk.post(f"/tasks/{task_id}/complete", form)
    assert "输入您的登录密码后用印" in asked.texts(".message[role=status]")[-1]
    shown = desk.get(f"/tasks/{task_id}/paper.pdf").answer.data
    form = {**asked.form("form[aria-labelledby=decision]"), "outcome": "seal"}
    assert form["paper_sha256"] == hashlib.sha256(shown).hexdigest()
    assert desk.post(f"/tasks/{task_id}/complete", {**form, "proof_password": password}).status == (
        303
    )
    world.session.rollback()
    assert world.document(done.case).state == "sealed"
    assert desk.get(f"/cases/{case_id}").status == 200


def test_what_a_renamed_unit_was_to_seal_can_be_looked_at_and_sent_back(
    app: Flask, office: SigningOffice, password: str
) -> None:
    world = office.world
    seal_of(office, "东湖区水务局")
    done = world.draft(joint_issuers=["东湖区水务局"])
    first = office.run(done, "seal")
    assert first is not None
    task_id, case_id = first.id, done.case.id
    office.complete(first, "seal.keeper")
    (second,) = world.open(done.case)
    second_id = second.id
    rename(office)

    def at(login: str) -> Desk:
        desk = Desk(app, login, password, rest=world.session.rollback)
        assert desk.sign_in().status == 303
        return desk

    assert at("drafter").get(f"/cases/{case_id}").status == 200
    assert at("process.admin").get(f"/process/cases/{case_id}").status == 200
    assert at("seal.keeper").get(f"/tasks/{task_id}").status in (200, 303)
    keeper = at("east.seal.keeper")
    page = keeper.get(f"/tasks/{second_id}")
    assert page.status == 200
    form = {**page.form("form[aria-labelledby=decision]"), "outcome": "seal"}
    refused = keeper.post(f"/tasks/{second_id}/complete", form)
    assert refused.status == 409
    assert "东湖区水务局" in refused.answer.text
    world.session.rollback()
    assert world.document(done.case).state == "numbered"
    world.send_back(world.open(done.case)[0], "east.seal.keeper", "leader_sign", opinion="已改名。")
    assert [each.step for each in world.open(done.case)] == ["leader_sign"]
