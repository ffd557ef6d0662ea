"""Publishing: a diagram becomes an immutable version, and a second person puts it in force."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.workflow import checks, trial
from app.workflow.bundle import Bundle
from app.workflow.definitions import digest
from app.workflow.errors import AlreadyDecided, BadDiagram, Fault, NoDefinition, SecondPersonNeeded
from app.workflow.forms import Form
from app.workflow.graph import Graph
from app.workflow.models import DefinitionRow, DefinitionState
from app.workflow.parser import read_graphs

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
) -> DefinitionRow:
    """Check a process with the ones it calls and keep it as one version.

    files    one process, and if need be processes that it calls; any other called process is taken
             from the version in force, and pinned by its content like the rest
    shipped  delivered with the program: in force at once by the rule "shipped", unless another
             person's version is in force, which stays
    The same content gives the same row. Running cases do not notice.
    Raises BadDiagram with every fault.
    """
    bundle, complete = _completed(session, files)
    faults = checks.check(
        complete, roles, forms, trial=checks.quick if shipped else trial.limited_walks
    )
    roots = bundle.roots
    if not faults and len(roots) != 1:
        names = "、".join(root.name or root.id for root in roots)
        faults = [Fault("", 0, "", f"一次发布一个流程及其调用的流程，这里有：{names}")]
    if faults:
        raise BadDiagram(faults)
    row = _kept(session, roots[0], complete, bundle, by, at, shipped)
    if shipped and row.state == DefinitionState.SUBMITTED and _may_replace(session, row):
        _put_in_force(session, row, audit.signed_by_rule(SHIPPED), at)
    return row


def put_in_force(session: Session, sha256: str, by: audit.Signature, at: datetime) -> DefinitionRow:
    """New cases run on this version from now on; the one before is retired.

    Raises SecondPersonNeeded for the person who submitted it, AlreadyDecided unless submitted.
    """
    row = session.get(DefinitionRow, sha256, with_for_update=True)
    if row is None:
        raise NoDefinition
    if row.state != DefinitionState.SUBMITTED:
        raise AlreadyDecided(f"流程“{row.name}”第 {row.version} 版已经启用或停用，不需再次启用。")
    if by.person_id is None or by.person_id == row.submitted_by:
        raise SecondPersonNeeded
    _put_in_force(session, row, by, at)
    return row


def _completed(session: Session, files: Mapping[str, bytes]) -> tuple[Bundle, dict[str, bytes]]:
    """The files with those of every called process that is not among them, and their bundle."""
    complete = dict(files)
    while True:
        tops, faults = read_graphs(complete)
        bundle = Bundle(tops, faults)
        missing = {
            node.called
            for _, node in bundle.nodes("callActivity")
            if node.called and node.called not in tops
        }
        added = {
            name: text.encode()
            for process_id in sorted(missing)
            for name, text in _files_in_force(session, process_id).items()
        }
        if not added.keys() - complete.keys():
            return bundle, complete
        complete = {**added, **complete}


def _files_in_force(session: Session, process_id: str) -> dict[str, str]:
    query = sa.select(DefinitionRow.files).where(
        DefinitionRow.process_id == process_id, DefinitionRow.state == DefinitionState.IN_FORCE
    )
    text = session.scalar(query)
    return {f"{process_id}/{name}": each for name, each in json.loads(text or "{}").items()}


def _kept(
    session: Session,
    root: Graph,
    files: Mapping[str, bytes],
    bundle: Bundle,
    by: audit.Signature,
    at: datetime,
    shipped: bool,
) -> DefinitionRow:
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
    _record(session, "definition.submitted", row, by, at)
    return row


def _may_replace(session: Session, row: DefinitionRow) -> bool:
    """A version that the office made itself is not pushed aside by a new delivery."""
    query = sa.select(DefinitionRow.shipped).where(
        DefinitionRow.process_id == row.process_id,
        DefinitionRow.state == DefinitionState.IN_FORCE,
    )
    return session.scalar(query) is not False


def _put_in_force(session: Session, row: DefinitionRow, by: audit.Signature, at: datetime) -> None:
    session.execute(
        sa.update(DefinitionRow)
        .where(
            DefinitionRow.process_id == row.process_id,
            DefinitionRow.state == DefinitionState.IN_FORCE,
        )
        .values(state=DefinitionState.RETIRED)
    )
    row.state, row.decided_by, row.decided_at = DefinitionState.IN_FORCE, by.person_id, at
    session.flush()
    _record(session, "definition.put_in_force", row, by, at)


def _record(
    session: Session, action: str, row: DefinitionRow, by: audit.Signature, at: datetime
) -> None:
    detail = {
        "sha256": row.sha256,
        "process": row.process_id,
        "name": row.name,
        "version": row.version,
    }
    audit.record(session, action, by, at=at, detail=detail)
