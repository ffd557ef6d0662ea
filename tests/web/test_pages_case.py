"""The case page: where a case lies, its whole way, and giving it up."""

import io

import pytest
import sqlalchemy as sa

from app.handling.acts import editing
from app.handling.models import Case, Notice
from tests.web.conftest import At
from tests.world import World

CANCEL = "form[action$=cancel]"


def test_it_says_where_the_case_lies_and_until_when(at: At, world: World) -> None:
    done = world.draft()
    world.run(done, "office_check")
    page = at("drafter").get(f"/cases/{done.case.id}")
    place = page.text("section[aria-labelledby=now]")
    assert "办公室负责人把关 赵文涛" in place
    assert "剩" in place
    assert "去办理" not in place
    mine = at("office.head").get(f"/cases/{done.case.id}")
    assert "去办理" in mine.text("section[aria-labelledby=now]")


def test_opening_it_reads_its_notices(at: At, world: World) -> None:
    done = world.draft()
    world.run(done)
    unread = sa.select(sa.func.count()).select_from(Notice).where(Notice.read_at.is_(None))
    assert world.session.scalar(unread) == 1
    page = at("drafter").get(f"/cases/{done.case.id}")
    assert "办结" in page.text("section[aria-labelledby=now]")
    assert "江水〔2026〕1号" in page.text(".sheet")
    world.session.rollback()
    assert world.session.scalar(unread) == 0


def test_the_drafter_gives_it_up_with_a_reason(at: At, world: World) -> None:
    done = world.draft()
    world.run(done, "office_check")
    case_id = done.case.id
    drafter = at("drafter")
    refused = drafter.press(f"/cases/{case_id}", CANCEL, reason=" ")
    assert refused.status == 422
    assert "撤销须写明原因" in refused.text("#reason-error")
    given_up = drafter.press(f"/cases/{case_id}", CANCEL, reason="事项已变更")
    assert given_up.leads_to == f"/cases/{case_id}"
    page = drafter.get(f"/cases/{case_id}")
    assert "已撤销" in page.text(".message.done")
    assert not page.root.cssselect(CANCEL)
    assert "事项已变更" in drafter.get(f"/cases/{case_id}?tab=record").text("main")
    world.session.rollback()
    assert world.session.get_one(Case, case_id).state == "cancelled"


def test_nobody_else_gives_it_up(at: At, world: World) -> None:
    done = world.draft()
    world.run(done, "office_check")
    case_id = done.case.id
    form = at("drafter").get(f"/cases/{case_id}").form(CANCEL) | {"reason": "不办了"}
    head = at("office.head")
    page = head.get(f"/cases/{case_id}")
    assert not page.root.cssselect(CANCEL)
    form["csrf_token"] = page.form("header form[action$=sign-out]")["csrf_token"]
    refused = head.post(f"/cases/{case_id}/cancel", form)
    assert refused.status == 403
    assert "只有拟稿人本人可以撤销" in refused.text("div.message.bad")


def test_what_is_signed_is_not_given_up(at: At, world: World) -> None:
    done = world.draft()
    world.run(done, "leader_sign")
    case_id = done.case.id
    drafter = at("drafter")
    form = drafter.get(f"/cases/{case_id}").form(CANCEL) | {"reason": "不发了"}
    world.run(done, "register_number")
    late = drafter.post(f"/cases/{case_id}/cancel", form)
    assert late.status == 409
    assert "此件已签发，不能撤销" in late.text("div.message.bad")
    assert not late.root.cssselect(CANCEL)
    world.session.rollback()
    assert world.session.get_one(Case, case_id).state == "running"


@pytest.mark.parametrize("login", ["city.leader", "east.drafter", "printing", "auditor"])
def test_hidden_and_absent_have_the_same_page(at: At, world: World, login: str) -> None:
    case_id = world.draft().case.id
    desk = at(login)
    hidden, absent = desk.get(f"/cases/{case_id}"), desk.get("/cases/999999")
    assert hidden.status == absent.status == 404
    assert hidden.text("main") == absent.text("main")


@pytest.mark.parametrize("tab", ["text", "sheet", "files", "diagram", "record", "versions"])
def test_a_received_document_has_every_tab(at: At, world: World, tab: str) -> None:
    done = world.register()
    page = at("secretary").get(f"/cases/{done.case.id}?tab={tab}")
    assert page.status == 200
    assert page.text("h1") == "江洲市水务局关于开展河道清障的通知"


def test_the_address_of_an_attachment_saves_it_and_never_shows_it(at: At, world: World) -> None:
    done = world.draft()
    document_id = done.case.document_id
    uploads = editing.take_in([("清单.txt", io.BytesIO("编号,数量\n1,2\n".encode()))])
    world._act(editing.save, world.actor("drafter"), document_id, editing.Save({}, uploads=uploads))
    (attached,) = world.document(done.case).attachments
    path = f"/documents/{document_id}/attachments/{attached.id}"
    drafter = at("drafter")
    page = drafter.get(f"/cases/{done.case.id}?tab=files")
    assert page.text("td:first-child a") == "清单.txt"
    assert "附件 1" in page.texts(".tabs a")
    answer = drafter.get(path).answer
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert at("east.drafter").get(path).status == 404
    assert drafter.get(f"/documents/{document_id}/attachments/999").status == 404


def test_the_address_of_giving_up_leads_back(at: At, world: World) -> None:
    case_id = world.draft().case.id
    assert at("drafter").get(f"/cases/{case_id}/cancel").leads_to == f"/cases/{case_id}"
