"""Before a document goes out: its paper is what the record says, whole and by the right people.

Verifying takes a second, sometimes many, and so does the time stamp of a paper that no seal has
brought one. Both are done before the act, where nobody waits on a lock; the act compares.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app import clock
from app.database import reading
from app.documents.proofs import Sessions
from app.errors import Conflict, DomainError
from app.handling.act import Act
from app.handling.equipment import equipment
from app.handling.errors import PaperUnchecked
from app.handling.signing import needs
from app.seals import papers, verification
from app.seals.digests import digests
from app.seals.models import Paper
from app.seals.registry import checks, shelf
from app.seals.registry.digests import in_use
from app.seals.stamping import Stamper
from app.seals.verification import Expected, Trust

T = TypeVar("T")


class PaperNotGood(Conflict):
    """The file does not verify: it is not sent, and somebody has to find out why."""

    code = "paper_not_good"


def ensure_good(act: Act) -> dict[str, Any]:
    """The digests of the file that goes out, for the record; nothing where no key was used.

    Raises PaperUnchecked; PaperNotGood with the sentences of the verification, or for a document
    without the seal that the unit asks for (SIG-09). Where the act lacks a signature it ends
    anyway, and its paper is not the last one.
    """
    if not act.may_sign or act.lacking:
        return {}
    kept = shelf.current(act.session, act.document)
    if kept is None:
        _ensure_no_seal_is_due(act)
        return {}
    content = equipment().store.get(kept.sha256)  # whole, or it is refused
    expected, trust = _standing(act.session, kept)
    standing = checks.standing_of(act.session, kept, expected, trust)
    found = checks.known(act.session, kept.id, standing, act.at)
    if found is None:
        raise PaperUnchecked(kept.id)
    if found.sentences:
        said = "".join(found.sentences)
        raise PaperNotGood(f"版式文件没有通过核验，不能发送：{said}请退回用印或者签发环节。")
    if found.out_sha256 != kept.sha256:
        content = equipment().store.get(found.out_sha256)
        digest, to_keep = in_use(trust.retired), (content, kept.fields, act.at)
        kept = shelf.keep(act.session, act.document, "renewed", *to_keep, stamp_digest=digest)
    return {"paper_sha256": kept.sha256, "paper_sm3": kept.sm3}


def checked_before(act: Callable[[], T], undo: Callable[[], None]) -> T:
    """Do an act; where it sends a paper that nobody has verified of late, verify it, and again.

    undo  ends the transaction of the act
    """
    looked_at: set[int] = set()
    while True:
        try:
            return act()
        except PaperUnchecked as unchecked:
            undo()
            if unchecked.paper_id in looked_at:
                raise
            looked_at.add(unchecked.paper_id)
            check(equipment().sessions, unchecked.paper_id)


def check(sessions: Sessions, paper_id: int) -> None:
    """Verify a paper as it would go out, and keep what that showed; in no transaction.

    A refusal on the way is kept like a bad verdict: the act tells it.
    """
    with reading(), sessions() as session:
        paper = session.get_one(Paper, paper_id)
        expected, trust = _standing(session, paper)
        standing = checks.standing_of(session, paper, expected, trust)
        at = clock.now(session)
    out, said = "", tuple[str, ...]()
    try:
        out, said = _judged(paper, expected, trust, at)
    except DomainError as refusal:
        said = (refusal.message,)
    with reading(False), sessions() as session, session.begin():
        checks.keep(session, paper_id, standing, said, out, clock.now(session))


def _standing(session: Session, paper: Paper) -> tuple[Expected, Trust]:
    return verification.expected_of(session, paper), verification.trust(session)


def _judged(
    paper: Paper, expected: Expected, trust: Trust, at: datetime
) -> tuple[str, tuple[str, ...]]:
    """SHA-256 of the file that would go out, and what speaks against it."""
    content = equipment().store.get(paper.sha256)
    stamps = equipment().stamps
    if stamps is not None and _lacks_stamp(paper):
        content = _stamped(content, stamps, trust, at)
        own = digests(content)
        expected = replace(expected, sha256=own.sha256, sm3=own.sm3)
    verdict = verification.verify(content, trust, at, expected=expected)
    return (verdict.sha256, ()) if verdict.ok else ("", verdict.sentences)


def _lacks_stamp(paper: Paper) -> bool:
    """Without a seal it has not got the archival time stamp that the last seal would bring."""
    sealed = any(each.locks for each in papers.loaded(paper.fields))
    return not sealed and paper.stage == "numbered"


def _stamped(content: bytes, stamps: Callable[[bytes], bytes], trust: Trust, at: datetime) -> bytes:
    proof = papers.Evidence(trust.roots, trust.certificates, trust.lists)
    made = papers.renew(content, proof, Stamper(stamps), at, in_use(trust.retired))
    equipment().store.put(made)
    return made


def _ensure_no_seal_is_due(act: Act) -> None:
    """What was sealed before the unit signed with keys goes out as it is."""
    if needs.ways(act).seal == "digital" and act.document.sealed_at is None:
        raise PaperNotGood("此件没有加盖电子印章，不能作为正式公文发送。请先用印。（SIG-09）")
