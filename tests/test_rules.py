"""The catalogue of rules as the program has it."""

import pytest

from app import rules


def test_a_rule_has_its_title_in_both_languages() -> None:
    found = rules.catalogue()["OUT-05"]
    assert (found.kind, found.title) == ("must", "唯一负责人由本人核稿、步骤不省")
    assert found.english.startswith("the only head")
    assert found.label == "OUT-05 唯一负责人由本人核稿、步骤不省"
    assert all(each.kind in rules.KINDS and each.title for each in rules.catalogue().values())


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("", []),
        ("OUT-04 XXX-99", ["OUT-04 拟稿人是负责人时由另一负责人核稿", "XXX-99"]),
    ],
)
def test_rules_are_named_as_a_diagram_names_them(ids: str, said: list[str]) -> None:
    assert rules.labelled(ids) == said


def test_what_is_no_rule_has_no_title() -> None:
    assert rules.title("XXX-99") == ""


def test_a_text_names_its_rules_once_and_in_its_order() -> None:
    found = rules.named_in("OUT-06, CSG-07: as OUT-06 says; XXX-99 is none.")
    assert [each.id for each in found] == ["OUT-06", "CSG-07"]
    assert rules.named_in(None) == []


def test_a_span_of_rules_names_those_between() -> None:
    found = rules.named_in("时限（DDL-01 至 DDL-03）", None, "OUT-05 DDL-01")
    assert [each.id for each in found] == ["DDL-01", "DDL-02", "DDL-03", "OUT-05"]
