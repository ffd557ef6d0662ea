"""What is filed, by whom, for how long, and what is not (ARC-12, ARC-47)."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling.acts import cancelling
from app.handling.filing import filing
from app.handling.filing.models import ArchiveItem
from app.handling.models import Case
from app.organization.models import Department
from tests.handling.filing.archiving import Archive

COPY = {"copy_recipients": ["江洲市水务局"]}
REASON = "涉及防汛责任，长期有查考价值。"


def department(archive: Archive, item: ArchiveItem) -> str:
    return archive.world.session.get_one(Department, item.department_id).key


def refused(
    archive: Archive, case: Case, login: str, kind: type[DomainError], words: str, *how: str
) -> None:
    with pytest.raises(kind, match=words):
        archive.file(case, login, *how)
    assert archive.world.session.scalars(sa.select(ArchiveItem)).all() == []


def test_what_was_sent_is_filed_as_it_is(archive: Archive) -> None:
    item = archive.filed()
    assert (item.title, item.number) == (
        "江洲县水务局关于做好冬季堤防巡查的通知",
        "江水〔2026〕1号",
    )
    assert (item.formed_on, item.year, item.class_code) == (date(2026, 11, 23), 2026, "WS")
    assert (item.proposed, item.retention, item.reason) == ("d30", "d30", "")
    assert (item.reference, item.accepted_at) == (None, None)
    assert department(archive, item) == "engineering"


def test_what_was_received_is_of_those_who_handled_it(archive: Archive) -> None:
    item = archive.file(archive.received(), "dept.head")
    assert department(archive, item) == "engineering"
    assert (item.number, item.formed_on) == ("江市水〔2026〕12号", date(2026, 11, 20))
    assert item.retention == "d10"


@pytest.mark.parametrize(
    ("fields", "retention"),
    [
        ({"kind": "通知"}, "d30"),
        ({"kind": "决定", "title": "江洲县水务局关于堤防管理的决定", **COPY}, "permanent"),
        ({"kind": "通知", "nature": "normative"}, "permanent"),
    ],
)
def test_retention_is_proposed_from_the_kind(
    archive: Archive, fields: dict[str, Any], retention: str
) -> None:
    assert archive.filed(**fields).retention == retention


def test_another_retention_needs_a_reason(archive: Archive) -> None:
    case = archive.sent()
    refused(archive, case, "drafter", Invalid, "改为永久须写明理由。（ARC-12）", "permanent", " ")
    refused(archive, case, "drafter", Invalid, "请从永久、定期30年、定期10年中选择", "long", REASON)
    item = archive.file(case, "drafter", "permanent", REASON)
    assert (item.proposed, item.retention, item.reason) == ("d30", "permanent", REASON)


@pytest.mark.parametrize("login", ["drafter", "dept.head", "dispatcher"])
def test_the_forming_department_and_the_dispatcher_file(archive: Archive, login: str) -> None:
    assert archive.file(archive.sent(), login).filed_by_id


@pytest.mark.parametrize("login", ["archivist", "office.head", "secretary", "leader"])
def test_others_who_may_read_it_do_not(archive: Archive, login: str) -> None:
    refused(archive, archive.sent(), login, NotAllowed, "由形成部门工程科或者收发员归档")


def test_who_may_not_read_it_does_not_find_it(archive: Archive) -> None:
    refused(archive, archive.sent(), "city.dispatcher", NotFound, "没有这个公文")


@pytest.mark.parametrize("step", ["draft", "leader_sign", "final_check_dispatch"])
def test_what_is_under_way_is_not_filed(archive: Archive, step: str) -> None:
    done = archive.world.draft()
    archive.world.run(done, step)
    refused(archive, done.case, "drafter", Conflict, "在办，办结以后才能归档。（ARC-47）")


def test_what_was_cancelled_is_not_filed(archive: Archive) -> None:
    done = archive.world.draft()
    archive.act(cancelling.cancel, "drafter", done.case.id, "不再发文。")
    refused(archive, done.case, "drafter", Conflict, "没有生效")


def test_it_is_filed_once(archive: Archive) -> None:
    item = archive.filed()
    case = archive.world.session.get_one(Case, item.case_id)
    with pytest.raises(Conflict, match=r"已由陈雨桐于 2026-11-23 .* 归档"):
        archive.file(case, "dispatcher")


def test_before_the_transfer_the_retention_can_be_set_right(archive: Archive) -> None:
    item = archive.filed()
    archive.act(filing.rearrange, "dept.head", item.id, "d10", "只通知一次。")
    assert (item.retention, item.reason) == ("d10", "只通知一次。")
    archive.act(filing.rearrange, "dept.head", item.id, "d30", "不再需要的理由")
    assert (item.retention, item.reason) == ("d30", "")
