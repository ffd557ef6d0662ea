"""检索, 抽样 and 查阅记录 as the auditor's pages, and the review of his own acts."""

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy.orm import sessionmaker

from app.audit import Access, AuditEntry, accesses
from app.database import db
from app.documents.storage import Store
from app.handling.casefile import verify
from app.handling.inspection import ordering
from tests.web.conftest import At
from tests.world import World


def test_a_search_finds_what_has_just_happened(at: At, world: World) -> None:
    world.draft()
    desk = at("auditor")
    page = desk.get("/audit/search?words=拟稿&all=1")
    assert page.status == 200
    page = desk.get("/audit/search?action=case.started")
    assert page.text("h2.under") == "找到 1 条"
    (link,) = page.root.cssselect("td.title a")
    assert link.get("href") == "/audit/cases/1/replay"
    entry = desk.get(page.root.cssselect("td.number a")[0].get("href"))
    assert "case.started" in entry.text("pre")


def test_searches_are_kept_by_name_and_are_ones_own(at: At, world: World) -> None:
    world.draft()
    desk = at("auditor")
    path = "/audit/search?action=case.started&person=drafter"
    assert desk.press(path, "form[action='/audit/searches']", name="新发起").status == 303
    (kept,) = desk.get("/audit/search").root.cssselect("#saved + .in a")
    assert (kept.text, kept.get("href")) == (
        "新发起",
        "/audit/search?person=drafter&action=case.started",
    )
    dropped = desk.press("/audit/search", "form[action='/audit/searches/1/drop']")
    assert dropped.status == 303
    assert not desk.get("/audit/search").root.cssselect("#saved")


def test_a_sample_is_drawn_from_what_was_found(at: At, world: World) -> None:
    for _ in range(3):
        world.draft()
    desk = at("auditor")
    form = "form[action='/audit/samples']"
    page = desk.press("/audit/search?action=case.started", form, seed="", count="2")
    assert (page.status, "请填写种子" in page.answer.text) == (422, True)
    page = desk.press("/audit/search?action=case.started", form, seed="2026-07", count="2")
    assert page.status == 303
    (sample,) = desk.get("/audit/search").root.cssselect("#samples + .in a")
    assert sample.text == "3 件中抽 2 件，种子“2026-07”"
    page = desk.get(sample.get("href"))
    assert "结果相同" in page.text(".message p")
    assert len(page.texts("tbody tr")) == 2


def test_fields_that_mean_nothing_are_named(at: At) -> None:
    page = at("auditor").get("/audit/search?since=2026-02-30")
    assert page.status == 422
    assert "日期应写成" in page.text("#since-error")
    page = at("auditor").get("/audit/accesses?until=x")
    assert (page.status, "日期应写成" in page.text("#until-error")) == (422, True)


def test_looks_are_listed_page_by_page(at: At, world: World) -> None:
    done = world.draft()
    drafter, desk = at("drafter"), at("auditor")
    for tab in range(55):
        drafter.get(f"/cases/{done.case.id}?tab={tab}")
    assert "55 次" not in desk.get("/audit/accesses").text("main")
    page = desk.get("/audit/accesses?person=drafter")
    assert "查看 55 次" in page.text("main")
    assert len(page.texts("tbody tr")) == 50
    (older,) = page.root.cssselect("a[rel=next]")
    assert len(desk.get(older.get("href")).texts("tbody tr")) == 5
    assert page.texts("tbody td.title a")[0] == world.document(done.case).title


def test_what_auditors_did_is_signed_once(at: At, world: World) -> None:
    at("auditor").get("/audit/accesses")
    desk = at("security.admin")
    accesses.seal(world.session, world.at)
    world.session.commit()
    form = "form[action='/security/auditors']"
    page = desk.press("/security/auditors", form, finding="")
    assert (page.status, "请填写复核意见" in page.answer.text) == (422, True)
    open_page = desk.get("/security/auditors")
    sent = open_page.form(form) | {"finding": "均有检查任务。"}
    assert desk.post("/security/auditors", sent).status == 303
    page = desk.get("/security/auditors")
    assert "均有检查任务。" in page.text("#reviews + .in")
    again = desk.post("/security/auditors", {**sent, "once": "another"})
    assert (again.status, "已经复核过" in again.answer.text) == (409, True)
    beyond = desk.post("/security/auditors", {**sent, "once": "third", "look": "999999"})
    assert beyond.status == 409


def test_a_pack_is_asked_for_made_and_taken_away(at: At, app: Flask, world: World) -> None:
    world.draft()
    desk = at("auditor")
    form = "form[action='/audit/packs']"
    page = desk.press("/audit/packs", form, seed="", year="26")
    assert (page.status, len(page.texts(".errors li"))) == (422, 2)
    assert desk.press("/audit/packs", form, seed="第七号", year="2026").status == 303
    assert "等待制作" in desk.get("/audit/packs").text("tbody tr")
    assert desk.get("/audit/packs/1/pack.zip").status == 404
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    world.session.rollback()
    with app.app_context():
        sessions = sessionmaker(db.engine)
        assert ordering.maker(key)(sessions, lambda: False) == 1
        assert ordering.maker(key)(sessions, lambda: False) == 0
    (link,) = desk.get("/audit/packs").root.cssselect("tbody td.title a")
    packed = desk.get(link.get("href")).answer.data
    assert "index.html" in verify.unpack(packed)
    world.session.rollback()
    query = sa.select(AuditEntry.action).order_by(AuditEntry.seq)
    actions = list(world.session.scalars(query))
    assert actions[-2:] == ["audit.pack_asked", "audit.packed"]
    looks = world.session.scalars(sa.select(Access.kind).where(Access.what == "audit.pack"))
    assert list(looks) == ["download"]


def test_a_pack_that_cannot_be_made_says_why(at: At, app: Flask, world: World) -> None:
    world.draft()
    desk = at("auditor")
    desk.press("/audit/packs", "form[action='/audit/packs']", seed="1", year="2026")
    world.session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
    world.session.execute(sa.text("UPDATE audit_entry SET body = body || ' ' WHERE seq = 3"))
    world.session.commit()
    with app.app_context():
        key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
        assert ordering.maker(key)(sessionmaker(db.engine), lambda: False) == 1
    assert "没有做成" in desk.get("/audit/packs").text("tbody tr")


def test_a_pack_that_nobody_foresaw_keeps_no_other_waiting(
    at: At, app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at("auditor")
    for seed in ("1", "2"):
        desk.press("/audit/packs", "form[action='/audit/packs']", seed=seed, year="2026")
    put = Store.put

    def full_once(store: Store, data: bytes) -> str:
        monkeypatch.setattr(Store, "put", put)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "put", full_once)
    world.session.rollback()
    with app.app_context():
        key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
        assert ordering.maker(key)(sessionmaker(db.engine), lambda: False) == 2
    states = desk.get("/audit/packs").texts("tbody tr")
    assert "重新制作" in states[1]
    assert "没有做成" not in states[0]
