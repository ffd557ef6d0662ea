"""What changed: the runs give both texts back, to the character."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import runs, versions
from app.documents.runs import Run

TEXTS = st.text(st.sampled_from("一二三、。（）ab \n\n𠮷é"), max_size=120)
LONGER = st.lists(st.sampled_from(["第一段。\n", "第二段，很长。\n", "\n", "末段"])).map("".join)


@given(TEXTS | LONGER, TEXTS | LONGER)
def test_applied_it_gives_the_new_text(old: str, new: str) -> None:
    found = runs.text_runs(old, new)
    assert runs.apply(old, found) == new
    assert "".join(run.text for run in found if run.kind != "insert") == old
    assert all(run.text for run in found)
    assert all(a.kind != b.kind for a, b in itertools.pairwise(found))


@given(TEXTS, TEXTS)
def test_stored_and_read_again(old: str, new: str) -> None:
    found = versions.difference({"title": "甲", "body": old}, {"title": "乙", "body": new})
    before = versions.chain.canonical({"body": old})
    assert versions.from_json(versions.to_json(found), before) == found
    assert versions.words_of_json(versions.to_json(found)) == found.words


def test_paragraphs_first_then_characters() -> None:
    old = "一、基本情况\n青溪河左岸堤防长 3.2 公里。\n二、方案\n"
    new = "一、基本情况\n青溪河左岸堤防全长 3.5 公里。\n二、方案\n三、资金\n"
    assert runs.text_runs(old, new) == (
        Run("keep", "一、基本情况\n青溪河左岸堤防"),
        Run("insert", "全"),
        Run("keep", "长 3."),
        Run("delete", "2"),
        Run("insert", "5"),
        Run("keep", " 公里。\n二、方案\n"),
        Run("insert", "三、资金\n"),
    )


def test_a_rewritten_paragraph_is_shown_whole() -> None:
    old, new = "关于资金安排的说明。\n", "另行通知各镇街道办事处。\n"
    assert runs.text_runs(old, new) == (Run("delete", old), Run("insert", new))


def test_the_runs_of_another_text_do_not_apply() -> None:
    found = runs.text_runs("甲乙丙", "甲丙")
    for other in ("甲丁丙", "甲乙丙丁", ""):
        with pytest.raises(ValueError, match="another text"):
            runs.apply(other, found)


FIELDS = [
    ({"title": "甲"}, {"title": "乙"}, "标题由“甲”改为“乙”。"),
    ({"urgency": "none"}, {"urgency": "extra_urgent"}, "紧急程度由“无”改为“特急”。"),
    ({"direction": "downward"}, {"direction": "parallel"}, "行文方向由“下行文”改为“平行文”。"),
    ({"note": ""}, {"note": "此件公开发布"}, "附注填为“此件公开发布”。"),
    ({"note": "公开"}, {"note": ""}, "附注“公开”已删去。"),
    (
        {"main_recipients": ["甲", "乙"]},
        {"main_recipients": ["甲"]},
        "主送机关由“甲、乙”改为“甲”。",
    ),
    (
        {"received_at": "2026-11-23T01:30:00+00:00"},
        {"received_at": "2026-11-23T02:00:00+00:00"},
        "收文时间由“2026-11-23 09:30”改为“2026-11-23 10:00”。",
    ),
    (
        {"attachments": []},
        {"attachments": [{"name": "清单.pdf", "sha256": "0a1b2c3d" + "0" * 56}]},
        "附件填为“清单.pdf（校验码 0a1b2c3d）”。",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), FIELDS, ids=repr)
def test_in_words(old: dict[str, object], new: dict[str, object], sentence: str) -> None:
    assert versions.difference(old, new).words == (sentence,)


def test_in_words_of_a_text() -> None:
    assert versions.difference({"body": "甲乙丙丁戊"}, {"body": "甲乙丙丁己庚"}).words == (
        "正文增加 2 字，删去 1 字。",
    )


SLOW = [
    ("甲\n" + "\n" * 490_000 + "乙", "丙\n" + "\n" * 489_998 + "丁"),
    ("ab" * 250_000, "ba" * 249_000),
    ("\n".join("ab"[i % 2] for i in range(9000)), "\n".join("ab"[i % 3 % 2] for i in range(9000))),
    (
        "".join(f"{'甲乙' * 1900}{i}\n" for i in range(120)),
        "".join(f"{'乙丙甲' * 1200}{i}\n" for i in range(120)),
    ),
]


@pytest.mark.parametrize("texts", SLOW, ids=range(len(SLOW)))
def test_hostile_texts_take_bounded_time(texts: tuple[str, str]) -> None:
    """S3: comparing takes time by the square, so it is cut off."""
    began = time.process_time()
    found = runs.text_runs(*texts)
    assert time.process_time() - began < 4
    assert runs.apply(texts[0], found) == texts[1]
