"""The pages of 审批事项: from the list of what one may ask for to what has become of it."""

import io
from collections.abc import Callable

import pytest
from flask import Flask

from tests.documents.files import pdf
from tests.handling.test_requests import FORM, _short_trial, room
from tests.web.desk import Desk, Page
from tests.world import World

__all__ = ["_short_trial", "room"]

At = Callable[[str], Desk]


@pytest.fixture
def at(app: Flask, password: str, world: World) -> At:
    def sign_in(login: str) -> Desk:
        desk = Desk(app, login, password, rest=world.session.rollback)
        assert desk.sign_in().status == 303
        return desk

    return sign_in


def ask(desk: Desk, **typed: str) -> Page:
    form = desk.get("/requests/room/new").form("main form.card")
    file = {"file": (io.BytesIO(pdf()), "会议通知.pdf")}
    return desk.post("/requests/room/new", {**form, **FORM, "urgency": "none", **typed, **file})


def test_a_request_is_begun_with_its_evidence_and_submitted(at: At, room: World) -> None:
    desk = at("drafter")
    assert "测试" in desk.get("/requests").texts("main dl a")
    page = desk.get(ask(desk).leads_to)
    assert "会议通知.pdf" in " ".join(page.texts("main"))
    assert "召开防汛会商会。" in " ".join(page.texts("main dd"))
    assert "申请使用会议室" in " ".join(desk.get("/requests").texts("main td"))


def test_what_is_refused_stays_as_it_was_typed(at: At, room: World) -> None:
    page = ask(at("drafter"), title="")
    assert page.status == 422
    assert page.form("main form.card")["body"] == FORM["body"]


@pytest.mark.parametrize("path", ["/requests/outgoing/new", "/requests/nothing/new"])
def test_there_is_no_form_for_what_is_no_request(at: At, room: World, path: str) -> None:
    assert at("drafter").get(path).status == 404


def test_its_text_is_changed_at_its_first_step(at: At, room: World) -> None:
    desk = at("drafter")
    task = ask(desk).leads_to
    (edit,) = {each.get("href") for each in desk.get(task).root.cssselect("a[href$='/edit']")}
    form = desk.get(edit).form("main form.card")
    assert desk.post(edit, {**form, "body": "改为视频会商。", "do": "save"}).status == 303
    assert "改为视频会商。" in " ".join(desk.get(task).texts("main dd"))
