"""Publishing: a diagram becomes an immutable version, and a second person puts it in force."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.workflow import checks, noting, terms, trial
from app.workflow.definitions import digest
from app.workflow.errors import AlreadyDecided, BadDiagram, Fault
from app.workflow.forms import Form
from app.workflow.gathering import Gathered, gather
from app.workflow.graph import Graph
from app.workflow.models import DefinitionRow, DefinitionState, ProcessTerm, TermState

SHIPPED = "shipped"  # the rule that signs for versions delivered with the program


def publish(
    session: Session,
    files: Mapping[str, bytes],
    by: audit.Signature,
    at: datetime,
    *,
    roles: Collection[str],
    forms: Mapping[str, Form],
    shipped: bool = False,
    tried: bool = False,
    anew: bool = False,
    unit_id: int | None = None,
    reason: str = "",
    in_force_from: date | None = None,
) -> DefinitionRow:
    """Check a process with the ones it calls, keep it as one version and propose it.

    files    one process, and if need be processes that it calls and forms; what else they name is
             taken from what is in force and from the library, and pinned by its content
    shipped  delivered with the program: in force at once by the rule "shipped", unless another
             person's version is in force, which stays
    tried    the trial was made already, a moment ago
    anew     refused where it holds or is proposed already; else nothing is proposed then
    unit_id, reason, in_force_from
             where it is to hold, why, and from which day; see :class:`ProcessTerm`
    The same content gives the same row. Running cases do not notice.
    Raises BadDiagram with every fault, AlreadyDecided (see ``anew``).
    """
    gathered = gather(session, files, unit_id)
    played = checks.quick if shipped else trial.limited_walks
    faults = faults_of(gathered, roles, forms, trial=None if tried else played)
    if faults:
        raise BadDiagram(faults)
    root = gathered.bundle.roots[0]
    row = _kept(session, root, gathered, by, at, shipped)
    if not shipped:
        with suppress(*([] if anew else [AlreadyDecided])):
            terms.propose(
                session, row, by, at, unit_id=unit_id, reason=reason, in_force_from=in_force_from
            )
    elif row.state == DefinitionState.SUBMITTED and _may_replace(session, row):
        term = terms.propose(session, row, by, at)
        terms.begin(session, term, audit.signed_by_rule(SHIPPED), at)
    return row


def faults_of(
    gathered: Gathered,
    roles: Collection[str],
    forms: Mapping[str, Form],
    *,
    trial: checks.Trial | None,
) -> list[Fault]:
    """Everything that keeps these files from being published."""
    faults = checks.check(gathered.files, roles, forms, trial=trial)
    roots = gathered.bundle.roots
    if not faults and len(roots) != 1:
        names = "、".join(root.name or root.id for root in roots)
        faults = [Fault("", 0, "", f"一次发布一个流程及其调用的流程，这里有：{names}，请分开提交")]
    return faults


def put_in_force(
    session: Session,
    sha256: str,
    by: audit.Signature,
    at: datetime,
    term_id: int | None = None,
) -> DefinitionRow:
    """New cases run on this version from now on, or from the day proposed; the one before ends.

    Raises SecondPersonNeeded for the person who submitted it, AlreadyDecided unless submitted.
    """
    term = terms.put_in_force(session, sha256, by, at, term_id)
    return session.get_one(DefinitionRow, term.sha256)


def _kept(
    session: Session,
    root: Graph,
    gathered: Gathered,
    by: audit.Signature,
    at: datetime,
    shipped: bool,
) -> DefinitionRow:
    terms.take_turns(session, root.id)
    files, bundle = gathered.files, gathered.bundle
    sha256 = digest(root.id, files)
    row = session.get(DefinitionRow, sha256)
    if row is not None:
        return row
    last = sa.select(sa.func.max(DefinitionRow.version)).where(DefinitionRow.process_id == root.id)
    called = {
        top.id: digest(top.id, {top.file: files[top.file]})
        for top in bundle.tops.values()
        if top is not root
    }
    row = DefinitionRow(
        sha256=sha256,
        process_id=root.id,
        name=root.name or root.id,
        version=(session.scalar(last) or 0) + 1,
        files=json.dumps({name: data.decode() for name, data in files.items()}),
        called=json.dumps(called),
        state=DefinitionState.SUBMITTED,
        shipped=shipped,
        submitted_by=by.person_id,
        submitted_at=at,
    )
    session.add(row)
    session.flush()
    noting.record(session, "definition.submitted", row, by, at)
    return row


def _may_replace(session: Session, row: DefinitionRow) -> bool:
    """A version that the office made itself is not pushed aside by a new delivery."""
    query = (
        sa.select(DefinitionRow.shipped)
        .join(ProcessTerm, ProcessTerm.sha256 == DefinitionRow.sha256)
        .where(
            ProcessTerm.process_id == row.process_id,
            ProcessTerm.unit_id.is_(None),
            ProcessTerm.state == TermState.IN_FORCE,
        )
    )
    return session.scalar(query) is not False
