"""The figures as files and as the text of a 通报: the same numbers, and nothing that runs."""

import csv
import io
import zipfile
from dataclasses import replace

import lxml.etree
import pytest

from app import clock
from app.errors import NotAllowed
from app.handling.figures import bulletin, exporting
from app.handling.figures.accountability import Proposal, proposals
from app.handling.figures.asking import Wanted
from app.handling.figures.measuring import measure
from app.handling.figures.tables import Figures, Tables
from tests.handling.checking import choose, sweep_at, watch
from tests.handling.test_figures import WEEK, shown
from tests.world import MONDAY, World

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def found(world: World) -> Tables:
    """The section is late by half an hour and the office lets its part lie."""
    review = world.run(world.draft(), until="dept_review")
    assert review is not None
    world.at = MONDAY.replace(day=25, hour=8, minute=59)
    world.complete(review, "dept.head")
    world.at = MONDAY.replace(day=27, hour=12)
    return shown(world, WEEK)


def test_the_csv_has_every_table_and_its_sum(found: Tables) -> None:
    text = exporting.as_csv(found).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["统计口径"] for row in rows} == {"单位", "部门", "人员", "文种"}
    people = [row for row in rows if row["统计口径"] == "人员"]
    assert [row["名称"] for row in people] == ["陈雨桐", "王建军", "合计"]
    for name in ("件次", "按时", "超时", "总用时（分钟）", "总超时（分钟）"):
        assert sum(int(row[name]) for row in people[:-1]) == int(people[-1][name]), name
    assert [row["到期未办"] for row in rows if row["名称"] == "办公室"] == ["1"]


def test_missed_checks_stand_in_the_files_and_sum_up(world: World) -> None:
    watch(world)
    sweep_at(world, "23 11:01:30", "23 15:01:30")
    world.run(world.draft(), until="dept_review")
    text = exporting.as_csv(shown(world, WEEK)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    missed = {(row["统计口径"], row["名称"]): row["未按时查收"] for row in rows}
    assert missed["人员", "徐海波"] == missed["人员", "杨晓燕"] == "2"
    assert missed["人员", "陈雨桐"] == "0"
    assert missed["人员", "合计"] == missed["部门", "办公室"] == missed["部门", "合计"] == "4"
    assert {missed[key] for key in missed if key[0] in ("文种", "单位")} == {""}
    narrowed = shown(world, replace(WEEK, kind="通知"))
    assert narrowed.total.missed is None
    assert [line.label for line in narrowed.people] == ["陈雨桐"]


def proposed(world: World, most: str) -> list[Proposal]:
    choose(world, accountable_after=most)
    with clock.moved_to(world.at):
        measured = measure(world.session, world.actor("office.head"), WEEK)
        return proposals(world.session, measured, WEEK)


def test_repeated_lateness_is_put_forward_with_each_item(found: Tables, world: World) -> None:
    """DDL-18: what is late in the figures and nothing else, from the chosen number on."""
    assert proposed(world, "2") == []
    office, engineering = sorted(proposed(world, "1"), key=lambda each: each.department)
    assert (office.department, engineering.department) == ("办公室", "工程科")
    (item,) = engineering.items
    assert (item.step, item.person, item.delay) == ("部门负责人核稿", "王建军", 30)
    (waiting,) = office.items
    assert (waiting.done_at, waiting.person) == (None, "")
    lines = {line.label: line for line in found.departments}
    for each in (office, engineering):
        line = lines[each.department]
        assert len(each.items) == line.late + (line.waiting or 0)
    said = "\n".join(bulletin.text(found, WEEK, "江洲县水务局", [engineering]))
    assert "是否追究责任，由领导研究决定" in said
    assert "王建军于11月25日09:00办理，超时30分钟" in said
    assert "五、下级单位" not in said


def test_a_name_is_no_formula() -> None:
    line = Figures("=1+1", "@x", 1, 1, 0, 5, 5, 0, 0, None)
    found = Tables([], [line], [], [], line)
    assert "'=1+1,'@x," in exporting.as_csv(found).decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(exporting.as_xlsx(found))) as book:
        sheet = lxml.etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        assert "=1+1" in book.read("xl/sharedStrings.xml").decode()
    assert not sheet.findall(f".//{SHEET}f")


def test_the_spreadsheet_holds_numbers(found: Tables) -> None:
    with zipfile.ZipFile(io.BytesIO(exporting.as_xlsx(found))) as book:
        names = lxml.etree.fromstring(book.read("xl/workbook.xml"))
        sheet = lxml.etree.fromstring(book.read("xl/worksheets/sheet3.xml"))
    labels = [each.get("name") for each in names.findall(f".//{SHEET}sheet")]
    assert labels == ["单位", "部门", "人员", "文种"]
    last = sheet.findall(f".//{SHEET}row")[-1]
    cells = {str(each.get("r"))[0]: each for each in last}
    assert [cells[column].findtext(f"{SHEET}v") for column in "CDE"] == ["2", "1", "1"]
    assert all(cells[column].get("t") is None for column in "CDE")


def test_the_bulletin_names_who_was_late(found: Tables) -> None:
    text = "\n".join(bulletin.text(found, WEEK, "江洲县水务局"))
    assert "现将2026年11月23日至2026年11月29日收文和发文办理时限情况通报如下" in text
    assert "工程科：办理2件次；平均用时" in text
    assert "按时1件次，超时1件次；平均超时30分钟，最长超时30分钟。" in text
    assert "办公室：办理0件次；到期未办1件。" in text
    assert "办公室、工程科有超时或者到期未办的公文" in text
    assert "四、" not in text


def test_it_becomes_a_draft_of_whoever_may_draft(world: World, found: Tables) -> None:
    month = Wanted(WEEK.since.replace(day=1), WEEK.since.replace(day=30))
    with clock.moved_to(world.at):
        done = bulletin.draft(world.session, world.actor("office.head"), month)
        world.session.commit()
    document = world.document(done.case)
    assert document.title == "江洲县水务局关于2026年11月公文办理时限情况的通报"
    assert (document.kind, document.direction, document.state) == ("通报", "downward", "draft")
    assert "工程科：办理2件次" in document.body
    world.run(done)
    world.session.refresh(document)
    assert document.state == "dispatched"
    for login in ("dept.head", "drafter"):
        with pytest.raises(NotAllowed):
            bulletin.draft(world.session, world.actor(login), month)


def test_nothing_late_says_so(world: World) -> None:
    text = "\n".join(bulletin.text(shown(world, WEEK), WEEK, "江洲县水务局"))
    assert "共办理0件次。" in text
    assert "各部门均按时办理" in text
