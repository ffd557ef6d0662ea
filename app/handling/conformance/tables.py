"""Whether the tables say of a case what its record says: stays, who ended them, and how."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import Entry
from app.handling.conformance.kinds import Deviation, of_entry
from app.handling.models import Case, Opinion, Task
from app.handling.replaying.rebuilding import ENDS, rebuild
from app.organization import Person

KIND = "tables"
Stays = dict[int, Any]
"""Rows of stays by their ids."""


@dataclass
class Tables:
    """Rows of one case: its stays with the login of who ended them, and the stays with opinions."""

    stays: Stays = field(default_factory=dict)
    opinions: set[int] = field(default_factory=set)


def read_tables(session: Session, cases: Collection[int]) -> dict[int, Tables]:
    found = {case_id: Tables() for case_id in cases}
    stays = (
        sa.select(
            *(Task.id, Task.case_id, Task.step, Task.step_name, Task.state),
            *(Task.done_at, Task.outcome, Person.login),
        )
        .outerjoin(Person, Person.id == Task.done_by_id)
        .where(Task.case_id.in_(cases))
    )
    for stay in session.execute(stays):
        found[stay.case_id].stays[stay.id] = stay
    opinions = sa.select(Opinion.case_id, Opinion.task_id).where(Opinion.case_id.in_(cases))
    for case_id, task_id in session.execute(opinions):
        found[case_id].opinions.add(task_id)
    return found


def compare(case: Case, tables: Tables, entries: Sequence[Entry]) -> list[Deviation]:
    """Each difference as a deviation; the record counts, the table was changed past the acts."""
    if not entries:
        return []
    last, moment = entries[-1], rebuild(entries)
    return [
        *_state(case, moment.state, last),
        *_open(tables.stays, {each.id for each in moment.stays.values() if each.open}, last),
        *(each for entry in entries for each in _stay(tables.stays, entry)),
        *_opinions(tables.opinions, {each.stay for each in moment.opinions}, last),
    ]


def _state(case: Case, state: str, last: Entry) -> list[Deviation]:
    if not state or case.state == state:
        return []
    return [_told(last, "案件的状态与记录不符：数据表里的状态不是记录中最后一次办理留下的。")]


def _open(stays: Stays, recorded: set[int], last: Entry) -> list[Deviation]:
    open_ = {ident for ident, stay in stays.items() if stay.state == "open"}
    if open_ == recorded:
        return []
    names = "、".join(
        stays[each].step_name if each in stays else f"停留 {each}"
        for each in sorted(open_ ^ recorded)
    )
    return [_told(last, f"待办与记录不符：{names}。")]


def _stay(stays: Stays, entry: Entry) -> list[Deviation]:
    """An entry that ended a stay, against the row of that stay."""
    if entry.action not in ENDS or entry.outcome != "done" or entry.subject is None:
        return []
    stay = stays.get(entry.subject[1])
    if stay is None:
        return [_told(entry, "记录里办结的这次停留，数据表里没有。")]
    said = [
        (stay.step == entry.step, "环节"),
        (stay.login == entry.actor_login, "办理人"),
        (stay.done_at == entry.at, "办结时间"),
        ("outcome" not in entry.detail or stay.outcome == entry.detail["outcome"], "结论"),
    ]
    wrong = [word for fits, word in said if not fits]
    return [_told(entry, f"数据表里这次停留的{'、'.join(wrong)}与记录不符。")] if wrong else []


def _opinions(kept: set[int], recorded: set[int], last: Entry) -> list[Deviation]:
    if kept == recorded:
        return []
    return [_told(last, "办理意见与记录不符：多出或者缺少意见。")]


def _told(entry: Entry, said: str) -> Deviation:
    """Nobody's act: whoever changed the table is not on record."""
    return replace(of_entry(KIND, entry, said), person="不明", reason="", authority="没有记录")
