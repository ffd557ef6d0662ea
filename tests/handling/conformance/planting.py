"""Wrongs as the owner of the database can plant them: bodies rewritten past the triggers."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.handling.models import Case
from tests.world import World

Body = dict[str, Any]


def open_up(world: World) -> None:
    """As the owner of the database can: the triggers go."""
    session = world.session
    for verb in ("update", "delete"):
        words = f"DROP TRIGGER audit_entry_no_{verb}"
        if session.get_bind().dialect.name == "postgresql":
            words += " ON audit_entry"
        session.execute(sa.text(words))
    session.commit()


Rows = list[dict[str, Any]]


def bodies(world: World) -> Rows:
    """The whole record as it is, to put it back."""
    table = AuditEntry.__table__
    return [dict(row._mapping) for row in world.session.execute(sa.select(table))]


def put_back(world: World, kept: Rows) -> None:
    world.session.execute(sa.delete(AuditEntry))
    world.session.execute(sa.insert(AuditEntry), kept)
    world.session.commit()


def rewrite(world: World, case: Case, wanted: Callable[[Body], bool], **changes: Any) -> None:
    """Change the first entry that is wanted: fields of its body, ``detail`` merged in."""
    seq, body = _first(world, case, wanted)
    detail = {**body["detail"], **changes.pop("detail", {})}
    _write(world, seq, {**body, **changes, "detail": detail})


def remove(world: World, case: Case, wanted: Callable[[Body], bool]) -> None:
    seq, _ = _first(world, case, wanted)
    world.session.execute(sa.delete(AuditEntry).where(AuditEntry.seq == seq))
    world.session.commit()


def swap(
    world: World, case: Case, one: Callable[[Body], bool], other: Callable[[Body], bool]
) -> None:
    """Two acts change places, each with all that it says."""
    (first, early), (second, late) = _first(world, case, one), _first(world, case, other)
    _write(world, first, {**late, "seq": first, "at": early["at"]})
    _write(world, second, {**early, "seq": second, "at": late["at"]})


def of(action: str, step: str = "") -> Callable[[Body], bool]:
    return lambda body: body["action"] == action and (not step or body["step"] == step)


def _first(world: World, case: Case, wanted: Callable[[Body], bool]) -> tuple[int, Body]:
    query = sa.select(AuditEntry.seq, AuditEntry.body).where(AuditEntry.case_id == case.id)
    rows = world.session.execute(query.order_by(AuditEntry.seq)).all()
    found = ((seq, json.loads(text)) for seq, text in rows)
    return next(each for each in found if wanted(each[1]))


def _write(world: World, seq: int, body: Body) -> None:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    world.session.execute(sa.update(AuditEntry).where(AuditEntry.seq == seq).values(body=text))
    world.session.commit()
