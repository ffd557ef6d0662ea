"""公文台账: exported, and searched by metadata."""

import csv
import io
import itertools
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote, urlencode

import sqlalchemy as sa
from pytest_bdd import parsers, step, then
from werkzeug.test import TestResponse

from app.audit.accesses.models import Access
from app.documents.models import Attachment, Document
from app.handling.models import Case
from tests.features.story import API, Story
from tests.features.words import incoming, people

BOOKS = {"发文台账": "outgoing", "收文登记表": "incoming"}


@step("登记以下来文:")
def registers(story: Story, datatable: Sequence[Sequence[str]]) -> None:
    """By the registry, each with a number of its own."""
    _, *rows = datatable
    for place, (unit, kind) in enumerate(rows):
        body = incoming(from_unit=unit, kind=kind, number=f"来〔2026〕{place + 1}号")
        body["received_at"] = story.at.isoformat()
        body["document_date"] = story.at.date().isoformat()
        story.started(story.act("secretary", "POST", f"{API}/incoming", json=body))


@step(
    parsers.re(r'"(?P<who>[^"]+)"导出2026年(?P<done>已办结)?的"(?P<book>[^"]+)"'),
    target_fixture="ledger",
)
def exports(story: Story, who: str, done: str | None, book: str) -> TestResponse:
    asked = {"book": BOOKS[book], "year": 2026, **({"progress": "done"} if done else {})}
    answer = story.look(who, f"/ledger/ledger.csv?{urlencode(asked)}")
    assert answer.status_code == 200, answer.text
    return answer


@then(parsers.parse('台账名为"{name}"'))
def is_called(ledger: TestResponse, name: str) -> None:
    found = re.search(r"filename\*=UTF-8''(\S+)", ledger.headers["Content-Disposition"])
    assert found
    assert unquote(found[1]) == name


@then("台账的行是:")
def has_lines(story: Story, ledger: TestResponse, datatable: Sequence[Sequence[str]]) -> None:
    """Exactly these, in this order; logins stand for the names of people."""
    head, *rows = datatable
    told = [[line[name] for name in head] for line in _lines(ledger)]
    wanted = [[_name(story, cell) for cell in row] for row in rows]
    assert told == wanted


@then(parsers.parse('台账里只有"{title}"'))
def has_only(ledger: TestResponse, title: str) -> None:
    assert [line["标题"] for line in _lines(ledger)] == [title]


@then(parsers.parse('台账里"{column}"是"{words}"'))
def says(story: Story, ledger: TestResponse, column: str, words: str) -> None:
    (line,) = _lines(ledger)
    assert line[column] == words.replace("drafter", story.name("drafter"))


@then(parsers.parse('"{who}"的这次导出在查阅记录里'))
def is_on_record(story: Story, who: str) -> None:
    with story.session() as session:
        query = sa.select(Access).where(Access.login == who, Access.kind == "export")
        (found,) = session.scalars(query)
    assert found.what == "ledger.csv"


@then(parsers.re(r'"(?P<who>[^"]+)"查台账"(?P<query>[^"]+)"，有(?P<count>\d+)件'))
def finds(story: Story, who: str, query: str, count: str) -> None:
    assert len(_found(story, who, query)) == int(count)


@then(parsers.re(r'"(?P<who>[^"]+)"查台账"(?P<query>[^"]+)"，只有(?P<places>第\d件(和第\d件)*)'))
def finds_only(story: Story, who: str, query: str, places: str) -> None:
    wanted = {story.papers[int(each) - 1].case for each in re.findall(r"\d", places)}
    assert _found(story, who, query) == wanted


@then(parsers.parse('"{who}"以单位、年份、文种查收文，任何组合都与数据库一致'))
def is_true(story: Story, who: str) -> None:
    """All combinations of what there is, of nothing, and of one value that nothing has."""
    with story.session() as session:
        query = sa.select(Case.id, Document.from_unit, Document.receipt_year, Document.kind)
        kept = [
            tuple(row)
            for row in session.execute(query.join(Document, Case.document_id == Document.id))
        ]
    values = [sorted({row[place] for row in kept}) for place in (1, 2, 3)]
    units, years, kinds = values[0] + ["", "别的局"], [*values[1], 0], values[2] + ["", "议案"]
    asked = 0
    for unit, year, kind in itertools.product(units, years, kinds):
        wanted = {
            row[0]
            for row in kept
            if unit in ("", row[1]) and year in (0, row[2]) and kind in ("", row[3])
        }
        given = urlencode({"book": "incoming", "unit": unit, "year": year, "kind": kind})
        assert _found(story, who, given) == wanted, given
        asked += bool(wanted)
    assert asked > len(kept)


def _found(story: Story, who: str, query: str) -> set[int]:
    """Cases on the page; the year is 2026 where the query names none."""
    answer = story.look(who, f"/ledger/?{quote(query, safe='=&%+')}")
    assert answer.status_code == 200, answer.text
    return {int(each) for each in re.findall(r'href="/cases/(\d+)" data-open', answer.text)}


def _lines(ledger: TestResponse) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(ledger.data.decode("utf-8-sig"))))


def _name(story: Story, cell: str) -> str:
    return story.name(cell) if cell in people("leader、drafter") else cell


@then(parsers.re(r'"(?P<who>[^"]+)"检查满(?P<years>\d+)年的格式，(没有|列出"(?P<names>[^"]+)")'))
def formats(story: Story, who: str, years: str, names: str | None) -> None:
    """The page and the file say the same; each with the digest of the very file and what to do."""
    page = story.look(who, f"/ledger/formats?years={years}")
    answer = story.look(who, f"/ledger/formats.csv?years={years}")
    assert page.status_code == answer.status_code == 200
    told = _lines(answer)
    assert [line["附件"] for line in told] == people(names)
    assert all(line["附件"] in page.text and line["处理建议"] in page.text for line in told)
    with story.session() as session:
        kept = {each.name: each.sha256 for each in session.scalars(sa.select(Attachment))}
    assert all(line["校验值"] == kept[line["附件"]] and line["处理建议"] for line in told)
