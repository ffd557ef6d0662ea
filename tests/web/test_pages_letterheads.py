"""红头模板: made and changed by the dispatcher, tried on a specimen page, offered to drafters."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.documents.letterheads import Letterhead, LetterheadVersion
from app.handling.views import paper
from tests.web.desk import Desk, Page
from tests.world import World

At = Callable[[str], Desk]
NOTICES: dict[str, Any] = {
    "name": "公文红头",
    "description": "通知、报告等公文。",
    "format": "文件",
    "words": "江洲县水务局文件",
    "signature": "江洲县水务局",
    "printed_by": "江洲县水务局办公室",
    "seal_diameter": "42",
    "do": "save",
}


@pytest.fixture
def at(app: Flask, password: str, world: World) -> At:
    def sign_in(login: str) -> Desk:
        desk = Desk(app, login, password, rest=world.session.rollback)
        assert desk.sign_in().status == 303
        return desk

    return sign_in


def send(desk: Desk, path: str, typed: dict[str, Any]) -> Page:
    return desk.press(path, "form.card", **typed)


@pytest.fixture
def made(at: At, world: World) -> Letterhead:
    assert send(at("dispatcher"), "/letterheads/new", NOTICES).status == 303
    return world.session.scalars(sa.select(Letterhead)).one()


def test_a_template_that_was_made_is_on_the_list_and_offered(at: At, made: Letterhead) -> None:
    desk = at("drafter")
    assert "公文红头" in desk.get("/letterheads/").answer.text
    assert "公文红头（其余文种）" in desk.get("/documents/new").answer.text


def test_the_likeness_has_the_letterhead_that_fits_the_kind(at: At, made: Letterhead) -> None:
    letters = {
        **NOTICES,
        "name": "函件信头",
        "format": "信函",
        "words": "江洲县水务局办公室",
        "kinds": ["函"],
    }
    assert send(at("dispatcher"), "/letterheads/new", letters).status == 303
    typed = {"direction": "parallel", "kind": "函", "title": "关于商请的函", "do": "preview"}
    assert (
        "江洲县水务局办公室"
        in at("drafter").press("/documents/new", "#drafting", **typed).answer.text
    )


def test_a_change_makes_a_version_and_the_old_one_stays(
    at: At, made: Letterhead, world: World
) -> None:
    changed = {**NOTICES, "description": "所有公文。", "version": "1"}
    assert send(at("dispatcher"), f"/letterheads/{made.id}", changed).status == 303
    page = at("drafter").get(f"/letterheads/{made.id}").answer.text
    assert "第 2 版" in page
    assert "第 1 版" in page
    assert world.session.scalar(sa.select(sa.func.count(LetterheadVersion.id))) == 2


def test_a_change_of_an_older_version_is_refused_and_kept_on_the_page(
    at: At, made: Letterhead
) -> None:
    changed = {**NOTICES, "description": "甲", "version": "1"}
    assert send(at("dispatcher"), f"/letterheads/{made.id}", changed).status == 303
    again = send(at("dispatcher"), f"/letterheads/{made.id}", {**changed, "description": "乙"})
    assert again.status == 409
    assert 'value="乙"' in again.answer.text


def test_a_withdrawn_template_is_offered_no_longer_until_it_is_restored(
    at: At, made: Letterhead
) -> None:
    dispatcher, drafter = at("dispatcher"), at("drafter")
    send(dispatcher, f"/letterheads/{made.id}", {**NOTICES, "do": "withdraw"})
    assert "公文红头" not in drafter.get("/documents/new").answer.text
    send(dispatcher, f"/letterheads/{made.id}", {**NOTICES, "do": "restore"})
    assert "公文红头" in drafter.get("/documents/new").answer.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "请填写模板名称。"),
        ({"description": ""}, "请填写模板说明。"),
        ({"format": "信函"}, "不加“文件”"),
        ({"words": "局" * 31}, "发文机关标志不能超过 30 个字。"),
        ({"kinds": ["令状"]}, "没有“令状”这一文种"),
        ({"seal_diameter": "41"}, "印章直径应为"),
        ({"seal_diameter": "60"}, "本单位级别所能用的 45 毫米"),
        ({"seal_diameter": "x"}, "印章直径填写不正确"),
    ],
)
def test_what_does_not_hold_is_said_at_its_field(at: At, typed: dict[str, Any], words: str) -> None:
    answer = send(at("dispatcher"), "/letterheads/new", {**NOTICES, **typed})
    assert answer.status == 422
    assert words in answer.answer.text


def test_a_name_is_taken_once(at: At, made: Letterhead) -> None:
    answer = send(at("dispatcher"), "/letterheads/new", NOTICES)
    assert (answer.status, "已有这个名称" in answer.answer.text) == (422, True)


def test_the_specimen_is_a_pdf_and_saves_nothing(at: At, world: World) -> None:
    answer = send(at("dispatcher"), "/letterheads/new", {**NOTICES, "do": "preview"})
    assert answer.status == 200
    assert answer.answer.headers["Content-Type"] == "application/pdf"
    assert world.session.scalars(sa.select(Letterhead)).all() == []


def test_other_units_do_not_see_it(at: At, made: Letterhead) -> None:
    assert at("city.dispatcher").get(f"/letterheads/{made.id}").status == 404


def test_a_signed_document_keeps_the_letterhead_of_its_sign_off(
    at: At, made: Letterhead, world: World
) -> None:
    done = world.draft(letterhead="公文红头")
    world.run(done, until="register_number")
    changed = {**NOTICES, "words": "江洲县水务局办公室文件", "version": "1"}
    assert send(at("dispatcher"), f"/letterheads/{made.id}", changed).status == 303
    page = at("drafter").get(f"/cases/{done.case.id}?tab=text").answer.text
    assert "江洲县水务局办公室文件" not in page


def test_what_is_restored_later_is_not_on_a_paper_that_was_signed_without_it(
    at: At, made: Letterhead, world: World
) -> None:
    dispatcher = at("dispatcher")
    send(dispatcher, f"/letterheads/{made.id}", {**NOTICES, "do": "withdraw"})
    done = world.draft()
    world.run(done, until="register_number")
    before = paper.sheet_of(world.session, world.document(done.case))
    changed = {**NOTICES, "words": "江洲县防汛办文件", "signature": "江洲县防汛办", "version": "2"}
    assert send(dispatcher, f"/letterheads/{made.id}", changed).status == 303
    send(dispatcher, f"/letterheads/{made.id}", {**changed, "do": "restore"})
    world.session.expire_all()
    assert paper.sheet_of(world.session, world.document(done.case)) == before
