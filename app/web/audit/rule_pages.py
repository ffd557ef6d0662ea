"""规则对照: each clause with the steps, places and tests of it; and what nothing carries out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from app.database import current_session
from app.handling.views import clauses
from app.handling.views.clauses import Clause
from app.rules import KINDS
from app.web.audit.blueprint import blueprint

SHOWN = {
    "": "全部",
    "must": "必须执行的",
    "bare": "必须执行而没有对应的",
    "unproved": "有对应而没有测试的",
}
"""What of the list is asked for."""


@dataclass(frozen=True)
class Group:
    """The rules of one group, such as OUT, with how many of its musts are carried out."""

    key: str
    rows: Sequence[Clause]
    musts: int
    carried_out: int
    proved: int


@blueprint.get("/rules", endpoint="rules")
def show() -> str:
    every = clauses.clauses(current_session())
    shown = request.args.get("show", "")
    groups = [_group(key, every, shown) for key in dict.fromkeys(_key(each) for each in every)]
    musts = [each for each in every if each.rule.kind == "must"]
    return render_template(
        "audit/rules.html",
        groups=groups,
        shown=shown if shown in SHOWN else "",
        ways=SHOWN,
        kinds=KINDS,
        total=len(every),
        musts=len(musts),
        carried_out=sum(each.is_carried_out for each in musts),
        proved=sum(bool(each.scenarios) for each in musts),
        tested=clauses.knows_scenarios(),
    )


def _group(key: str, every: Sequence[Clause], shown: str) -> Group:
    rows = [each for each in every if _key(each) == key]
    musts = [each for each in rows if each.rule.kind == "must"]
    return Group(
        key,
        [each for each in rows if _is_shown(each, shown)],
        len(musts),
        sum(each.is_carried_out for each in musts),
        sum(bool(each.scenarios) for each in musts),
    )


def _key(clause: Clause) -> str:
    return clause.rule.id.partition("-")[0]


def _is_shown(clause: Clause, shown: str) -> bool:
    must = clause.rule.kind == "must"
    if shown == "must":
        return must
    if shown == "bare":
        return must and not clause.is_carried_out
    if shown == "unproved":
        return clause.is_carried_out and not clause.scenarios
    return True
