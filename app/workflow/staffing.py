"""Whether every step of a route has what an office needs: people, a form, a way out, a limit."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization import role_labels
from app.organization.choices import upwards
from app.organization.models import Appointment, Person, Unit
from app.workflow.bundle import Bundle
from app.workflow.errors import Fault
from app.workflow.graph import Graph, Node
from app.workflow.models import ProcessTerm, TermState
from app.workflow.parser import groups, outcomes

NAMED = 5  # units in one sentence


def complete(bundle: Bundle) -> Iterator[Fault]:
    """Each step has a form and a named way out; without a limit no hours are counted (DDL-06)."""
    for graph, node in bundle.nodes("userTask"):
        at = partial(Fault, graph.file, node.line, node.id)
        if not node.camunda.get("formKey"):
            yield at("没有表单，请选定一个表单，只写意见的用“opinion”")
        if not outcomes(graph, node):
            yield at("没有处理结果，请画出结果的网关，或者用属性 outcome、outcome_label 写明")
        if not node.properties.get("limit"):
            yield at("没有时限，到期不会提醒，请写明时限，例如 P1D", warning=True)


def staffed(
    session: Session, bundle: Bundle, process_id: str, unit_id: int | None
) -> Iterator[Fault]:
    """Somebody in each unit that will begin with this version holds a role of each step.

    A role that nobody holds anywhere is a fault; one that some units lack a warning that names
    them, unless the step says whom to ask instead.
    """
    for lack in _lacks(session, bundle, process_id, unit_id):
        at = partial(Fault, lack.graph.file, lack.node.line, lack.node.id)
        if lack.everywhere:
            sentence = f"没有人担任“{lack.who}”，请先在组织机构中任命，或改为有人担任的角色"
            yield at(sentence, _asks_others(lack.node))
        elif not _asks_others(lack.node):
            yield at(lack.sentence, warning=True)


def stops(session: Session, bundle: Bundle, process_id: str, unit_id: int | None) -> Iterator[str]:
    """Where new cases would stop for want of people, in sentences; for a version that exists.

    In the unit and those below it that follow it; a step that asks others then stops nowhere.
    """
    for lack in _lacks(session, bundle, process_id, unit_id):
        if not _asks_others(lack.node):
            yield f"“{lack.node.name or lack.node.id}”：{lack.sentence}"


@dataclass(frozen=True)
class _Lack:
    """A step with no holder of its roles in some units.

    units       their names
    everywhere  these are all units that would begin with the version
    who         the roles in words
    """

    graph: Graph
    node: Node
    units: Sequence[str]
    everywhere: bool
    who: str

    @property
    def sentence(self) -> str:
        more = f"等 {len(self.units)} 个单位" if len(self.units) > NAMED else ""
        where = "、".join(self.units[:NAMED]) + more
        return f"{where}没有人担任“{self.who}”，届时停在流程管理员处，请先任命"


def _lacks(
    session: Session, bundle: Bundle, process_id: str, unit_id: int | None
) -> Iterator[_Lack]:
    units = _units(session, process_id, unit_id)
    holders, labels = _holders(session), role_labels(session)
    for graph, node in bundle.nodes("userTask"):
        keys = groups(node)
        lacking = [name for ident, name in units.items() if not _filled(holders, ident, keys)]
        if keys and lacking:
            who = "或".join(labels.get(key, key) for key in keys)
            yield _Lack(graph, node, lacking, len(lacking) == len(units), who)


def _units(session: Session, process_id: str, unit_id: int | None) -> dict[int, str]:
    """Units that will begin with a version put in force there: itself, and who follows it."""
    rows = session.execute(sa.select(Unit.id, Unit.name, Unit.parent_id).order_by(Unit.id)).all()
    own = set(
        session.scalars(
            sa.select(ProcessTerm.unit_id).where(
                ProcessTerm.process_id == process_id,
                ProcessTerm.state == TermState.IN_FORCE,
                ProcessTerm.unit_id.is_not(None),
                ~ProcessTerm.follows,
            )
        )
    )
    above = {row.id: row for row in rows}
    return {row.id: row.name for row in rows if _follows(upwards(above, row.id), unit_id, own)}


def _follows(chain: Sequence[int], unit_id: int | None, own: Collection[int | None]) -> bool:
    for each in chain:
        if each == unit_id:
            return True
        if each in own:
            return False
    return unit_id is None


def _holders(session: Session) -> Mapping[int, set[str]]:
    query = (
        sa.select(Appointment.unit_id, Appointment.role_key)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.until.is_(None), Person.active)
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for unit_id, role in session.execute(query):
        found.setdefault(unit_id, set()).add(role)
    return found


def _filled(holders: Mapping[int, set[str]], unit_id: int, keys: Sequence[str]) -> bool:
    return not holders.get(unit_id, set()).isdisjoint(keys)


def _asks_others(node: Node) -> bool:
    return node.properties.get("nobody") in ("skip", "next_level")
