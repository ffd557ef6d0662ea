"""Two versions side by side, and who wrote what: nothing is lost, and it takes bounded time."""

import itertools
import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import authorship
from app.documents.comparing import Pair, Side, pairs
from app.documents.runs import Run
from app.documents.text import Block, Table, of_stored, plain


def line(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "paragraph", "text": text, **more}


def table(*rows: list[str]) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"text": text} for text in row] for row in rows]}


def compared(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> tuple[Pair, ...]:
    return pairs(of_stored(old), of_stored(new))


def shown(side: Side | None, *hidden: str) -> str | None:
    """The words of one side, without the runs that are not its own."""
    if side is None:
        return None
    if side.rows:
        return "\n".join(
            "｜".join("".join(run.text for run in cell.runs) for cell in row) for row in side.rows
        )
    return "".join(run.text for run in side.runs)


def marked(side: Side | None) -> list[tuple[str, str]]:
    assert side is not None
    cells = [run for row in side.rows for cell in row for run in cell.runs]
    return [(run.kind, run.text) for run in (*side.runs, *cells) if run.kind != "keep"]


TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from("一、甲乙丙丁。"), max_size=8).map(line),
        st.sampled_from([table(["甲", "乙"], ["丙", "1"]), table(["甲", "乙"], ["丁", "2"])]),
        st.just({"type": "page_break"}),
    ),
    max_size=8,
)


@given(TEXTS, TEXTS)
def test_every_block_of_both_stands_once_and_in_order(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    before, after = of_stored(old), of_stored(new)
    found = pairs(before, after)
    assert tuple(pair.old.block for pair in found if pair.old) == before
    assert tuple(pair.new.block for pair in found if pair.new) == after
    for pair in found:
        for side, foreign in ((pair.old, "insert"), (pair.new, "delete")):
            if side is None:
                continue
            runs = [*side.runs, *(run for row in side.rows for cell in row for run in cell.runs)]
            assert foreign not in {run.kind for run in runs}
            if isinstance(side.block, Table):
                cells = [cell.text for row in side.block.rows for cell in row]
                found_cells = [
                    "".join(r.text for r in cell.runs) for row in side.rows for cell in row
                ]
                assert found_cells == cells
            else:
                assert shown(side) == plain((side.block,))
        assert pair.kind != "keep" or (pair.old and pair.new and pair.old.block == pair.new.block)


def test_a_changed_paragraph_stands_beside_what_it_was() -> None:
    found = compared(
        [line("一、按日巡查。各镇负责。"), line("二、及时报告情况。"), line("三、特此通知。")],
        [
            line("一、按周巡查。各镇负责。"),
            line("另行补充一段完全不同的话"),
            line("三、特此通知。"),
        ],
    )
    assert [pair.kind for pair in found] == ["change", "delete", "insert", "keep"]
    assert marked(found[0].old) == [("delete", "日")]
    assert marked(found[0].new) == [("insert", "周")]


def test_a_table_is_compared_cell_by_cell() -> None:
    found = compared(
        [table(["乡镇", "公里"], ["东山镇", "12"], ["西河镇", "9"])],
        [table(["乡镇", "公里"], ["东山镇", "15"], ["南坪镇", "3"], ["西河镇", "9"])],
    )
    (pair,) = found
    assert marked(pair.old) == [("delete", "2")]
    assert marked(pair.new) == [("insert", "5"), ("insert", "南坪镇"), ("insert", "3")]


def test_a_changed_form_is_a_change_without_a_mark() -> None:
    (pair,) = compared([line("总体要求")], [line("总体要求", level=1)])
    assert pair.kind == "change"
    assert not marked(pair.old)
    assert not marked(pair.new)


def many(seed: int, count: int, letters: str) -> list[dict[str, Any]]:
    chance = random.Random(seed)  # noqa: S311  (no secret: a text to compare)
    return [line("".join(chance.choices(letters, k=80))) for _ in range(count)]


@pytest.mark.parametrize(("count", "letters"), [(1400, "甲乙丙"), (8000, "甲乙丙"), (400, "甲")])
def test_hostile_texts_take_bounded_time(count: int, letters: str) -> None:
    """S3: comparing takes time by the square, so it is cut off."""
    old, new = of_stored(many(1, count, letters)), of_stored(many(2, count, letters))
    began = time.process_time()
    found = pairs(old, new)
    assert time.process_time() - began < 6
    assert tuple(pair.new.block for pair in found if pair.new) == new


def since(*versions: list[dict[str, Any]]) -> list[tuple[str, int]]:
    blocks: list[tuple[int, tuple[Block, ...]]] = [
        (number, of_stored(version)) for number, version in enumerate(versions, start=1)
    ]
    return [(plain((block,)), number) for block, number in authorship.since(blocks)]


def test_each_paragraph_belongs_to_the_version_that_wrote_it_as_it_is() -> None:
    assert since(
        [line("甲"), line("乙"), line("丙")],
        [line("甲"), line("乙改"), line("丙")],
        [line("新"), line("甲"), line("乙改"), line("丙"), line("丁")],
    ) == [("新", 3), ("甲", 1), ("乙改", 2), ("丙", 1), ("丁", 3)]


def test_a_level_set_by_hand_is_written_too() -> None:
    assert since([line("甲")], [line("甲", level=1)]) == [("甲", 2)]


def test_a_text_that_was_brought_back_is_of_who_brought_it() -> None:
    assert since([line("甲"), line("乙")], [line("甲")], [line("甲"), line("乙")]) == [
        ("甲", 1),
        ("乙", 3),
    ]


@given(TEXTS, TEXTS, TEXTS)
def test_the_authors_are_those_of_the_last_text(
    one: list[dict[str, Any]], two: list[dict[str, Any]], three: list[dict[str, Any]]
) -> None:
    texts = enumerate((one, two, three), start=1)
    found = authorship.since([(number, of_stored(text)) for number, text in texts])
    assert tuple(block for block, _ in found) == of_stored(three)
    assert all(number in (1, 2, 3) for _, number in found)


def test_a_very_long_text_keeps_its_ends() -> None:
    text = [line(f"第{i}段") for i in range(2000)]
    changed = [*text[:900], line("改"), *text[901:]]
    found = since(text, changed)
    assert [number for _, number in found].count(2) == 1
    assert found[900] == ("改", 2)


def test_runs_of_one_side_are_joined() -> None:
    (pair,) = compared([line("一二三四五六")], [line("一三四五六")])
    assert pair.new is not None
    assert pair.new.runs == (Run("keep", "一三四五六"),)
    assert all(a.kind != b.kind for a, b in itertools.pairwise(pair.new.runs))
