"""The catalogue and the collection: who finds what, by what (SRC-07, ARC-13)."""

import io
import zipfile

import pytest
import sqlalchemy as sa

from app import clock
from app.documents.models import Document
from app.handling.filing import exporting, listing, references
from app.handling.filing.listing import Wanted
from tests.handling.filing.archiving import Archive

REFERENCE = "江水-WS·2026-D30-ENGINEERING-0001"


@pytest.mark.parametrize(
    "typed",
    [
        *(REFERENCE, " 江水-ws·2026-d30-engineering-0001 ", "江水－WS．2026－D30－ENGINEERING－１"),
        *("江水—WS•2026–D30-Engineering-01", "江水 - WS · 2026 - D30 - ENGINEERING - 0001"),
    ],
)
def test_a_reference_is_read_as_people_type_it(typed: str) -> None:
    assert references.read(typed) == REFERENCE
    assert references.read(references.read(typed)) == REFERENCE


def found(archive: Archive, login: str, typed: str) -> int | None:
    world = archive.world
    with clock.moved_to(world.at):
        return listing.by_reference(world.session, world.actor(login), typed)


def test_it_opens_one_entry_for_who_may_read_it(archive: Archive) -> None:
    item = archive.filed()
    assert found(archive, "archivist", REFERENCE) is None
    archive.accept(archive.propose(item))
    for login in ("archivist", "drafter", "leader"):
        assert found(archive, login, REFERENCE) == item.id
    for login in ("sole.head", "city.archivist"):
        assert found(archive, login, REFERENCE) is None
    for typed in ("", " ", "江水", REFERENCE[:-1] + "2"):
        assert found(archive, "archivist", typed) is None


def test_every_state_is_told_and_counted(archive: Archive) -> None:
    unfiled = archive.sent()
    filed, waiting, accepted = archive.filed(), archive.filed(), archive.filed()
    archive.accept(archive.propose(accepted))
    archive.propose(waiting)
    states = {each.case_id: each.state for each in archive.lines("archivist")}
    assert states == {
        unfiled.id: "unfiled",
        filed.case_id: "filed",
        waiting.case_id: "proposed",
        accepted.case_id: "accepted",
    }
    world = archive.world
    with clock.moved_to(world.at):
        counts = listing.counts(world.session, world.actor("archivist"), Wanted(state="filed"))
    assert counts == dict.fromkeys(listing.STATES, 1)
    for state in listing.STATES:
        assert [each.state for each in archive.lines("archivist", state=state)] == [state]


def test_a_long_list_is_read_by_indexes_and_without_the_texts(archive: Archive) -> None:
    """Why an item came back is looked up for each: 16,000 items took longer than is allowed."""
    session, sent = archive.world.session, []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        sent.append((statement, parameters))

    sa.event.listen(session.get_bind(), "before_cursor_execute", note)
    archive.lines("archivist")
    sa.event.remove(session.get_bind(), "before_cursor_execute", note)
    query, parameters = next(each for each in sent if "archive_transfer_line" in each[0])
    assert "document.title" in query
    assert "document.text" not in query
    assert "document.explained" not in query
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", parameters)
    assert "ix_archive_transfer_line_item_id" in str(plan.all())


def test_it_is_narrowed_by_what_is_kept(archive: Archive) -> None:
    own = archive.file(archive.sent(), "drafter", "permanent", "有查考价值。")
    other = archive.filed("sole.head", title="江洲县水务局关于预算编制的通知")
    received = archive.received()

    def cases(**wanted: str | int) -> set[int]:
        return {each.case_id for each in archive.lines("dispatcher", **wanted)}

    assert cases() == {own.case_id, other.case_id, received.id}
    assert cases(department="finance") == {other.case_id}
    assert cases(department="engineering") == {own.case_id, received.id}
    assert cases(retention="permanent") == {own.case_id}
    assert cases(words="预算") == {other.case_id}
    assert cases(words="江市水") == {received.id}
    assert cases(kind="函") == cases(year=2025) == cases(department="none") == set()
    assert cases(year=2026) == cases()


def test_the_year_is_that_of_the_paper_not_of_its_receipt(archive: Archive) -> None:
    case = archive.received(document_date="2025-12-31")
    assert [each.year for each in archive.lines("dispatcher", year=2025)] == [2025]
    assert archive.lines("dispatcher", year=2026) == []
    assert archive.file(case, "dispatcher").year == 2025


def test_what_is_under_way_is_not_listed(archive: Archive) -> None:
    """Of requests and what took no effect see test_finished."""
    done = archive.world.draft()
    archive.world.run(done, "leader_sign")
    assert archive.lines("archivist") == []


def test_the_title_of_an_entry_is_as_it_was_filed(archive: Archive) -> None:
    """Whatever is done to the document afterwards."""
    item = archive.filed()
    (line,) = archive.lines("archivist")
    session = archive.world.session
    document = session.query(Document).one()
    document.title = "改过的标题"
    session.commit()
    assert archive.lines("archivist")[0].title == line.title == item.title


def test_files_hold_the_lines(archive: Archive) -> None:
    archive.accept(archive.propose(archive.filed()))
    lines = archive.lines("archivist")
    text = exporting.as_csv(lines).decode("utf-8-sig")
    head, row = text.splitlines()
    assert head == ",".join(exporting.HEAD)
    assert row.startswith(f"{REFERENCE},文书,2026,定期30年,工程科,江洲县水务局关于")
    with zipfile.ZipFile(io.BytesIO(exporting.as_xlsx(lines))) as book:
        assert REFERENCE in book.read("xl/sharedStrings.xml").decode()
