"""双因素规则: whom a unit asks for a second factor.

A unit below may ask for more than the ones above it, never for less: what a superior demands of
its heads and seal keepers cannot be chosen away one floor down.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import FieldError, Invalid
from app.organization import certificates, choices, names, rights, roles
from app.organization.choices import Choice
from app.organization.factors.models import FactorPolicy
from app.organization.models import Appointment, Person, Role
from app.organization.rights import Author

OFF, ROLES, ALL = "off", "roles", "all"
WHOM = {OFF: "不要求", ROLES: "下列角色", ALL: "所有人员"}
CODE, CERTIFICATE = "code", "certificate"
WAYS = {CODE: "验证码或者证书", CERTIFICATE: "只能用证书"}
LONGEST = 200
"""Characters of a reason or of the name of a document."""


@dataclass(frozen=True)
class Demand:
    """Whom one unit asks for what: ``way`` is a key of ``WAYS``; ``roles`` are keys."""

    unit: str
    way: str
    everybody: bool
    roles: frozenset[str]

    def is_of(self, held: Collection[str]) -> bool:
        """Whether somebody with these roles is asked."""
        return self.everybody or not self.roles.isdisjoint(held)


def in_force(session: Session, unit_id: int, *, inherited: bool = False) -> list[Demand]:
    """What a unit and those above it ask, nearest first; ``inherited``: those above it alone."""
    links = choices.links(session, FactorPolicy)
    return [
        Demand(
            links[each].name,
            links[each].own.get("way", CODE),
            links[each].own["whom"] == ALL,
            frozenset(links[each].own.get("roles", "").split()),
        )
        for each in choices.upwards(links, unit_id)
        if links[each].own.get("whom", OFF) != OFF and not (each == unit_id and inherited)
    ]


def asked_of(session: Session, person_id: int) -> str | None:
    """What a person must have beside the password, by the posts in force: a way, or nothing.

    A certificate where any unit will have nothing else.
    """
    unit_id = session.scalar(sa.select(Person.unit_id).where(Person.id == person_id))
    demands = in_force(session, unit_id) if unit_id is not None else []
    if not demands:
        return None
    held = list(
        session.scalars(
            sa.select(Appointment.role_key).where(
                Appointment.person_id == person_id, Appointment.until.is_(None)
            )
        )
    )
    ways = {each.way for each in demands if each.is_of(held)}
    return CERTIFICATE if CERTIFICATE in ways else CODE if ways else None


def own(session: Session, unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself."""
    return choices.own(session, FactorPolicy, unit_id)


def history(session: Session, unit_id: int) -> list[Choice]:
    """Every choice of a unit, newest first."""
    rows = session.execute(sa.select(Role.key, Role.label))
    labels = {row.key: row.label for row in rows}
    return choices.history(session, FactorPolicy, unit_id, lambda chosen: _words(chosen, labels))


def choose(
    session: Session,
    unit_id: int,
    whom: str,
    asked: Collection[str],
    reason: str,
    by: Author,
    at: datetime,
    *,
    source: str,
    way: str = CODE,
) -> None:
    """Say whom the unit asks; sessions that are open go on, the next sign-in asks.

    asked  keys of roles, where ``whom`` is ``roles``
    way    of ``WAYS``; a certificate only where the installation takes them at all
    Raises Invalid naming every field, or when nothing would change; MissingRole for who is no
    security administrator of the unit.
    """
    signature = rights.signed(by, roles.SECURITY_ADMIN, unit_id)
    given = _given(reason, source)
    chosen = _checked(session, whom, asked, way)
    choices.hold(session, unit_id)
    before = own(session, unit_id)
    if chosen == (before or {"whom": OFF}):
        raise Invalid("与现行选择相同，没有需要生效的改动。")
    choices.replace(session, FactorPolicy, unit_id, chosen, *given, signature.person_id, at)
    audit.record(
        session,
        "factor.chosen",
        signature,
        at=at,
        reason=given[0],
        detail={"unit": unit_id, "from": before, "to": chosen, "source": given[1]},
    )


def _given(reason: str, source: str) -> tuple[str, str]:
    """Both, or every fault of both at once."""
    found, errors = [], list[FieldError]()
    for field, label, text in (("reason", "原因", reason), ("source", "依据", source)):
        try:
            found.append(names.words(field, label, text, longest=LONGEST))
        except Invalid as fault:
            errors += fault.errors
    if errors:
        raise Invalid("请写明原因和依据。", errors)
    return found[0], found[1]


def _checked(session: Session, whom: str, asked: Collection[str], way: str) -> dict[str, str]:
    if whom not in WHOM:
        raise Invalid.at("whom", "请选择对哪些人要求双因素。")
    if whom == OFF:
        return {"whom": whom}
    if way not in WAYS or (way == CERTIFICATE and not certificates.are_taken()):
        raise Invalid.at("way", "本系统没有开通证书登录，不能只认证书。请先由运维人员开通。")
    if whom == ALL:
        return {"whom": whom, "way": way}
    known = list(session.scalars(sa.select(Role.key).order_by(Role.position)))
    if not asked or set(asked) - set(known):
        raise Invalid.at("roles", "请至少选择一个角色。" if not asked else "没有这个角色，请重选。")
    return {"whom": whom, "way": way, "roles": " ".join(key for key in known if key in asked)}


def _words(chosen: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    whom = WHOM[chosen["whom"]]
    if chosen["whom"] == OFF:
        return [whom]
    if chosen["whom"] == ROLES:
        whom = "、".join(labels.get(key, key) for key in chosen["roles"].split())
    return [whom, WAYS[chosen["way"]]]
