"""归档与移交: filed, put on a list, accepted or returned, and found in the catalogue."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pytest_bdd import parsers, step, then

from app.clock import SHANGHAI
from tests.features.story import API, Story
from tests.features.words import people

ARCHIVE = f"{API}/archive"


@step(parsers.re(r'"(?P<who>[^"]+)"归档此件(?:，保管期限"(?P<kept>\w+)"，理由"(?P<why>[^"]*)")?'))
def file(story: Story, who: str, kept: str | None, why: str | None) -> None:
    body = {"case": story.paper.case, "retention": kept or "", "reason": why or ""}
    story.act(who, "POST", f"{ARCHIVE}/items", json=body)


@step(parsers.re(r'"(?P<who>[^"]+)"把(?P<places>第\d份公文(和第\d份公文)*)列成移交清单'))
def propose(story: Story, who: str, places: str) -> None:
    cases = [story.papers[int(each) - 1].case for each in re.findall(r"\d", places)]
    items = [_line(story, who, case)["item_id"] for case in cases]
    story.act(who, "POST", f"{ARCHIVE}/transfers", json={"items": items})


@step(parsers.re(r'"(?P<who>[^"]+)"接收移交清单(，退回第(?P<place>\d)份公文，原因"(?P<why>.*)")?'))
def accept(story: Story, who: str, place: str | None, why: str | None) -> None:
    rows = _transfer(story)["rows"]
    case = story.papers[int(place) - 1].case if place else 0
    body = [{"item": row["item_id"], "reason": why} for row in rows if row["case_id"] == case]
    address = f"{ARCHIVE}/transfers/{_transfer(story)['id']}/accept"
    story.act(who, "POST", address, json={"returned": body})


@step(parsers.parse('"{who}"退回移交清单，原因"{why}"'))
@step(parsers.re(r'"(?P<who>[^"]+)"退回移交清单，原因"(?P<why>)"'))
def send_back(story: Story, who: str, why: str) -> None:
    address = f"{ARCHIVE}/transfers/{_transfer(story)['id']}/return"
    story.act(who, "POST", address, json={"reason": why})


@step(parsers.parse('"{who}"把保管期限改为"{kept}"，理由"{why}"'))
def rearrange(story: Story, who: str, kept: str, why: str) -> None:
    item = _line(story, who, story.paper.case)["item_id"]
    body = {"retention": kept, "reason": why}
    story.act(who, "POST", f"{ARCHIVE}/items/{item}/arrangement", json=body)


@step(parsers.parse('"{who}"查询此件现在由谁负责'))
def asks_who_answers(story: Story, who: str) -> None:
    story.act(who, "GET", f"{ARCHIVE}/cases/{story.paper.case}/responsibility")


@then(parsers.parse('"{at}"由"{words}"负责'))
def answers(story: Story, at: str, words: str) -> None:
    moment = datetime.strptime(at, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).isoformat()
    address = f"{ARCHIVE}/cases/{story.paper.case}/responsibility?at={quote(moment)}"
    assert story.see(story.registry, address)["words"] == _named(story, words)


@then(parsers.parse('"{who}"看到此件经过"{labels}"'))
def has_come_through(story: Story, who: str, labels: str) -> None:
    """As far as it has come each stage has a time and an owner, the others have neither."""
    seen = _stages(story, who)
    assert [each["label"] for each in seen if each["at"]] == people(labels)
    assert all(bool(each["at"]) == bool(each["owner"]) for each in seen)
    assert len(seen) == 6


@then("六个阶段是:")
def stages_are(story: Story, datatable: Sequence[Sequence[str]]) -> None:
    _, *rows = datatable
    archive = "江洲县水务局档案部门"
    wanted = [[label, owner.replace("档案部门", archive)] for label, owner in rows]
    seen = _stages(story, story.registry)
    told = [[each["label"], each["owner"]] for each in seen]
    assert told == [[label, _named(story, owner)] for label, owner in wanted]


@then("六个阶段的时间先后有序")
def in_order(story: Story) -> None:
    times = [each["at"] for each in _stages(story, story.registry)]
    assert times == sorted(times)


@step(parsers.parse('"{who}"查阅此件'))
def reads(story: Story, who: str) -> None:
    assert story.look(who, f"/cases/{story.paper.case}").status_code == 200


@then(parsers.parse('"利用"的时间是"{at}"，写着"{words}"'))
def is_used(story: Story, at: str, words: str) -> None:
    use = _stages(story, story.registry)[-1]
    assert use["label"] == "利用"
    assert use["at"].startswith(at.replace(" ", "T"))
    assert words in use["said"]


@then(parsers.parse('"{who}"输入档号"{typed}"，直接打开此件的目录条目'))
def opens_in_one_step(story: Story, who: str, typed: str) -> None:
    """On the page it leads to the entry itself; the API finds this one alone."""
    case = story.paper.case
    found = story.see(who, f"{ARCHIVE}/items?reference={quote(typed)}")["items"]
    assert [each["case_id"] for each in found] == [case]
    answer = story.look(who, f"/archive/?q={quote(typed)}")
    assert answer.status_code == 303
    entry = story.look(who, answer.location)
    assert found[0]["reference"] in entry.text
    assert f"/cases/{case}" in entry.text


@then(parsers.re(r'"(?P<who>[^"]+)"在档案目录查"(?P<query>[^"]+)"，(?P<there>有|没有)此件'))
def finds(story: Story, who: str, query: str, there: str) -> None:
    """On the page as through the API."""
    asked = quote(query, safe="=&")
    found = story.see(who, f"{ARCHIVE}/items?state=accepted&{asked}")
    cases = [each["case_id"] for each in found["items"]]
    assert (story.paper.case in cases) == (there == "有")
    page = story.look(who, f"/archive/?{asked}")
    assert page.status_code == 200, page.text
    assert (f'data-case="{story.paper.case}"' in page.text) == (there == "有")


@then(parsers.parse('"{who}"导出的档案目录里，此件的"{column}"是"{words}"'))
def exports(story: Story, who: str, column: str, words: str) -> None:
    answer = story.look(who, "/archive/catalogue.csv")
    assert answer.status_code == 200, answer.text
    (line,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert line[column] == words


@then(parsers.parse('此件的保管期限是"{kept}"，期限表建议"{proposed}"'))
def is_kept(story: Story, kept: str, proposed: str) -> None:
    line = _line(story, story.registry, story.paper.case)
    labels = {"permanent": "永久", "d30": "定期30年", "d10": "定期10年"}
    assert [line["retention_words"], labels[line["proposed"]]] == [kept, proposed]


@then(parsers.parse('"{who}"收集"{department}"{year:d}年的办结公文，列出:'))
def collects(
    story: Story, who: str, department: str, year: int, datatable: Sequence[Sequence[str]]
) -> None:
    _, *rows = datatable
    found = _collected(story, who, department, year)
    told = [[each["title"], each["state_words"]] for each in found["items"]]
    assert told == [list(row) for row in rows]
    assert sum(found["counts"].values()) == len(rows)


@then(parsers.parse('"{who}"收集"{department}"{year:d}年的办结公文，没有'))
def collects_nothing(story: Story, who: str, department: str, year: int) -> None:
    assert _collected(story, who, department, year)["items"] == []


@then("移交清单列出:")
def list_has(story: Story, datatable: Sequence[Sequence[str]]) -> None:
    _, *rows = datatable
    names = ("title", "number", "formed_on", "retention_words")
    told = [[row[name] for name in names] for row in _transfer(story)["rows"]]
    assert told == [list(row) for row in rows]


@then(parsers.re(r'移交清单的移交人是"(?P<maker>\w+)"，(还没有接收人|接收人是"(?P<taker>\w+)")'))
def has_both_sides(story: Story, maker: str, taker: str | None) -> None:
    found = _transfer(story)
    assert found["made_by"] == story.name(maker)
    assert found["decided_by"] == (story.name(taker) if taker else "")
    assert bool(found["decided_at"]) == bool(taker)


@then(parsers.re(r'"(?P<who>[^"]+)"的待移交里有此件(，退回原因是"(?P<why>[^"]+)")?'))
def waits_for_transfer(story: Story, who: str, why: str | None) -> None:
    found = story.see(who, f"{ARCHIVE}/items?state=filed")["items"]
    assert [each["returned"] for each in found if each["case_id"] == story.paper.case] == [
        why or ""
    ]


def _line(story: Story, who: str, case: int) -> Any:
    found = story.see(who, f"{ARCHIVE}/items?limit=200")["items"]
    return next(each for each in found if each["case_id"] == case)


def _collected(story: Story, who: str, department: str, year: int) -> Any:
    return story.see(who, f"{ARCHIVE}/items?department={department}&year={year}")


def _transfer(story: Story) -> Any:
    """The list that was made last."""
    latest = story.see(story.registry, f"{ARCHIVE}/transfers")["items"][0]
    return story.see(story.registry, f"{ARCHIVE}/transfers/{latest['id']}")


def _stages(story: Story, who: str) -> list[Any]:
    found = story.see(who, f"{ARCHIVE}/cases/{story.paper.case}")
    return list(found["stages"])


def _named(story: Story, words: str) -> str:
    """Logins stand for names."""
    for login in ("drafter", "archivist"):
        words = words.replace(login, story.name(login))
    return words
