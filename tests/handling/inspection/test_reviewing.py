"""What auditors did is reviewed: while they were auditors, and once no earlier row can come."""

from datetime import timedelta

import sqlalchemy as sa

from app import audit
from app.audit import accesses
from app.audit.accesses import Look
from app.handling.inspection import reviewing
from app.organization import Actor, roles
from app.organization.models import Appointment
from tests.world import World


def look(world: World, by: Actor, hours: int) -> None:
    """So many hours from now; a look and an entry."""
    at = world.at + timedelta(hours=hours)
    where = {"kind": "read", "subject": "audit", "number": None, "what": "audit.record"}
    seen = {"part": str(hours), "address": "10.0.0.1", "device": "", "by_program": False}
    who = {"person_id": by.person_id, "login": by.login, "name": by.name}
    accesses.note(world.session, Look(**who, **where, **seen), at)  # type: ignore[arg-type]
    audit.record(world.session, "audit.verified", by.signature(), at=at, reason=str(hours))
    world.session.commit()


def test_only_what_was_done_as_an_auditor_is_reviewed(world: World) -> None:
    auditor = world.actor("auditor")
    held = sa.update(Appointment).filter_by(person_id=auditor.person_id, role_key=roles.AUDITOR)
    during = {"since": world.at - timedelta(hours=1), "until": world.at + timedelta(hours=1)}
    world.session.execute(held.values(during))
    for hours in (-2, 0, 2):
        look(world, auditor, hours)
    accesses.seal(world.session, world.at)
    world.session.commit()
    found = reviewing.unreviewed(world.session, auditor.unit_id)
    assert [each.part for each in found.looks] == ["0"]
    assert [each.reason for each in found.deeds] == ["0"]
    assert reviewing.waiting(world.session, auditor.unit_id) == 2


def test_a_look_is_offered_once_it_is_sealed(world: World) -> None:
    """Before that, one of a smaller number may still be written, and would never be reviewed."""
    auditor = world.actor("auditor")
    look(world, auditor, 0)
    assert reviewing.unreviewed(world.session, auditor.unit_id).looks == []
    assert reviewing.waiting(world.session, auditor.unit_id) == 1
    accesses.seal(world.session, world.at)
    world.session.commit()
    assert len(reviewing.unreviewed(world.session, auditor.unit_id).looks) == 1
