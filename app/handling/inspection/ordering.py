"""检查包 asked for on a page: the web server has no key, so the scheduler makes and signs it."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit import checkpoints
from app.audit.errors import RecordNotWhole
from app.database import reading
from app.errors import Conflict, DomainError, NotFound
from app.handling.casefile.making import FAULT
from app.handling.equipment import equipment
from app.handling.inspection import indexing, packing
from app.handling.inspection.models import PackOrder
from app.handling.inspection.packing import Plan
from app.organization import Actor

log = logging.getLogger(__name__)
MOST_WAITING = 3

Sessions = Callable[[], Session]


def ask(session: Session, by: Actor, at: datetime, plan: Plan) -> PackOrder:
    """Raises Conflict while others wait to be made."""
    pending = sa.select(sa.func.count()).where(PackOrder.state == "pending")
    if (session.scalar(pending) or 0) >= MOST_WAITING:
        raise Conflict("已有检查包在等待制作，请做完后再申请。", code="packs_waiting")
    order = PackOrder(
        asked_by_id=by.person_id,
        asked_at=at,
        year=plan.year,
        seed=plan.seed,
        count=plan.count,
        unit=plan.unit,
        trouble="",
    )
    session.add(order)
    session.flush()
    detail = {"pack": order.id, "year": plan.year, "seed": plan.seed, "count": plan.count}
    audit.record(session, "audit.pack_asked", by.signature(), at=at, detail=detail)
    return order


def orders(session: Session, most: int = 50) -> Sequence[PackOrder]:
    """The newest first."""
    return session.scalars(sa.select(PackOrder).order_by(PackOrder.id.desc()).limit(most)).all()


def made(session: Session, order_id: int) -> PackOrder:
    """One that is done. Raises NotFound."""
    order = session.get(PackOrder, order_id)
    if order is None or order.sha256 is None:
        raise NotFound("没有这个检查包，或者还没有做好。")
    return order


def maker(key: Ed25519PrivateKey) -> Callable[[Sessions, Callable[[], bool]], int]:
    """An errand of the scheduler. Two schedulers may make the same one: it has the same bytes."""

    def make_packs(sessions: Sessions, stopping: Callable[[], bool]) -> int:
        done = 0
        for order_id in _pending(sessions):
            if stopping():
                break
            done += _try(sessions, order_id, key)
        return done

    return make_packs


def _pending(sessions: Sessions) -> Sequence[int]:
    with sessions() as session, reading():
        query = sa.select(PackOrder.id).where(PackOrder.state == "pending").order_by(PackOrder.id)
        return session.scalars(query).all()


def _try(sessions: Sessions, order_id: int, key: Ed25519PrivateKey) -> bool:
    """Whether it is ended; whatever is wrong with this one, it keeps no other waiting."""
    try:
        _make(sessions, order_id, key)
    except (DomainError, RecordNotWhole) as fault:
        log.warning("pack %s could not be made: %s", order_id, fault)
        _end(sessions, order_id, {"state": "failed", "trouble": str(fault)})
    except sa.exc.DBAPIError as error:
        log.warning("pack %s waits for the next tick: %s", order_id, error)
        return False
    except Exception:
        log.exception("pack %s could not be made", order_id)
        _end(sessions, order_id, {"state": "failed", "trouble": FAULT})
    return True


def _make(sessions: Sessions, order_id: int, key: Ed25519PrivateKey) -> None:
    with sessions() as session:
        checkpoints.make(session, key, clock.now(session), now=True)
        session.commit()
    indexing.follow(sessions, lambda: False)
    with sessions() as session, reading():  # it takes a while, and keeps nobody from writing
        order = session.get_one(PackOrder, order_id)
        plan = Plan(order.year, order.seed, order.count, order.unit)
        seen = checkpoints.listed(session, 1)[0]
        packed, detail = packing.pack(session, plan, seen, key, equipment().store)
    digest = equipment().store.put(packed)
    ended = {"state": "done", "sha256": digest, "checkpoint": seen.size}
    _end(sessions, order_id, ended, {**detail, "pack": order_id})


def _end(
    sessions: Sessions,
    order_id: int,
    values: dict[str, object],
    detail: dict[str, object] | None = None,
) -> None:
    """Mark the order unless another scheduler has, and put the making on record with it."""
    with sessions() as session:
        at = clock.now(session)
        mine = sa.update(PackOrder).where(PackOrder.id == order_id, PackOrder.state == "pending")
        marked = session.execute(mine.values(**values, made_at=at).returning(PackOrder.id)).first()
        if marked is not None:
            audit.record(
                session,
                "audit.packed",
                audit.signed_by_rule("按审计员的申请制作"),
                at=at,
                outcome="done" if detail else "failed",
                detail=detail or {"pack": order_id},
                reason=None if detail else str(values["trouble"]),
            )
        session.commit()
