"""Which series a document is numbered in, by whom, and how series are set up."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.documents import mark_numbered, numbering
from app.documents.errors import WrongState
from app.documents.kinds import KINDS
from app.documents.numbering import series
from app.documents.numbering.series import Plan
from app.errors import Invalid, NotAllowed, NotFound
from tests.documents.conftest import ADMIN, AT, CLERK, DRAFTER, PARTY
from tests.documents.numbers import ORDER, PARTY_CODE, party_series, signed
from tests.documents.snapshot import snapshot

MAIN = Plan("行政发文", [each for each in KINDS if each not in ("命令", "纪要")])


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("number", ["县令〔2026〕1号", "县令〔2026〕2号", "县令〔2027〕1号"]),
        ("order", ["第1号", "第2号", "第3号"]),
        ("issue", ["第1期", "第2期", "第3期"]),
        ("issue_of_year", ["第1期", "第2期", "第1期"]),
    ],
)
def test_how_numbers_are_written_and_run(session: Session, form: str, texts: list[str]) -> None:
    series.define(session, ADMIN, AT, Plan("令", ["命令"], code="县令", form=form))
    next_year = AT.replace(year=2027)
    taken = [
        mark_numbered(session, signed(session, **ORDER), DRAFTER, at, "县令")
        for at in (AT, AT, next_year)
    ]
    assert taken == texts


def test_what_fits_only_one_series_is_numbered_there(session: Session) -> None:
    series.define(session, ADMIN, AT, Plan("令", ["命令"], code="县令", form="order"))
    series.change(session, ADMIN, AT, "江水", MAIN)
    assert mark_numbered(session, signed(session, **ORDER), DRAFTER, AT) == "第1号"
    assert mark_numbered(session, signed(session), DRAFTER, AT) == "江水〔2026〕1号"
    before = snapshot(session)
    for code, kind in (("县令", {}), ("江水", ORDER)):
        with pytest.raises(Invalid, match="不能编入序列"):
            numbering.take(session, signed(session, **kind), DRAFTER, AT, code)
    with pytest.raises(Invalid, match="没有适用于“纪要”的发文字号序列"):
        numbering.ensure_fits(session, 1, "纪要")
    numbering.ensure_fits(session, 1, "命令", "县令")
    assert [each.code for each in numbering.fitting(session, 1, "命令")] == ["县令"]
    assert snapshot(session)["issued_number"] == before["issued_number"]


def test_two_units_may_issue_the_same_order_number(session: Session) -> None:
    """第1号 is unique in its series, which the ledger names."""
    for unit, code in ((1, "县令"), (2, "他令")):
        post = replace(ADMIN.posts[0], unit_id=unit)
        admin = replace(ADMIN, unit_id=unit, posts=(post,))
        series.define(session, admin, AT, Plan("令", ["命令"], code=code, form="order"))
    first, second = signed(session, **ORDER), signed(session, **ORDER)
    second.unit_id = 2
    session.flush()
    assert mark_numbered(session, first, DRAFTER, AT, "县令") == "第1号"
    assert mark_numbered(session, second, DRAFTER, AT, "他令") == "第1号"


def test_another_office_cannot_number_in_a_series(session: Session) -> None:
    """OUT-29: the administrative registrar is refused where the Party office gives the numbers."""
    party_series(session)
    document = signed(session)
    before = snapshot(session)
    for by in (DRAFTER, CLERK):
        with pytest.raises(NotAllowed, match="由党委办公室管理"):
            mark_numbered(session, document, by, AT, PARTY_CODE)
    assert snapshot(session) == before
    assert [value for value, _ in numbering.offers(session, document, CLERK, AT)] == ["江水"]
    assert mark_numbered(session, document, PARTY, AT, PARTY_CODE) == "江水党〔2026〕1号"
    assert numbering.offers(session, document, PARTY, AT) == []


def test_what_only_another_office_numbers_is_refused_without_a_choice_too(session: Session) -> None:
    party_series(session, ["决定"])
    series.change(session, ADMIN, AT, "江水", replace(MAIN, kinds=["通知"]))
    document = signed(session, kind="决定")
    with pytest.raises(NotAllowed, match="由党委办公室管理"):
        mark_numbered(session, document, CLERK, AT)
    assert mark_numbered(session, document, PARTY, AT) == "江水党〔2026〕1号"


def test_without_the_main_series_one_has_to_be_chosen(session: Session) -> None:
    for code in ("江水甲", "江水乙"):
        series.define(session, ADMIN, AT, Plan(code, ["通知"], code=code))
    series.end(session, ADMIN, AT, "江水")
    document = signed(session)
    with pytest.raises(Invalid, match="有几个序列可用"):
        mark_numbered(session, document, DRAFTER, AT)
    for choice in ("江水", "无此", "江水甲:x"):
        with pytest.raises(Invalid, match="这个文号可取"):
            mark_numbered(session, document, DRAFTER, AT, choice)
    assert mark_numbered(session, document, DRAFTER, AT, "江水乙") == "江水乙〔2026〕1号"


def test_the_last_series_cannot_end(session: Session) -> None:
    numbering.take(session, signed(session), DRAFTER, AT)
    with pytest.raises(WrongState, match="唯一的序列"):
        series.end(session, ADMIN, AT, "江水")


PLAN: dict[str, Any] = {"name": "党委发文", "kinds": ["通知"], "code": "江水党"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"code": ""}, "code"),
    ({"code": "江" * 11}, "code"),
    ({"code": "江〔1〕"}, "code"),
    ({"code": "江:1"}, "code"),
    ({"code": "江 水"}, "code"),
    ({"code": "江水"}, "code"),
    ({"code": "他水"}, "code"),
    ({"name": " "}, "name"),
    ({"name": "长" * 41}, "name"),
    ({"kinds": []}, "kinds"),
    ({"kinds": ["总结"]}, "kinds"),
    ({"kinds": ["通知", "总结"]}, "kinds"),
    ({"form": "free"}, "form"),
    ({"role": "nobody"}, "role"),
    ({"role": "process-admin"}, "role"),
    ({"role": "auditor"}, "role"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG, ids=str)
def test_a_wrong_plan_sets_nothing_up(session: Session, wrong: dict[str, Any], field: str) -> None:
    """他水 is the code of another unit that has not numbered anything yet (NUM-02)."""
    numbering.take(session, signed(session), DRAFTER, AT)
    before = snapshot(session)
    with pytest.raises(Invalid) as refused:
        series.define(session, ADMIN, AT, Plan(**{**PLAN, **wrong}))
    assert [each.field for each in refused.value.errors] == [field]
    assert snapshot(session) == before


def test_only_the_process_administrator_sets_up_series(session: Session) -> None:
    numbering.take(session, signed(session), DRAFTER, AT)
    before = snapshot(session)
    for act in (
        lambda: series.define(session, CLERK, AT, Plan(**PLAN)),
        lambda: series.change(session, CLERK, AT, "江水", MAIN),
        lambda: series.end(session, CLERK, AT, "江水"),
    ):
        with pytest.raises(NotAllowed, match="流程管理员"):
            act()
    with pytest.raises(NotFound):
        series.change(session, ADMIN, AT, "他水", MAIN)
    assert snapshot(session) == before


def test_a_series_for_one_kind_alone_goes_before_the_main_one(session: Session) -> None:
    series.define(session, ADMIN, AT, Plan("令", ["命令"], code="县令", form="order"))
    assert mark_numbered(session, signed(session, **ORDER), DRAFTER, AT) == "第1号"
    assert mark_numbered(session, signed(session), DRAFTER, AT) == "江水〔2026〕1号"


def test_the_series_that_was_proposed_is_taken_unless_another_is_chosen(session: Session) -> None:
    series.define(session, ADMIN, AT, Plan("党委发文", ["通知"], code=PARTY_CODE))
    proposed = signed(session, series=PARTY_CODE)
    assert numbering.misfit(session, proposed) == ""
    assert mark_numbered(session, proposed, DRAFTER, AT) == "江水党〔2026〕1号"
    other = signed(session, series=PARTY_CODE)
    assert mark_numbered(session, other, DRAFTER, AT, "江水") == "江水〔2026〕1号"


def test_a_proposal_of_another_office_is_decided_by_the_registrar(session: Session) -> None:
    party_series(session)
    proposed = signed(session, series=PARTY_CODE)
    with pytest.raises(Invalid, match="这一序列不归您管理"):
        mark_numbered(session, proposed, CLERK, AT)
    assert mark_numbered(session, proposed, PARTY, AT) == "江水党〔2026〕1号"


def test_a_proposal_that_does_not_fit_is_refused_and_found_later(session: Session) -> None:
    series.define(session, ADMIN, AT, Plan("令", ["命令"], code="县令", form="order"))
    with pytest.raises(Invalid, match="不能编入序列“县令”") as refused:
        signed(session, series="县令")
    assert [each.field for each in refused.value.errors] == ["series"]
    series.define(session, ADMIN, AT, Plan("党委发文", ["通知"], code=PARTY_CODE))
    document = signed(session, series=PARTY_CODE)
    series.end(session, ADMIN, AT, PARTY_CODE)
    assert "“江水党”不适用于“通知”或者已停用" in numbering.misfit(session, document)
    with pytest.raises(Invalid, match="“江水党”已不可用"):
        mark_numbered(session, document, CLERK, AT)


def test_several_series_and_nothing_to_choose_by_is_found_before(session: Session) -> None:
    for code in ("甲", "乙"):
        series.define(session, ADMIN, AT, Plan(code, ["函", "通知"], code=code))
    others = [each for each in KINDS if each not in ("函", "通知")]
    series.change(session, ADMIN, AT, "江水", Plan("行政发文", others))
    assert "有几个文号序列可用，请选择其一：甲" in numbering.misfit(session, signed(session))
