"""查阅记录: every look leaves one row before it is answered, and a refused one leaves none."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from app.audit import Access
from app.handling.models import Task
from app.web import accesses
from app.web.accesses import UNRECORDED
from tests.web.conftest import At, Caller
from tests.world import World


def rows(world: World) -> list[tuple[str, str, str, int | None]]:
    world.session.rollback()
    query = sa.select(Access.login, Access.kind, Access.subject, Access.number)
    return [tuple(row) for row in world.session.execute(query.order_by(Access.id))]


def test_whoever_opens_a_case_is_on_record(at: At, world: World, review: Task) -> None:
    case = review.case_id
    at("dept.head").get(f"/cases/{case}")
    assert rows(world) == [("dept.head", "read", "case", case)]
    row = world.session.scalars(sa.select(Access)).one()
    assert (row.what, row.address, row.by_program) == ("desk.case", "127.0.0.1", False)
    assert row.device.startswith("Werkzeug")
    assert row.name


def test_the_same_look_within_ten_minutes_is_one(at: At, world: World, review: Task) -> None:
    desk = at("dept.head")
    for minutes in (0, 9, 11, 12):
        later = at("dept.head") if minutes == 12 else desk
        later.at = desk.at.replace(minute=minutes)
        later.get(f"/cases/{review.case_id}")
    assert len(rows(world)) == 2


def test_a_program_is_recorded_as_one(
    call: Callable[[str], Caller], world: World, review: Task
) -> None:
    world.session.rollback()
    call("dept.head").get(f"/api/v1/cases/{review.case_id}/history")
    row = world.session.scalars(sa.select(Access)).one()
    assert (row.subject, row.number, row.by_program) == ("case", review.case_id, True)


def test_what_is_refused_leaves_no_look(
    call: Callable[[str], Caller], world: World, review: Task
) -> None:
    world.session.rollback()
    assert call("system.admin").get(f"/api/v1/cases/{review.case_id}").status_code == 404
    assert rows(world) == []


def test_lists_of_ones_own_are_nobodys_business(at: At, world: World) -> None:
    desk = at("drafter")
    for path in ("/", "/mine", "/documents/new", "/waiting"):
        assert desk.get(path).status == 200
    assert rows(world) == []


def test_what_no_database_keeps_is_replaced(at: At, world: World) -> None:
    assert at("auditor").get("/audit/accesses?person=%00x%0a").status == 200
    row = world.session.scalars(sa.select(Access)).one()
    assert row.part == "person=\N{REPLACEMENT CHARACTER}x\N{REPLACEMENT CHARACTER}"


def test_every_exception_exists_and_has_a_reason(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert set(UNRECORDED) <= known
    assert all(UNRECORDED.values())


def test_everything_else_is_told_apart_by_its_address() -> None:
    kinds = {
        "/documents/7": "read",
        "/documents/7/document.pdf": "print",
        "/api/v1/cases/7/process-sheet.pdf": "print",
        "/api/v1/documents/7/document.docx": "download",
        "/documents/7/attachments.zip": "download",
        "/numbers/register.pdf": "export",
        "/seal-uses/register.csv": "export",
    }
    assert {path: accesses.kind_of(path, "") for path in kinds} == kinds
    assert accesses.kind_of("/documents/7/attachments/2", "desk.attachment") == "download"


def test_what_cannot_be_recorded_is_not_shown(at: At, world: World, review: Task) -> None:
    desk = at("dept.head")
    world.session.rollback()
    world.session.execute(
        sa.text(
            "CREATE TRIGGER full BEFORE INSERT ON access_entry"
            " BEGIN SELECT RAISE(ABORT, 'no space'); END"
        )
    )
    world.session.commit()
    page = desk.get(f"/cases/{review.case_id}")
    assert (page.status, "暂时不能登记" in page.answer.text) == (503, True)
    assert "通知" not in page.text("main")
    assert "Content-Security-Policy" in page.answer.headers


def test_a_number_belongs_to_the_part_of_the_address_before_it() -> None:
    subjects = {
        "/audit/cases/7/replay": "case",
        "/api/v1/cases/7/replay": "case",
        "/process/cases/7": "case",
        "/supervision/cases/7/new": "case",
        "/process/proposals/7": "proposals",
        "/process/drafts/7/steps/draft": "drafts",
        "/documents/7/attachments/7": "document",
        "/audit/nets/7f": "audit",
    }
    assert {path: accesses.subject_of(path, 7) for path in subjects} == subjects
    assert accesses.subject_of("/audit/accesses", None) == "audit"


def test_a_replayed_case_is_found_by_the_case(at: At, world: World, review: Task) -> None:
    """And playing it afterwards leaves no row for every record that is shown."""
    desk = at("auditor")
    path = f"/audit/cases/{review.case_id}/replay"
    page = desk.get(path)
    assert rows(world) == [("auditor", "read", "case", review.case_id)]
    (look,) = {each.get("data-look") for each in page.root.cssselect("[data-look]")}
    for place in (1, 2):
        assert desk.get(f"{path}?part=moment&n={place}&look={look}").status == 200
    assert len(rows(world)) == 1
    assert desk.get(f"{path}?part=moment&n=1&look=forged").status == 200
    (_, forged) = world.session.scalars(sa.select(Access).order_by(Access.id))
    assert forged.part == "part=moment&n=1"


def test_what_is_taken_away_is_told_by_the_answer(
    at: At, call: Callable[[str], Caller], world: World, review: Task
) -> None:
    desk = at("auditor")
    page = desk.get("/audit/event-logs")
    (net, *_) = [each.get("href") for each in page.root.cssselect("a[href^='/audit/nets/']")]
    for path in ("/audit/event-log", net):
        assert desk.get(path).status == 200
    program = call("auditor")
    assert program.get("/api/v1/audit/event-log").status_code == 200
    assert program.get("/api/v1/audit/net?process=outgoing").status_code == 200
    world.session.rollback()
    query = sa.select(Access.what, Access.kind).where(Access.kind != "read").order_by(Access.id)
    assert [tuple(row) for row in world.session.execute(query)] == [
        ("audit.event_log", "export"),
        ("audit.net", "export"),
        ("api_flows.export_event_log", "export"),
        ("api_flows.export_net", "export"),
    ]
    assert accesses.kind_of("/cases/7/case-file/3", "", taken=True) == "download"
