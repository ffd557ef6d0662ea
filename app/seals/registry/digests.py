"""摘要算法停用: until when a digest is trusted, and which one new time stamps are made with.

An algorithm that is getting weak ends on a date that the office sets. Long before it, new archival
time stamps use the next one, and papers whose last stamp rests on the old one are renewed.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid
from app.seals.models import DIGESTS, DigestEnd


def ends(session: Session) -> dict[str, datetime]:
    """When each retired digest ends or ended; what was entered last counts."""
    rows = session.execute(sa.select(DigestEnd.digest, DigestEnd.ends_at).order_by(DigestEnd.id))
    return {row.digest: row.ends_at for row in rows}


def in_use(ending: Mapping[str, datetime]) -> str:
    """What new time stamps are made with: the first that has no end."""
    return next((each for each in DIGESTS if each not in ending), [*DIGESTS][-1])


def retire(
    session: Session,
    by: audit.Signature,
    digest: str,
    ends_at: datetime,
    reason: str,
    at: datetime,
) -> None:
    """Let a digest end on a date; again for the same one: on another date.

    Raises Invalid for one that is not used here, without a reason, or when none would be left.
    """
    if digest not in DIGESTS:
        raise Invalid.at("digest", f"没有用到摘要算法“{digest[:20]}”，可以停用的有 {_names()}。")
    if not reason.strip():
        raise Invalid.at("reason", "请写明停用的依据，例如主管部门的公告。")
    if not set(DIGESTS) - {*ends(session), digest}:
        raise Invalid.at("digest", "停用之后没有可用的摘要算法了，请先升级程序。")
    end = DigestEnd(digest=digest, ends_at=ends_at, reason=reason.strip(), at=at)
    session.add(end)
    session.flush()
    audit.record(
        session,
        "authority.digest_retired",
        by,
        at=at,
        subject=("digest_end", end.id),
        reason=reason.strip(),
        detail={"digest": digest, "ends_at": ends_at.isoformat()},
    )


def _names() -> str:
    return "、".join(DIGESTS)
