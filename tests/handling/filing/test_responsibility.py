"""Who answers for a document before and after the archive has accepted it (REC-07)."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.audit.accesses import Look, note
from app.errors import Conflict, Invalid
from app.handling.act import look_at_case
from app.handling.acts import indexing
from app.handling.filing import responsibility, stages
from app.handling.filing.models import ArchiveItem
from app.handling.filing.stages import Stage
from app.handling.models import Case
from tests.handling.filing.archiving import Archive

MOMENT = timedelta(microseconds=1)


def accepted(archive: Archive) -> tuple[ArchiveItem, datetime]:
    item = archive.filed()
    archive.accept(archive.propose(item))
    at = item.accepted_at
    assert at
    return item, at


def answers(archive: Archive, item: ArchiveItem, at: datetime) -> str:
    return responsibility.answers_for(archive.world.session, item.case_id, at).words


def found(archive: Archive, item: ArchiveItem) -> dict[str, Stage]:
    world = archive.world
    with clock.moved_to(world.at):
        act = look_at_case(world.session, world.actor("archivist"), item.case_id)
        return {each.key: each for each in stages.stages(act)}


def test_it_passes_to_the_archive_with_the_acceptance(archive: Archive) -> None:
    item, at = accepted(archive)
    name = archive.world.actor("archivist").name
    assert answers(archive, item, at - MOMENT) == "形成部门：工程科"
    assert answers(archive, item, at) == f"档案部门：江洲县水务局档案部门（{name}）"
    assert answers(archive, item, at + MOMENT) == answers(archive, item, at)


def test_what_is_under_way_or_returned_is_the_departments(archive: Archive) -> None:
    done = archive.world.draft()
    found = responsibility.answers_for(archive.world.session, done.case.id, archive.world.at)
    assert found.words == "形成部门：工程科"
    item = archive.filed()
    archive.accept(archive.propose(item), {item.id: "缺附件。"})
    assert answers(archive, item, archive.world.at) == "形成部门：工程科"


def test_before_it_was_there_nobody_answers(archive: Archive) -> None:
    item, _ = accepted(archive)
    with pytest.raises(Invalid, match="才形成"):
        answers(archive, item, archive.world.at - timedelta(days=400))


def test_then_the_office_head_amends_nothing_and_the_archivist_does(archive: Archive) -> None:
    item, _ = accepted(archive)
    document = archive.world.session.get_one(Case, item.case_id).document_id
    with pytest.raises(Conflict, match=f"档号 {item.reference}.*请与档案员联系"):
        archive.act(indexing.change, "office.head", document, ["防汛"], "补充。")
    archive.act(indexing.change, "archivist", document, ["防汛"], "补充。")


def test_each_of_six_stages_has_its_time_and_owner(archive: Archive) -> None:
    item, at = accepted(archive)
    seen = found(archive, item)
    assert list(seen) == ["creating", "handling", "filing", "transfer", "keeping", "use"]
    assert all(each.at and each.owner for each in seen.values())
    times = [each.at for each in seen.values() if each.at]
    assert times == sorted(times)
    assert (seen["keeping"].at, seen["use"].said) == (at, "尚无查阅")
    assert [seen[each].owner for each in ("creating", "handling", "filing")] == [
        *("工程科 陈雨桐", "工程科", "工程科 陈雨桐"),
    ]


def test_use_counts_the_looks_since_the_acceptance(archive: Archive) -> None:
    item, at = accepted(archive)
    session, reader = archive.world.session, archive.world.actor("leader")
    for subject, number, when in (
        *(("case", item.case_id, at - MOMENT), ("case", item.case_id, at + 2 * MOMENT)),
        *(("archive_item", item.id, at + MOMENT), ("case", item.case_id + 1, at + MOMENT)),
    ):
        look = Look(
            person_id=reader.person_id,
            login=reader.login,
            name=reader.name,
            kind="read",
            subject=subject,
            number=number,
            what="desk.case",
            part="",
            address="",
            device="",
            by_program=False,
        )
        note(session, look, when)
    session.commit()
    use = found(archive, item)["use"]
    assert use.said.startswith("查阅 2 次，最近 2026-11-23")
    assert use.at == at + 2 * MOMENT


def test_what_was_only_filed_has_come_to_three_stages(archive: Archive) -> None:
    seen = found(archive, archive.filed())
    assert [each.key for each in seen.values() if each.at] == ["creating", "handling", "filing"]


def test_who_acted_is_named_with_his_own_department(archive: Archive) -> None:
    """The registry received it, 工程科 handled it, the dispatcher filed it."""
    seen = found(archive, archive.file(archive.received(), "dispatcher"))
    names = {login: archive.world.actor(login).name for login in ("secretary", "dispatcher")}
    assert [seen[each].owner for each in ("creating", "handling", "filing")] == [
        *(f"办公室 {names['secretary']}", "工程科", f"办公室 {names['dispatcher']}"),
    ]
