"""What the scheduler does for case files: it holds the key, so it makes what pages asked for.

Read in one transaction and written in another: a large case keeps nobody from writing.
"""

import logging
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit import checkpoints
from app.audit.errors import RecordNotWhole
from app.database import reading
from app.documents.storage import Store
from app.errors import DomainError
from app.handling.casefile import packing
from app.handling.casefile.models import CaseFile
from app.handling.models import Case

log = logging.getLogger(__name__)

FAULT = "制作时出错，请核验整条记录；没有问题的，请联系系统管理员查看日志后重新制作。"
"""Reason of a failure that nobody foresaw: a spoilt entry, a full disk, a fault of ours."""

Sessions = Callable[[], Session]


def maker(key: Ed25519PrivateKey, store: Store) -> Callable[[Sessions, Callable[[], bool]], int]:
    """An errand of the scheduler; of two that make the same one, the first one's is kept."""

    def make_case_files(sessions: Sessions, stopping: Callable[[], bool]) -> int:
        made = 0
        for file_id, case_id in _waiting(sessions):
            if stopping():
                break
            made += _make(sessions, file_id, case_id, key, store)
        return made

    return make_case_files


def _waiting(sessions: Sessions) -> list[tuple[int, int]]:
    query = sa.select(CaseFile.id, CaseFile.case_id).filter_by(state="waiting")
    with sessions() as session:
        return [(row[0], row[1]) for row in session.execute(query.order_by(CaseFile.id))]


def _make(
    sessions: Sessions, file_id: int, case_id: int, key: Ed25519PrivateKey, store: Store
) -> bool:
    """Whatever is wrong with this one, it keeps no other waiting; it can be asked for again."""
    try:
        packed, entries = _packed(sessions, case_id, key, store)
        made = {"sha256": store.put(packed), "size": len(packed), "entries": entries}
        return _finish(sessions, file_id, case_id, state="made", **made)
    except (DomainError, RecordNotWhole) as refusal:
        log.warning("no case file of case %s: %s", case_id, refusal)
        reason = str(refusal)
    except sa.exc.DBAPIError as error:
        log.warning("the case file of case %s waits for the next tick: %s", case_id, error)
        return False
    except Exception:
        log.exception("no case file of case %s", case_id)
        reason = FAULT
    _finish(sessions, file_id, case_id, state="failed", reason=reason)
    return False


def _packed(
    sessions: Sessions, case_id: int, key: Ed25519PrivateKey, store: Store
) -> tuple[bytes, int]:
    with sessions() as session:
        checkpoints.make(session, key, clock.now(session), now=True)
        session.commit()
    page = packing.page_of(sessions, case_id)
    with reading(), sessions() as session:
        (newest,) = checkpoints.listed(session, 1)
        at = clock.now(session)
        packed = packing.case_file(session, case_id, newest, key, store, at, page)
        return packed, newest.size


def _finish(sessions: Sessions, file_id: int, case_id: int, **values: Any) -> bool:
    """Whether it was still to do."""
    with sessions() as session:
        at = clock.now(session)
        done = session.execute(
            sa.update(CaseFile)
            .where(CaseFile.id == file_id, CaseFile.state == "waiting")
            .values(made_at=at, **values)
            .returning(CaseFile.id)
        ).first()
        if done is None:
            return False
        audit.record(
            session,
            "casefile.made",
            audit.signed_by_rule("卷宗包"),
            at=at,
            subject=("case", case_id),
            case_id=case_id,
            document_id=session.get_one(Case, case_id).document_id,
            outcome="done" if values["state"] == "made" else "failed",
            reason=values.get("reason"),
            detail={name: values[name] for name in ("sha256", "entries") if name in values},
        )
        session.commit()
        return bool(values["state"] == "made")
