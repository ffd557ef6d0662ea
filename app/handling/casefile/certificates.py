"""证书: who signed the papers of a case file, with what is needed to believe it years later."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import Entry
from app.handling.casefile.basis import texts
from app.handling.models import Case
from app.seals.models import Certificate, Paper, RevocationList, Signature


def signatures(
    session: Session, case: Case, papers: Iterable[str], acts: Sequence[Entry], until: datetime
) -> dict[str, bytes]:
    """Who signed the papers of the file, with every certificate up to the root and its lists.

    papers  digests of the files; their time stamps are inside them
    acts    entries of the case: a signature that one of them ended counts as ended
    until   moment of the checkpoint: what was issued and published later is left out
    """
    query = (
        sa.select(Signature, Paper.sha256, Certificate)
        .join(Paper, Paper.id == Signature.paper_id)
        .join(Certificate, Certificate.id == Signature.certificate_id)
        .where(Signature.document_id == case.document_id, Paper.sha256.in_(list(papers)))
        .order_by(Signature.id)
    )
    made = session.execute(query).all()
    if not made:
        return {}
    ended = {each.subject: each.reason for each in acts if each.action == "signature.ended"}
    said = [
        texts(
            {
                "kind": row.Signature.kind,
                "field": row.Signature.field,
                "paper": row.sha256,
                "signed": row.Signature.signed_sha256,
                "certificate": row.Certificate.serial,
                "subject": row.Certificate.subject,
                "stamped_at": row.Signature.stamped_at,
                "ended": ended.get(("signature", row.Signature.id)),
            }
        )
        for row in made
    ]
    found = {
        "signatures.json": json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
    }
    known = _with_issuers(session, [row.Certificate for row in made])
    stamps = sa.select(Certificate).where(
        Certificate.role == "timestamp", Certificate.issued_at <= until
    )
    known |= _with_issuers(session, session.scalars(stamps))
    for each in known.values():
        found[f"certificates/{each.role}-{each.serial}.cer"] = each.der
    return found | _lists(session, known, until)


def _with_issuers(session: Session, given: Iterable[Certificate]) -> dict[int, Certificate]:
    found: dict[int, Certificate] = {}
    for each in given:
        above: Certificate | None = each
        while above is not None and above.id not in found:
            found[above.id] = above
            above = session.get(Certificate, above.issuer_id) if above.issuer_id else None
    return found


def _lists(session: Session, known: Mapping[int, Certificate], until: datetime) -> dict[str, bytes]:
    """The newest list of revocations of each issuer, as of this moment."""
    newest = sa.select(sa.func.max(RevocationList.number)).where(
        RevocationList.issuer_id == sa.bindparam("issuer"), RevocationList.this_update <= until
    )
    found = {}
    for issuer in sorted({each.issuer_id for each in known.values() if each.issuer_id}):
        number = session.scalar(newest, {"issuer": issuer})
        row = session.scalar(sa.select(RevocationList).filter_by(issuer_id=issuer, number=number))
        if row is not None:
            found[f"certificates/revoked-{known[issuer].serial}.crl"] = row.der
    return found
