"""Lists of transfer: made, withdrawn, accepted, returned; both sides are two people (ARC-15)."""

from typing import Any

import pytest
import sqlalchemy as sa

from app import audit, clock
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling.filing import filing, sheets, transferring
from app.handling.filing.models import ArchiveTransfer
from app.handling.filing.transferring import accept, propose, send_back, withdraw
from app.handling.models import Case, Notice
from app.handling.replaying import rebuilding
from tests.features.rows import all_rows
from tests.handling.filing.archiving import Archive
from tests.handling.test_statements import statements


def refused(
    archive: Archive, operation: Any, login: str, kind: type[DomainError], words: str, *values: Any
) -> None:
    """Nothing but the record of the refusal is left."""
    before = all_rows(archive.world.session)
    with pytest.raises(kind, match=words):
        archive.act(operation, login, *values)
    assert all_rows(archive.world.session) == before


def test_accepted_items_get_their_numbers_in_order(archive: Archive) -> None:
    items = [archive.filed() for _ in range(2)]
    longer = archive.file(archive.sent(), "drafter", "permanent", "有查考价值。")
    transfer = archive.propose(longer, *reversed(items))
    archive.accept(transfer)
    assert [each.reference for each in (*items, longer)] == [
        *("江水-WS·2026-D30-ENGINEERING-0001", "江水-WS·2026-D30-ENGINEERING-0002"),
        "江水-WS·2026-Y-ENGINEERING-0001",
    ]
    assert (transfer.name, transfer.state) == ("2026-1", "accepted")
    assert archive.results(transfer) == ["accepted"] * 3


def test_one_line_goes_back_and_comes_again(archive: Archive) -> None:
    """ARC-16: the number of what was returned is not left out."""
    first, second = archive.filed(), archive.filed()
    transfer = archive.accept(archive.propose(first, second), {first.id: "保管期限应为永久。"})
    assert transfer.state == "accepted"
    assert archive.results(transfer) == ["returned", "accepted"]
    assert (first.reference, second.sequence) == (None, 1)
    (line,) = archive.lines("drafter", state="filed")
    assert (line.item_id, line.returned) == (first.id, "保管期限应为永久。")
    assert told(archive, "drafter") == ["移交清单 2026-1 有 1 件退回重新整理：保管期限应为永久。"]
    archive.act(filing.rearrange, "drafter", first.id, "permanent", "档案员要求。")
    archive.accept(archive.propose(first))
    assert first.reference == "江水-WS·2026-Y-ENGINEERING-0001"
    assert archive.results(transfer) == ["returned", "accepted"]


def test_a_list_of_which_every_line_goes_back_is_returned(archive: Archive) -> None:
    item = archive.filed()
    assert archive.accept(archive.propose(item), {item.id: "缺附件。"}).state == "returned"


def test_of_many_that_go_back_their_maker_is_told_once(archive: Archive) -> None:
    items = [archive.filed() for _ in range(3)]
    archive.act(send_back, "archivist", archive.propose(*items).id, "缺附件。")
    assert told(archive, "drafter") == ["移交清单 2026-1 有 3 件退回重新整理：缺附件。"]
    assert told(archive, "archivist") == []


def test_the_whole_list_is_returned_with_a_reason(archive: Archive) -> None:
    item = archive.filed()
    transfer = archive.propose(item)
    refused(archive, send_back, "archivist", Invalid, "须写明原因", transfer.id, "  ")
    archive.act(send_back, "archivist", transfer.id, "请按年度分开。")
    assert (transfer.state, transfer.reason) == ("returned", "请按年度分开。")
    assert archive.lines("drafter", state="filed")[0].returned == "请按年度分开。"
    assert told(archive, "drafter") == ["移交清单 2026-1 有 1 件退回重新整理：请按年度分开。"]
    refused(archive, accept, "archivist", Conflict, "已由.*退回", transfer.id)


def test_its_maker_withdraws_it_until_it_is_decided(archive: Archive) -> None:
    item = archive.filed()
    transfer = archive.propose(item)
    refused(archive, withdraw, "dept.head", NotAllowed, "由移交人陈雨桐撤回", transfer.id)
    archive.act(withdraw, "drafter", transfer.id)
    assert archive.results(transfer) == ["withdrawn"]
    assert archive.lines("drafter", state="filed")[0].returned == ""
    again = archive.accept(archive.propose(item))
    assert again.name == "2026-2"
    refused(archive, withdraw, "drafter", Conflict, "已由.*接收", again.id)


def test_nobody_accepts_his_own_list(archive: Archive) -> None:
    """An archivist of the office may hand over what the office has formed, to another one."""
    item = archive.filed("office.head", title="江洲县水务局办公室关于值班的通知")
    transfer = archive.propose(item, login="archivist")
    for operation, values in ((accept, ()), (send_back, ("不符。",))):
        refused(archive, operation, "archivist", NotAllowed, "须由两人办理", transfer.id, *values)


@pytest.mark.parametrize("login", ["drafter", "dispatcher", "office.head"])
def test_only_the_archivist_accepts(archive: Archive, login: str) -> None:
    transfer = archive.propose(archive.filed(), login="dept.head")
    refused(archive, accept, login, NotAllowed, "由本单位档案员接收", transfer.id)


def test_the_archivist_of_another_unit_does_not_find_it(archive: Archive) -> None:
    transfer = archive.propose(archive.filed())
    refused(archive, accept, "city.archivist", NotFound, "没有这个公文", transfer.id)
    refused(archive, accept, "archivist", NotFound, "没有这个公文", transfer.id + 1)


def test_what_is_on_a_list_stays_as_it_is(archive: Archive) -> None:
    item = archive.filed()
    transfer = archive.propose(item)
    refused(archive, propose, "drafter", Conflict, "在待接收的移交清单上", [item.id])
    refused(archive, filing.rearrange, "drafter", Conflict, "在待接收", item.id, "d10", "理由")
    archive.accept(transfer)
    refused(archive, propose, "drafter", Conflict, "已由档案部门接收", [item.id])
    refused(archive, filing.rearrange, "drafter", Conflict, "REC-07", item.id, "d10", "理由")


def test_a_list_is_of_one_department_and_of_those_who_file_for_it(archive: Archive) -> None:
    items = [archive.filed(), archive.filed("sole.head")]
    ids = [each.id for each in items]
    refused(archive, propose, "dispatcher", Invalid, "只列一个部门", ids)
    refused(archive, propose, "archivist", NotAllowed, "工程科或者收发员", ids[:1])
    refused(archive, propose, "drafter", NotFound, "没有这个公文", [999])
    refused(archive, propose, "drafter", Invalid, "请至少选择一件", [])
    refused(archive, propose, "drafter", Invalid, "最多 200 件，现有 201 件", range(1, 202))


def test_what_is_not_on_the_list_is_not_returned(archive: Archive) -> None:
    transfer, other = archive.propose(archive.filed()), archive.filed()
    refused(
        *(archive, accept, "archivist", Invalid, "不在这份清单上"),
        *(transfer.id, {other.id: "缺附件。"}),
    )
    item = other.id - 1
    refused(archive, accept, "archivist", Invalid, "须写明原因", transfer.id, {item: " "})


def test_what_is_under_way_is_not_accepted_but_returned(archive: Archive) -> None:
    """ARC-47: such as what a route filed before its end, on a list of before."""
    item = archive.filed()
    transfer = archive.propose(item)
    archive.world.session.get_one(Case, item.case_id).state = "running"
    archive.world.session.commit()
    refused(archive, accept, "archivist", Conflict, "在办.*（ARC-47）", transfer.id)
    assert archive.accept(transfer, {item.id: "尚未办结。"}).state == "returned"


def test_a_long_list_takes_as_few_statements_as_a_short_one(archive: Archive) -> None:
    """Whoever waits for its cases or for numbers of its groups does not wait for each item."""
    archive.accept(archive.propose(archive.filed()))
    taken = []
    for length in (1, 6):
        items = [archive.filed() for _ in range(length)]
        archive.world.session.expire_all()
        ids = [each.id for each in items]
        with statements() as proposing:
            transfer = archive.act(propose, "drafter", ids)
        archive.world.session.expire_all()
        ident = transfer.id
        with statements() as accepting:
            archive.act(accept, "archivist", ident)
        taken.append((proposing, accepting))
    for short, long in zip(*taken, strict=True):
        assert len(long) <= len(short), long


def test_the_sheet_names_both_sides_and_four_facts(archive: Archive) -> None:
    item = archive.filed()
    transfer = archive.accept(archive.propose(item))
    world = archive.world
    found = sheets.sheet(world.session, world.actor("drafter"), transfer.id)
    assert (found.made_by, found.decided_by) == ("陈雨桐", world.actor("archivist").name)
    (row,) = found.rows
    assert (row.title, row.number) == (item.title, item.number)
    assert (row.formed_on, row.retention_words) == (item.formed_on, "定期30年")
    with pytest.raises(NotFound):
        sheets.sheet(world.session, world.actor("sole.head"), transfer.id)


def test_who_may_not_read_one_document_does_not_see_the_list(archive: Archive) -> None:
    items = [archive.filed(), archive.file(archive.sent("dept.head"), "dept.head")]
    transfer = archive.propose(*items, login="dispatcher")
    world = archive.world
    with clock.moved_to(world.at):
        seen = {
            login: [each.id for each in sheets.briefs(world.session, world.actor(login))]
            for login in ("dispatcher", "archivist", "drafter", "city.archivist")
        }
    mine = [transfer.id]
    assert seen == {"dispatcher": mine, "archivist": mine, "drafter": [], "city.archivist": []}


def test_the_record_has_every_act_and_the_replay_takes_it(archive: Archive) -> None:
    item = archive.filed()
    transfer = archive.propose(item)
    archive.act(transferring.withdraw, "drafter", transfer.id)
    archive.accept(archive.propose(item), {item.id: "缺附件。"})
    archive.accept(archive.propose(item))
    world = archive.world
    entries = audit.case_entries(world.session, item.case_id)
    acts = [each.action for each in entries if each.action.startswith("archive.")]
    assert acts == [
        *("archive.filed", "archive.proposed", "archive.withdrawn"),
        *("archive.proposed", "archive.returned", "archive.proposed", "archive.accepted"),
    ]
    assert rebuilding.rebuild(entries).state == "closed"
    assert [each.name for each in world.session.scalars(sa.select(ArchiveTransfer))] == [
        *("2026-1", "2026-2", "2026-3"),
    ]


def told(archive: Archive, login: str) -> list[str]:
    """What a person has been told of lists that came back."""
    world = archive.world
    mine = (Notice.person_id == world.actor(login).person_id, Notice.kind == "archive_returned")
    return list(world.session.scalars(sa.select(Notice.text).where(*mine)))
