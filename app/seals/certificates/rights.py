"""The office of certificates: who checks, who grants, and for which units."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import NotAllowed
from app.organization import Actor, Unit, choices, roles
from app.seals.certificates.errors import SamePerson
from app.seals.models import Certificate, Seal

OFFICE = (roles.CERTIFICATE_OFFICER, roles.CERTIFICATE_ISSUER)
WORDS = {roles.CERTIFICATE_OFFICER: "证书审核员", roles.CERTIFICATE_ISSUER: "证书签发员"}


def units_served(session: Session, actor: Actor, *held: str) -> frozenset[int]:
    """Units that somebody's posts of these roles reach: the own one and those below it."""
    homes = {post.unit_id for post in actor.posts if post.role in (held or OFFICE)}
    if not homes:
        return frozenset()
    rows = session.execute(sa.select(Unit.id, Unit.parent_id))
    units = {row.id: row for row in rows}
    return frozenset(each for each in units if homes & set(choices.upwards(units, each)))


def signed(session: Session, actor: Actor, unit_id: int | None, *held: str) -> audit.Signature:
    """The signature of the office's act for a unit. Raises NotAllowed for anybody else."""
    if unit_id in units_served(session, actor, *held):
        post = next(post for post in actor.posts if post.role in (held or OFFICE))
        return actor.signature(post.title)
    names = "或者".join(WORDS[role] for role in held or OFFICE)
    raise NotAllowed(f"只有管理这个单位证书的{names}可以办理，请联系他们。")


def is_holder(session: Session, actor: Actor, person_id: int | None, seal_id: int | None) -> bool:
    """The person himself; of a seal, its keeper and the keeper's deputy."""
    if seal_id is None:
        return actor.person_id == person_id
    seal = session.get_one(Seal, seal_id)
    return actor.person_id in (seal.keeper_id, seal.deputy_id)


def holder_or_office(session: Session, actor: Actor, certificate: Certificate) -> audit.Signature:
    """Whoever may report a loss: the holder, or the office. Raises NotAllowed."""
    if is_holder(session, actor, certificate.person_id, certificate.seal_id):
        return actor.signature()
    return signed(session, actor, certificate.unit_id)


def ensure_other(actor: Actor, *before: int | None) -> None:
    """Raises SamePerson when somebody would check or undo an act of his own."""
    if actor.person_id in before:
        raise SamePerson("申请、审核、签发和解冻须由不同的人办理，请交另一位同事。")
