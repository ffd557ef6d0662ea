"""Whether a verb goes with what the holder has: 一人一证, before expiry, after a loss report."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization import Person
from app.seals.certificates.causes import VERBS
from app.seals.certificates.errors import (
    ApplicationRefused,
    SecondCertificate,
    WrongCertificateState,
)
from app.seals.models import Certificate, Seal


def holder_unit(session: Session, person_id: int | None, seal_id: int | None) -> int:
    """The unit that answers for a holder. Raises ApplicationRefused for nobody, or for both."""
    if person_id and not seal_id:
        person = session.get(Person, person_id)
        if person and person.active:
            return person.unit_id
    if seal_id and not person_id:
        seal = session.get(Seal, seal_id)
        if seal and seal.state != "retired":
            return seal.unit_id
    raise ApplicationRefused.at("holder", "请指明证书的持有人：一名在岗人员，或者一枚印章。")


def latest(session: Session, person_id: int | None, seal_id: int | None) -> Certificate | None:
    """The newest certificate of a holder, whatever its state; locked."""
    mine = Certificate.seal_id == seal_id if seal_id else Certificate.person_id == person_id
    query = sa.select(Certificate).where(mine).order_by(Certificate.id.desc()).limit(1)
    return session.scalar(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    )


def check(
    session: Session,
    verb: str,
    cause: str,
    person_id: int | None,
    seal_id: int | None,
    at: datetime,
) -> Certificate | None:
    """The certificate that the verb is about; None where the first is applied for.

    Raises SecondCertificate or WrongCertificateState with what to do instead.
    """
    about = latest(session, person_id, seal_id)
    gone = about is None or about.state == "revoked" or about.not_after <= at
    if verb == "issue":
        if not gone:
            raise SecondCertificate(
                "已有一张有效期内的证书，一人（一章）一证（SIG-41）。请改办更新、变更或者补办。"
            )
        return None
    if about is None:
        raise WrongCertificateState(f"还没有证书，不能{VERBS[verb]}，请先申请。")
    _fits(about, verb, cause, gone=gone, expired=about.not_after <= at)
    return about


def _fits(about: Certificate, verb: str, cause: str, *, gone: bool, expired: bool) -> None:
    if verb in ("renew", "extend"):
        if expired:
            raise WrongCertificateState(
                f"证书已过期，不能{VERBS[verb]}，请重新申请证书（SIG-37）。"
            )
        if about.state != "valid":
            raise WrongCertificateState(f"证书已冻结或者撤销，不能{VERBS[verb]}。")
    if verb == "change" and gone:
        raise WrongCertificateState("证书已撤销或者过期，不能变更，请重新申请证书。")
    if verb == "replace" and about.state == "valid" and not expired:
        loss = "丢失" if cause == "lost" else "损坏"
        raise WrongCertificateState(f"请先挂失（冻结）或者撤销{loss}的证书，再申请补办（SIG-39）。")
    if verb == "revoke" and about.state == "revoked":
        raise WrongCertificateState("证书已经撤销。")
