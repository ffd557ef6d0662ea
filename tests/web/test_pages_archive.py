"""归档移交 on pages: whom they are shown to, what is refused, what is taken home, who looked."""

import csv
import io
import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.audit import Access, AuditEntry
from app.handling.acts import cancelling
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.recalling import recall
from app.handling.filing.models import ArchiveItem, ArchiveTransfer
from app.handling.inspection import accesses
from app.handling.models import Case, Circulation
from tests.handling.filing.archiving import Archive
from tests.web.conftest import At, Caller
from tests.world import World

REFERENCE = "江水-WS·2026-D30-ENGINEERING-0001"


@pytest.fixture
def archive(world: World) -> Archive:
    return Archive(world)


def test_the_way_in_is_for_those_whom_it_concerns(at: At, archive: Archive) -> None:
    archive.filed()
    for login in ("drafter", "dept.head", "dispatcher", "archivist"):
        desk = at(login)
        assert "归档移交" in desk.get("/").texts("header nav a")
        assert desk.get("/archive/").status == 200
    assert "归档移交" not in at("leader").get("/").texts("header nav a")
    for login in ("auditor", "system.admin", "security.admin"):
        for path in ("", "unfiled", "filed", "collection", "transfers", "catalogue.csv"):
            assert at(login).get(f"/archive/{path}").status == 403


def test_who_does_not_file_has_nothing_to_tick(at: At, archive: Archive) -> None:
    case = archive.sent().id
    assert at("drafter").get("/archive/unfiled").root.cssselect("input[name=item]")
    page = at("archivist").get("/archive/unfiled")
    assert len(page.root.cssselect("tr[data-case]")) == 1
    assert page.root.cssselect("input[name=item]") == []
    assert at("archivist").get(f"/archive/cases/{case}").root.cssselect("form.card") == []


def test_all_that_were_ticked_are_filed_or_none(at: At, archive: Archive) -> None:
    """A colleague has filed one of them meanwhile."""
    cases = [archive.sent().id for _ in range(2)]
    desk = at("drafter")
    form = desk.get("/archive/unfiled").form("main form[method=post]")
    archive.file(archive.world.session.get_one(Case, cases[1]), "dept.head")
    refused = desk.post("/archive/unfiled", {**form, "item": cases})
    assert refused.status == 409
    assert "已由王建军于" in refused.text("[role=alert]")
    session = archive.world.session
    session.rollback()
    assert list(session.scalars(sa.select(ArchiveItem.case_id))) == [cases[1]]
    nothing = desk.post("/archive/unfiled", form)
    assert (nothing.status, nothing.text("[role=alert]")) == (422, "请先勾选要归档的公文。")


def test_what_was_typed_comes_back_with_the_reason(at: At, archive: Archive) -> None:
    case = archive.sent().id
    desk = at("drafter")
    path = f"/archive/cases/{case}"
    refused = desk.press(path, "form.card", retention="permanent", reason="")
    assert refused.status == 422
    assert "改为永久须写明理由" in refused.text(".errors")
    assert refused.form("form.card")["retention"] == "permanent"
    done = desk.press(path, "form.card", retention="permanent", reason="有查考价值。")
    assert done.leads_to.endswith("/archive/filed")
    assert "改动理由：有查考价值。" in desk.get(path).text("section[aria-labelledby=entry]")


def test_a_line_is_returned_with_its_reason_on_the_page(at: At, archive: Archive) -> None:
    items = [archive.filed(), archive.filed()]
    transfer = archive.propose(*items).id
    ident, other = (each.id for each in items)
    desk = at("archivist")
    page = desk.get(f"/archive/transfers/{transfer}")
    form, whole = (page.form(f"form[action$={verb}]") for verb in ("accept", "return"))
    path = f"/archive/transfers/{transfer}/accept"
    refused = desk.post(path, {**form, "returned": [ident], f"reason-{other}": "误填"})
    assert refused.status == 422
    (link,) = refused.root.cssselect(".errors a")
    assert refused.root.cssselect(f"{link.get('href')}[aria-invalid=true]")
    assert refused.root.cssselect(f"input[value='{ident}'][checked]")
    done = desk.post(path, {**form, "returned": [ident], f"reason-{ident}": "缺附件。"})
    assert done.leads_to.endswith(f"/archive/transfers/{transfer}")
    assert "退回原因：缺附件。" in at("drafter").get("/archive/filed").text("table")
    again = desk.post(f"/archive/transfers/{transfer}/return", {**whole, "reason": "不符"})
    assert again.status == 409


def test_what_is_not_clearly_returned_is_not_accepted(at: At, archive: Archive) -> None:
    """A number is given for good: a reason without its tick, or a tick of nothing, stops all."""
    item = archive.filed()
    transfer, ident = archive.propose(item).id, item.id
    desk, path = at("archivist"), f"/archive/transfers/{transfer}/accept"
    form = desk.get(f"/archive/transfers/{transfer}").form("form[action$=accept]")
    reason = f"reason-{ident}"
    refused = desk.post(path, {**form, reason: "缺附件。"})
    assert refused.status == 422
    assert "填写了退回原因，但没有勾选退回" in refused.text(f"#{reason}-error")
    assert refused.root.cssselect(f"#{reason}[value='缺附件。'][aria-invalid=true]")
    for ticked in ("x", "-1", "1.0", "²", "9" * 5000):
        refused = desk.post(path, {**form, "returned": ticked})
        assert refused.status == 422
        assert "没有接收任何一件" in refused.text("[role=alert]")
    refused = desk.post(path, {**form, "returned": 10**18 - 1, f"reason-{10**18 - 1}": "不符。"})
    assert (refused.status, len(refused.root.cssselect("#returned"))) == (422, 1)
    archive.world.session.expire_all()
    assert (item.reference, item.accepted_at) == (None, None)
    assert desk.post(path, form).status == 303


def test_what_cannot_be_put_on_a_list_is_said_where_it_is(at: At, archive: Archive) -> None:
    items = [archive.filed().id, archive.filed("sole.head").id]
    desk = at("dispatcher")
    form = desk.get("/archive/filed").form("main form[method=post]")
    nothing = desk.post("/archive/filed", form)
    assert (nothing.status, nothing.text("[role=alert]")) == (422, "请先勾选要移交的档案件。")
    assert nothing.root.cssselect(".errors a") == []
    several = desk.post("/archive/filed", {**form, "item": items})
    assert several.status == 422
    (link,) = several.root.cssselect(".errors a")
    assert "只列一个部门" in link.text
    assert several.root.cssselect(link.get("href"))


def test_who_looks_at_the_entry_has_not_read_the_document(at: At, archive: Archive) -> None:
    """So a copy that was sent to him can still be taken back (CIR-02)."""
    case = archive.sent()
    form = Circulate(readers=("sole.head",), kind="circulate", words="请阅。")
    (copy,) = archive.act(circulate, "drafter", case.document_id, form)
    path, ident = f"/archive/cases/{case.id}", copy.id
    assert at("sole.head").get(path).status == 200
    session = archive.world.session
    session.expire_all()
    assert session.get_one(Circulation, ident).read_at is None
    archive.act(recall, "drafter", case.document_id, ident)
    assert at("sole.head").get(path).status == 404


def test_a_document_without_entry_says_why_it_has_none(at: At, archive: Archive) -> None:
    running, ended = archive.world.draft().case.id, archive.world.draft().case.id
    archive.act(cancelling.cancel, "drafter", ended, "不再需要。")
    desk = at("drafter")

    def said(case: int) -> str:
        return desk.get(f"/archive/cases/{case}").text("section[aria-labelledby=entry] .in > p")

    assert said(running).endswith("办结以后才能归档。（ARC-47）")
    assert said(ended).endswith("没有生效（作废、撤销或者退文），不归档。")


def test_the_office_head_is_offered_no_change_of_keywords_any_more(
    at: At, archive: Archive
) -> None:
    item = archive.filed()
    path = f"/cases/{item.case_id}"

    def offered(login: str) -> bool:
        sheet = at(login).get(f"{path}?tab=sheet")
        return bool(sheet.root.cssselect("a[href$='/keywords']"))

    assert offered("office.head")
    archive.accept(archive.propose(item))
    assert not offered("office.head")
    assert offered("archivist")
    link = at("drafter").get(path).text(f"a[href='/archive/cases/{item.case_id}']")
    assert link == f"档号 {REFERENCE}"


def test_looks_and_exports_are_on_record(at: At, archive: Archive) -> None:
    item = archive.filed()
    transfer = archive.accept(archive.propose(item)).id
    desk = at("archivist")
    for path in (f"items/{item.id}", f"transfers/{transfer}", "catalogue.csv", "catalogue.xlsx"):
        assert desk.get(f"/archive/{path}").status == 200
    session = archive.world.session
    session.rollback()
    query = sa.select(Access.kind, Access.subject, Access.number).order_by(Access.id)
    assert [tuple(row) for row in session.execute(query)] == [
        *(("read", "archive_item", item.id), ("read", "transfer", transfer)),
        *(("export", "archive", None), ("export", "archive", None)),
    ]


def test_looks_are_found_by_the_document(
    at: At, call: Callable[[str], Caller], archive: Archive
) -> None:
    """Those at its entry, at a list that it is on, and at who answers for it."""
    item, other = archive.filed(), archive.filed()
    archive.propose(other)
    transfer = archive.propose(item).id
    case, title = item.case_id, item.title
    for path in (f"items/{item.id}", f"items/{other.id}", f"transfers/{transfer}"):
        assert at("archivist").get(f"/archive/{path}").status == 200
    program = call("archivist")
    archive.world.session.rollback()
    assert program.get(f"/api/v1/archive/cases/{case}/responsibility").status_code == 200
    session = archive.world.session
    session.rollback()
    seen = accesses.listed(session, accesses.Wanted(case=case), 9)
    assert [(each.subject, each.number, each.title) for each in reversed(seen)] == [
        *(("archive_item", item.id, title), ("transfer", transfer, "")),
        ("case", case, title),
    ]
    assert accesses.counted(session, accesses.Wanted(number=item.number)) == {"read": 3}
    assert len(accesses.listed(session, accesses.Wanted(), 9)) == 4


def test_a_year_that_no_calendar_has_is_refused(
    at: At, call: Callable[[str], Caller], archive: Archive
) -> None:
    archive.filed()
    program, path = call("archivist"), "/api/v1/archive/items?year="
    archive.world.session.rollback()
    for year in (1, 1999, 2100, 9999, 10**30, -2026):
        refused = program.get(f"{path}{year}")
        assert refused.status_code == 422, year
        assert "年度应在 2000 年至 2099 年之间" in refused.json["detail"]
        assert at("archivist").get(f"/archive/collection?year={year}").status == 200
    found = {year: program.get(f"{path}{year}").json["total"] for year in (0, 2000, 2026, 2099)}
    assert found == {0: 1, 2000: 0, 2026: 1, 2099: 0}


def test_an_export_is_of_what_the_list_is_narrowed_to(at: At, archive: Archive) -> None:
    archive.filed()
    archive.sent(title="江洲县水务局关于水闸检修的通知")
    desk = at("dispatcher")

    def titles(query: str) -> list[str]:
        text = desk.get(f"/archive/catalogue.csv?{query}").answer.data.decode("utf-8-sig")
        return [line["题名"] for line in csv.DictReader(io.StringIO(text))]

    assert titles("") == []
    assert len(titles("list=collection&year=0")) == 2
    assert titles("list=unfiled&q=水闸") == ["江洲县水务局关于水闸检修的通知"]
    assert titles("list=unfiled&year=2025") == []


@pytest.mark.parametrize("path", ["items/1", "transfers/1", "cases/1"])
def test_what_another_unit_has_is_not_there(at: At, archive: Archive, path: str) -> None:
    archive.propose(archive.filed())
    hidden = at("city.archivist").get(f"/archive/{path}")
    absent = at("city.archivist").get(f"/archive/{path.replace('1', '99')}")
    assert hidden.status == absent.status == 404
    assert hidden.text("main") == absent.text("main")
    session = archive.world.session
    assert session.scalars(sa.select(ArchiveTransfer)).one().state == "proposed"
    query = sa.select(AuditEntry.body).where(AuditEntry.action == "request.refused")
    (detail,) = [json.loads(body)["detail"] for body in session.scalars(query)]
    assert (detail["path"], detail["code"]) == (f"/archive/{path}", "hidden")
