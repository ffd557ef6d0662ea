"""续时间戳: each issued paper gets a new archival time stamp before its last one runs out.

The file grows by one revision and has a new digest: a new row of ``paper``, the old one stays.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.database import reading
from app.documents.models import Document
from app.documents.storage import Store
from app.errors import DomainError
from app.seals import papers, verification
from app.seals.digests import digests
from app.seals.models import Certificate, Paper
from app.seals.registry import digests as digest_ends
from app.seals.stamping import Stamper
from app.seals.stamping.asking import Ask

BEFORE = timedelta(days=90)
"""How long before the certificate of its last time stamp ends a paper is renewed."""

ISSUED = ("sealed", "renewed")
BY = audit.signed_by_rule("归档时间戳到期前续期")

Sessions = Callable[[], Session]
_NEWEST = sa.select(sa.func.max(Paper.id)).group_by(Paper.document_id)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """What one look at all papers came to. ``failed``: why, by the id of the paper."""

    done: int
    failed: Mapping[int, str]


def renew_due(
    sessions: Sessions, store: Store, ask: Ask, stopping: Callable[[], bool] = lambda: False
) -> Run:
    """Renew every paper that is due, once each; the caller holds no transaction.

    ask  the time-stamp service: query to answer
    One that cannot be renewed is logged and passed over; it is tried again in the next run.
    """
    with reading(), sessions() as session:
        found = due(session, clock.now(session))
    done, failed = 0, dict[int, str]()
    for paper_id in found:
        if stopping():
            break
        try:
            done += _renew(sessions, store, ask, paper_id)
        except DomainError as failure:
            failed[paper_id] = failure.message
            log.warning("paper %d was not renewed: %s", paper_id, failure.message)
        except Exception as failure:  # a damaged file or a full disk keeps no other paper back
            failed[paper_id] = f"系统出错（{type(failure).__name__}），详见运行日志。"
            log.exception("paper %d was not renewed", paper_id)
    return Run(done, failed)


def due(session: Session, at: datetime) -> Sequence[int]:
    """Ids of the newest papers of documents whose last time stamp ends within ``BEFORE``.

    It ends with the certificate that made it, or with the digest that it was made with.
    """
    spans = _ending(session, at)
    weak = [name for name, ends_at in digest_ends.ends(session).items() if ends_at <= at + BEFORE]
    if not spans and not weak:
        return []
    stamped = sa.or_(
        Paper.stamp_digest.in_(weak),
        *(sa.and_(Paper.at >= since, Paper.at < until) for since, until in spans),
    )
    rows = sa.select(Paper.id).where(Paper.id.in_(_NEWEST), Paper.stage.in_(ISSUED), stamped)
    return session.scalars(rows.order_by(Paper.id)).all()


def _ending(session: Session, at: datetime) -> Sequence[tuple[datetime, datetime]]:
    """When each certificate that ends soon was the one that stamps were made with."""
    rows = session.execute(
        sa.select(Certificate.not_before, Certificate.not_after)
        .where(Certificate.role == "timestamp", Certificate.not_before <= at)
        .order_by(Certificate.not_before)
    ).all()
    following = [*(since for since, _ in rows), at][1:]
    return [
        (since, replaced)
        for (since, until), replaced in zip(rows, following, strict=True)
        if until <= at + BEFORE and replaced > since
    ]


def _renew(sessions: Sessions, store: Store, ask: Ask, paper_id: int) -> int:
    """1; 0 where somebody else was faster. The stamp is made while no transaction is open."""
    with reading(), sessions() as session:
        paper, trust = session.get_one(Paper, paper_id), verification.trust(session)
        at, digest = clock.now(session), digest_ends.in_use(digest_ends.ends(session))
    proof = papers.Evidence(trust.roots, trust.certificates, trust.lists)
    pdf = papers.renew(store.get(paper.sha256), proof, Stamper(ask), at, digest)
    store.put(pdf)
    with reading(False), sessions() as session, session.begin():
        return _entered(session, paper, pdf, digest)


def _entered(session: Session, before: Paper, pdf: bytes, digest: str) -> int:
    """The row of the new file and its entry, under the lock of the document."""
    document = session.get_one(
        Document, before.document_id, with_for_update={"key_share": True}, populate_existing=True
    )
    at = clock.now(session)
    if session.scalar(_NEWEST.where(Paper.document_id == document.id)) != before.id:
        return 0
    own = digests(pdf)
    session.add(
        Paper(
            document_id=document.id,
            content_sha256=before.content_sha256,
            stage="renewed",
            sha256=own.sha256,
            sm3=own.sm3,
            size=len(pdf),
            fields=before.fields,
            at=at,
            stamp_digest=digest,
        )
    )
    audit.record(
        session,
        "paper.renewed",
        BY,
        at=at,
        subject=("document", document.id),
        document_id=document.id,
        detail={"before": before.sha256, "sha256": own.sha256, "sm3": own.sm3, "digest": digest},
    )
    return 1
