"""Weights, reasons and refusals: what stops a document, and what lets it go on."""

import pytest

from app.documents.preflight import Explanation, PreflightFailed, Severity, check, ensure_passed
from app.documents.preflight.checking import field_of
from tests.documents.preflight.papers import paper

UNTITLED = paper("notice", title="关于巡查的通知")
ORDERING = paper(
    "notice", main_recipients=("各乡镇人民政府",), body="经县人民政府同意，开展机井登记。"
)


def explained(rule: str, sentence: str) -> list[Explanation]:
    return [Explanation(rule, sentence, "联合发文。", "陈雨桐", "2026-11-23T01:00:00+00:00")]


def test_a_warning_goes_on_with_a_reason_for_this_very_sentence() -> None:
    (found,) = check(UNTITLED, {})
    assert (found.severity, found.stops, found.asks) == (Severity.WARN, True, True)
    (again,) = check(UNTITLED, {}, explained("title_parts", found.spot.sentence))
    assert (again.stops, again.asks) == (False, False)
    ensure_passed([again])
    (other,) = check(UNTITLED, {}, explained("title_parts", "另一句。"))
    assert other.stops


def test_what_the_clause_excepts_goes_on_with_its_proof() -> None:
    (found,) = check(ORDERING, {})
    assert (found.severity, found.asks) == (Severity.BLOCK, True)
    assert found.excuse is not None
    assert found.excuse.label == "批准文件的文号或者日期"
    assert not found.excuse.wanted.search("已经同意")
    assert found.excuse.wanted.search("江政办函〔2026〕8号")


def test_what_is_forbidden_is_not_talked_away() -> None:
    copied = paper("request", copy_recipients=("局属各单位",))
    (found,) = check(copied, {})
    (again,) = check(copied, {}, explained("subordinate_copied", found.spot.sentence))
    assert (again.stops, again.asks, again.excuse) == (True, False, None)


@pytest.mark.parametrize(
    ("severity", "found", "stops"),
    [
        (Severity.OFF, 0, False),
        (Severity.NOTE, 1, False),
        (Severity.WARN, 1, True),
        (Severity.BLOCK, 1, True),
    ],
)
def test_a_unit_says_how_much_a_check_weighs(severity: Severity, found: int, stops: bool) -> None:
    findings = check(UNTITLED, {"title_parts": severity})
    assert len(findings) == found
    assert any(each.stops for each in findings) == stops
    given = explained("title_parts", findings[0].spot.sentence) if findings else []
    again = check(UNTITLED, {"title_parts": severity}, given)
    assert any(each.stops for each in again) == (severity is Severity.BLOCK)


def test_a_refusal_names_everything_at_once() -> None:
    found = check(paper("request", note="", copy_recipients=("局属各单位",), body=""), {})
    with pytest.raises(PreflightFailed) as refusal:
        ensure_passed(found)
    fields = [each.field for each in refusal.value.errors]
    assert fields == ["body", "copy_recipients", "explanations.contact"]
    assert refusal.value.message == "发前检查有 2 处必须修改，1 处须修改或者说明。"
    assert "条例第十五条（一）" in refusal.value.errors[1].message
    assert "请填写照此送出的理由" in refusal.value.errors[2].message
    assert [field_of(each) for each in found] == fields
