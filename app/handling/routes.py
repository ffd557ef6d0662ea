"""Routes come into force: those of the program at once, an office's own by two people."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app import audit, organization
from app.audit import Signature
from app.errors import Invalid, NotAllowed
from app.handling import terms as begun
from app.handling.equipment import equipment
from app.handling.whatif import saved
from app.organization import Actor, roles
from app.workflow import drafts, following, losing, noting, publishing, rights, terms
from app.workflow.errors import BadDiagram, NoDefinition
from app.workflow.gathering import gather
from app.workflow.loading import definition
from app.workflow.models import DefinitionRow, ProcessTerm
from app.workflow.played import Looked, ensure_same
from app.workflow.played import look as read

SHIPPED = {
    "outgoing": ("outgoing", "countersign"),
    "outgoing_free": ("outgoing_free",),
    "incoming": ("incoming",),
    "scan": ("scan",),
    "seal_request": ("seal_request",),
    "certificate": ("certificate",),
}
"""Each route of the program with the files that it is made of."""
INSTALLED = audit.signed_by_rule("随程序安装的流程")


def publish_shipped(session: Session, folder: Path, at: datetime) -> list[str]:
    """Publish the diagrams of the program; those in force already with the same content stay.

    Returns what is in force now, as ``name 第 n 版``. Raises BadDiagram with every fault.
    """
    found = []
    for names in SHIPPED.values():
        files = {f"{name}.bpmn": (folder / f"{name}.bpmn").read_bytes() for name in names}
        row = _publish(session, files, INSTALLED, at, shipped=True)
        found.append(f"{row.name}第 {row.version} 版")
    return found


def submit(
    session: Session,
    actor: Actor,
    files: Mapping[str, bytes],
    at: datetime,
    authority: str | None = None,
    *,
    played: str | None = None,
) -> DefinitionRow:
    """Check a route for the whole office and keep it as a version; a second person begins with it.

    authority  what the right rests on, where it is not the post alone: the operator at the command
               line may do it for any process administrator, and the record says so
    played     ``sha256`` of :func:`look`, whose faults were none a moment ago; None to play it now
    Raises NotAllowed for anybody else without a post in the topmost unit, BadDiagram with every
    fault, ChangedMeanwhile where it is not what was played.
    """
    _ensure_administers(session, actor, None, authority)
    _ensure_keeps_rules(session, files)
    if played is not None:
        ensure_same(look(session, actor, files, authority), played)
    by = actor.signature(authority)
    return _publish(session, files, by, at, tried=played is not None)


def look(
    session: Session, actor: Actor, files: Mapping[str, bytes], authority: str | None = None
) -> Looked:
    """What is to be played before it is submitted, with nothing held.

    Raises NotAllowed, LosesRules where the drawing guarantees less than the version in force.
    """
    _ensure_administers(session, actor, None, authority)
    _ensure_keeps_rules(session, files)
    known = organization.role_labels(session).keys()
    return read(session, files, known, equipment().forms)


def put_in_force(
    session: Session,
    actor: Actor,
    sha256: str,
    at: datetime,
    authority: str | None = None,
    term_id: int | None = None,
    tests: saved.Run | None = None,
) -> DefinitionRow:
    """New cases run on it from now on, or from the day proposed (C8).

    authority  as for :func:`submit`
    term_id    which proposal of this version; None for the whole office's, else the oldest one
    tests      the saved tests, run on this version a moment ago; None to run them now
    Raises OutOfReach for who does not administer the place, SecondPersonNeeded for who submitted
    or drew it, LosesRules where it guarantees less than what holds there by now, SetForLater,
    AnotherAbove where a unit would follow something else than was proposed,
    FailingTests where saved tests of the process come out otherwise and nobody else has given a
    reason.
    """
    term = terms.proposed(session, sha256, term_id)
    _ensure_administers(session, actor, term.unit_id, authority)
    if term.follows:
        following.ensure_same_above(session, term)
    begun.ensure_keeps_rules(session, sha256, term.unit_id)
    saved.ensure_pass(
        session,
        definition(session, sha256),
        tests=tests,
        agrees=actor.person_id,
        unit_id=term.unit_id,
    )
    terms.put_in_force(session, sha256, actor.signature(authority), at, term.id)
    begun.watch(session, term)
    return session.get_one(DefinitionRow, sha256)


def propose(
    session: Session,
    actor: Actor,
    sha256: str,
    reason: str,
    at: datetime,
    *,
    unit_id: int | None = None,
    in_force_from: date | None = None,
) -> ProcessTerm:
    """Ask for an older version again (roll back), or for one in another unit.

    Raises OutOfReach, NoDefinition, Invalid without a reason, AlreadyDecided where it holds or is
    proposed, LosesRules where it guarantees less than what holds there.
    """
    rights.ensure_administers(session, actor, unit_id)
    row = session.get(DefinitionRow, sha256)
    if row is None:
        raise NoDefinition
    if not reason.strip():
        raise Invalid.at("reason", "请写明改用这个版本的理由。")
    begun.ensure_keeps_rules(session, sha256, unit_id)
    by = actor.signature()
    term = terms.propose(
        session, row, by, at, unit_id=unit_id, reason=reason, in_force_from=in_force_from
    )
    noting.record(session, "definition.proposed", row, by, at, term)
    return term


def decide(
    session: Session,
    actor: Actor,
    term_id: int,
    at: datetime,
    *,
    agree: bool,
    answer: str = "",
    tests: saved.Run | None = None,
) -> ProcessTerm:
    """The second person's word about a proposal; see :func:`put_in_force`, :func:`refuse`."""
    term = session.get(ProcessTerm, term_id)
    if term is None:
        raise NoDefinition
    if agree:
        put_in_force(session, actor, term.sha256, at, term_id=term_id, tests=tests)
        return term
    return refuse(session, actor, term_id, answer, at)


def refuse(session: Session, actor: Actor, term_id: int, answer: str, at: datetime) -> ProcessTerm:
    """Refuse a proposal, withdraw one's own, or call off what was set for a day."""
    term = session.get(ProcessTerm, term_id)
    if term is None:
        raise NoDefinition
    rights.ensure_administers(session, actor, term.unit_id)
    return terms.refuse(session, term_id, answer, actor.signature(), at)


def _ensure_administers(
    session: Session, actor: Actor, unit_id: int | None, authority: str | None
) -> None:
    if not actor.holds(roles.PROCESS_ADMIN):
        raise NotAllowed(f"{actor.name}（{actor.login}）不是流程管理员，不能发布流程。")
    if authority is None:
        rights.ensure_administers(session, actor, unit_id)


def _ensure_keeps_rules(session: Session, files: Mapping[str, bytes]) -> None:
    """What the version in force guarantees by its drawing has to be guaranteed still."""
    bundle = gather(session, files).bundle
    if bundle.faults or len(bundle.roots) != 1:
        return  # publishing says why
    before = drafts.in_force(session, bundle.roots[0].id, None)
    found = [fault for fault in losing.faults(bundle, before) if not fault.warning]
    if found:
        raise BadDiagram(found)


def _publish(
    session: Session,
    files: Mapping[str, bytes],
    by: Signature,
    at: datetime,
    *,
    shipped: bool = False,
    tried: bool = False,
) -> DefinitionRow:
    known = organization.role_labels(session).keys()
    forms = equipment().forms
    return publishing.publish(
        session, files, by, at, roles=known, forms=forms, shipped=shipped, tried=tried
    )
