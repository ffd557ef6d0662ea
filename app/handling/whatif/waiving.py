"""Why a version may come into force although saved tests fail: written down before it does."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid
from app.handling import administering, remarks
from app.handling.whatif import recording
from app.handling.whatif.models import WaivedTests
from app.handling.whatif.results import Outcome, Stamp
from app.organization import Actor
from app.workflow import rights
from app.workflow.definitions import Definition
from app.workflow.models import ProcessTerm, TermState


def waive(
    session: Session,
    actor: Actor,
    definition: Definition,
    reason: str,
    failing: Sequence[Outcome],
    at: datetime,
) -> WaivedTests:
    """Say why the version may come into force although these tests fail, as they are now.

    Raises Invalid without a reason, Conflict where none fails, NotAllowed; OutOfReach where the
    version is proposed, and only for places that the actor does not administer.
    """
    administering.units(actor)
    _ensure_counts(session, actor, definition.sha256)
    written = remarks.read("reason", "理由", reason)
    if not written:
        raise Invalid.at("reason", "请写明测试没有通过仍然启用的理由。")
    if not failing:
        raise Conflict("推演测试都已通过，不需要写理由。", code="tests_pass")
    found = WaivedTests(
        sha256=definition.sha256,
        failing=[
            {"id": each.id, "name": each.name, "saved_at": each.saved_at.isoformat()}
            for each in failing
        ],
        reason=written,
        by_id=actor.person_id,
        at=at,
    )
    session.add(found)
    session.flush()
    recording.record(
        session,
        actor,
        "process_tests.waived",
        definition.process_id,
        found.names,
        at,
        reason=written,
        sha256=definition.sha256,
    )
    return found


def waivers(session: Session, sha256: str) -> list[WaivedTests]:
    """Why this version may come into force although tests fail, the oldest reason first."""
    query = sa.select(WaivedTests).where(WaivedTests.sha256 == sha256)
    return list(session.scalars(query.order_by(WaivedTests.id)))


def counting(session: Session, sha256: str, unit_id: int | None) -> list[WaivedTests]:
    """Of these, the ones by who administered the unit, or the whole office (None), at that time."""
    return [
        each
        for each in waivers(session, sha256)
        if rights.administered_then(session, each.by_id, unit_id, each.at)
    ]


def covered(given: Iterable[WaivedTests]) -> frozenset[Stamp]:
    """The tests that these reasons are about; one that was saved again since is another one."""
    kept = [test for each in given for test in each.failing if isinstance(test, dict)]
    return frozenset((test["id"], datetime.fromisoformat(test["saved_at"])) for test in kept)


def _ensure_counts(session: Session, actor: Actor, sha256: str) -> None:
    """A reason that could not count where the version waits is refused at once."""
    waits = (TermState.PROPOSED, TermState.SCHEDULED)
    query = sa.select(ProcessTerm.unit_id).where(
        ProcessTerm.sha256 == sha256, ProcessTerm.state.in_(waits)
    )
    places, reach = list(session.scalars(query)), rights.reach(session, actor)
    if places and not any(reach.over(each) for each in places):
        rights.ensure_administers(session, actor, places[0])
