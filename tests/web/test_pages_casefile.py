"""卷宗包 on pages: asked for, made by the scheduler, taken away, all on record."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import sessionmaker

from app.audit import AuditEntry
from app.database import db
from app.handling.casefile import making, packing, verify
from app.handling.equipment import equipment
from app.handling.models import Case
from tests.handling.casefiles import KEY, PUBLIC
from tests.web.conftest import At
from tests.world import World

FORM = "form[action$='/case-file']"


@pytest.fixture
def make(app: Flask) -> Callable[[], int]:
    """The scheduler's errand, once."""
    errand = making.maker(KEY, equipment().store)
    return lambda: errand(sessionmaker(db.engine), lambda: False)


@pytest.fixture
def case(world: World) -> Case:
    done = world.draft()
    world.run(done, "seal")
    return done.case


def entries(world: World, action: str) -> list[dict[str, object]]:
    world.session.rollback()
    query = sa.select(AuditEntry.body).where(AuditEntry.action == action)
    return [json.loads(each) for each in world.session.scalars(query)]


def test_it_is_asked_for_made_and_taken_away(
    at: At, world: World, case: Case, make: Callable[[], int]
) -> None:
    auditor, address = at("auditor"), f"/cases/{case.id}/case-file"
    page = auditor.press(address, FORM)
    assert page.status == 303
    page = auditor.get(address)
    assert "正在制作" in page.text("#asked td:nth-child(2)")
    assert "every 5s" in page.answer.text
    assert auditor.press(address, FORM).status == 303  # once more changes nothing
    assert len(entries(world, "casefile.asked")) == 1
    world.session.rollback()
    assert make() == 1
    assert make() == 0
    page = auditor.get(address)
    assert "every 5s" not in page.answer.text
    assert page.text("#asked td:nth-child(2)") == "下载"
    taken = auditor.get(f"{address}/1").answer
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert "都与记录相符" in verify.verify(taken.data, PUBLIC)[2]
    (told,) = entries(world, "audit.exported")
    assert told["actor"] == {"id": world.actor("auditor").person_id, "login": "auditor"} | {
        "name": world.actor("auditor").name
    }
    assert told["case"] == case.id


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("drafter", 200),
        ("secretary", 200),
        ("auditor", 200),
        ("dept.head", 403),
        ("leader", 403),
        ("seal.keeper", 403),
        ("process.admin", 404),
        ("system.admin", 404),
    ],
)
def test_only_who_may_see_all_of_it_may_take_it(
    at: At, world: World, case: Case, login: str, status: int
) -> None:
    address = f"/cases/{case.id}/case-file"
    world.session.commit()
    assert at(login).get(address).status == status
    if status == 200 and login != "auditor":
        assert address in at(login).get(f"/cases/{case.id}").answer.text
    assert at(login).get(f"{address}/1").status == (404 if status == 200 else status)


def test_the_auditor_gets_there_by_the_number_of_the_case(at: At, case: Case) -> None:
    auditor = at("auditor")
    assert auditor.get(f"/audit/case-file?case={case.id}").status == 302
    page = auditor.get("/audit/case-file?case=x")
    assert (page.status, "件的编号应为数字" in page.answer.text) == (404, True)
    assert auditor.get(f"/cases/{10**6}/case-file").status == 404


def test_what_cannot_be_made_says_why(
    at: At, world: World, case: Case, make: Callable[[], int]
) -> None:
    address = f"/cases/{case.id}/case-file"
    at("auditor").press(address, FORM)
    world.session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
    world.session.execute(sa.text("UPDATE audit_entry SET body = body || ' ' WHERE seq = 2"))
    world.session.commit()
    assert make() == 0
    page = at("auditor").get(address)
    assert "没有制成" in page.text("#asked td:nth-child(2)")
    assert "第 2 条记录不完整" in page.text("#asked td:nth-child(2)")
    assert [each["outcome"] for each in entries(world, "casefile.made")] == ["failed"]


def test_a_spoilt_entry_or_a_full_disk_keeps_no_other_waiting(
    at: At, world: World, case: Case, make: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one is marked as failed with a sentence, the next one is made in the same tick."""
    other = world.draft().case
    world.session.commit()
    auditor = at("auditor")
    for each in (case, other):
        auditor.press(f"/cases/{each.id}/case-file", FORM)

    def spoilt(_session: object, case_id: int, *_: object) -> bytes:
        if case_id == case.id:
            raise ValueError("no JSON")
        return b"made"

    monkeypatch.setattr(packing, "case_file", spoilt)
    world.session.rollback()
    assert make() == 1
    assert make() == 0
    page = auditor.get(f"/cases/{case.id}/case-file")
    assert "核验整条记录" in page.text("#asked")
    assert entries(world, "casefile.made")[0]["outcome"] == "failed"
