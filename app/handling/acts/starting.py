"""A case begins: a drafter drafts (拟稿), the secretary registers what came in (收文登记)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from app import clock, organization
from app.documents import operations as documents
from app.documents import scans
from app.documents.fields import IncomingFields, OutgoingFields, ScanFields
from app.documents.models import Document
from app.errors import Invalid, NotAllowed
from app.handling.act import Act
from app.handling.acts.done import Done
from app.handling.errors import CannotStart
from app.handling.models import Case
from app.handling.recording import record_act
from app.handling.signing.joint import MORE
from app.handling.signing.needs import WITHOUT_SEAL
from app.handling.stays import timers
from app.handling.stays.skipping import go_on
from app.handling.stays.succession import Sending, open_stays
from app.organization import Actor
from app.workflow import operations as engine
from app.workflow import queries as routes
from app.workflow.definitions import Definition
from app.workflow.errors import EngineFault
from app.workflow.models import WorkflowCase

log = logging.getLogger(__name__)

DRAFTED_AT = {"outgoing": "draft", "outgoing_free": "handle"}
"""The routes on which a drafter may send his document, and the step at which he writes it."""
MAY_DRAFT = ("drafter", "dept-head")
MAY_REGISTER = ("office-secretary", "dispatcher")
MAY_SCAN = ("dispatcher",)


def create_document(
    session: Session,
    actor: Actor,
    fields: OutgoingFields,
    process: str = "outgoing",
) -> Done:
    """Draft an outgoing document; its case opens at the first step, for the caller (ORG-09).

    process  the fixed route, or ``outgoing_free``, on which the drafter chooses every next step
    """
    ensure_may_draft(actor)
    _ensure_runs_on(process, fields)
    at = clock.now(session)
    signers = fields.countersigners
    named = organization.named(session, signers, actor.unit_id).logins if signers else ()
    step = DRAFTED_AT[process]
    document = documents.create_outgoing(session, actor, at, fields, step=step)
    return start(
        session,
        actor,
        document,
        process,
        {
            "drafter": actor.login,
            "countersigners": list(named),
            "needs_countersign": bool(named),
            "countersign_mode": "sequential",
            WITHOUT_SEAL: False,
            MORE: False,
        },
    )


def _ensure_runs_on(process: str, fields: OutgoingFields) -> None:
    if process not in DRAFTED_AT:
        raise Invalid.at("process", "流转方式不在可选的范围内，请重新选择。")
    if fields.countersigners and process != "outgoing":
        message = "自由流转不设会签。需要会签的请选固定流程，否则不选会签人。"
        raise Invalid.at("countersigners", message)


def register_incoming(session: Session, actor: Actor, fields: IncomingFields) -> Done:
    """Register a received document; its case opens at the registration step (INC-01, INC-16)."""
    ensure_may_register(actor)
    at = clock.now(session)
    document = documents.register_incoming(session, actor, at, fields)
    return start(
        session,
        actor,
        document,
        "incoming",
        {"registrar": actor.login, "readers": [], "handling_department": ""},
    )


def register_scan(session: Session, actor: Actor, fields: ScanFields) -> Done:
    """Register a paper finished outside the system, to be sent as it is; dispatchers only (OUT-17).

    Its case opens at the registration, where the scan may still be added or replaced.
    """
    ensure_may_scan(actor)
    at = clock.now(session)
    document = scans.register(session, actor, at, fields, step="register_scan")
    return start(session, actor, document, "scan", {"registrar": actor.login})


def ensure_may_draft(actor: Actor) -> None:
    """Raises NotAllowed, as saving would; asked before an empty form is shown (ORG-09)."""
    _ensure_holds(actor, MAY_DRAFT, "只有拟稿人和部门负责人可以拟稿，请联系本部门拟稿人。")


def ensure_may_register(actor: Actor) -> None:
    """Raises NotAllowed, as saving would; asked before an empty form is shown (INC-01)."""
    _ensure_holds(actor, MAY_REGISTER, "只有办公室秘书和收发员可以登记来文，请联系本单位办公室。")


def ensure_may_scan(actor: Actor) -> None:
    """Raises NotAllowed, as saving would; asked before an empty form is shown (OUT-17)."""
    _ensure_holds(actor, MAY_SCAN, "只有收发员可以办理扫描件发文，请联系本单位收发员。（OUT-17）")


def _ensure_holds(actor: Actor, roles: tuple[str, ...], refusal: str) -> None:
    if not any(actor.holds(role, unit_id=actor.unit_id) for role in roles):
        raise NotAllowed(refusal)


def start(
    session: Session, actor: Actor, document: Document, process_id: str, variables: dict[str, Any]
) -> Done:
    """A case of a document that has just been made. Raises CannotStart."""
    session.flush()
    definition = routes.in_force(session, process_id, document.unit_id)
    at = document.created_at
    given = {"direction": document.direction, "urgency": document.urgency, **variables}
    with _taking(definition):
        run, move = engine.start(session, definition, given, None, at)
    session.flush()
    case = _case(run, definition, document, actor)
    session.add(case)
    session.flush()
    act = Act(session, actor, at, case, run, document)
    with _taking(definition):
        move = go_on(act, move)
        timers.follow(act, [move])
    opened = open_stays(act, move, Sending())
    record_act(
        act,
        "case.started",
        opened=opened,
        process=definition.process_id,
        process_version=definition.version,
        definition_sha256=definition.sha256,
        department=act.scope.department_id,
    )
    return Done(case, opened)


@contextmanager
def _taking(definition: Definition) -> Iterator[None]:
    """No stay, no incident: nothing is left standing, and whoever drafts is told whom to ask."""
    try:
        yield
    except EngineFault as fault:
        log.exception(
            "%s v%s cannot start: %s", definition.process_id, definition.version, fault.detail
        )
        raise CannotStart(definition.name, definition.version) from fault


def _case(run: WorkflowCase, definition: Definition, document: Document, actor: Actor) -> Case:
    return Case(
        id=run.id,
        document_id=document.id,
        process_id=definition.process_id,
        process_name=definition.name,
        process_version=definition.version,
        unit_id=document.unit_id,
        department_id=document.department_id,
        starter_id=actor.person_id,
        started_at=document.created_at,
    )
