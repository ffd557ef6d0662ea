"""Service tasks of the route of certificates: each is one verb of its life cycle."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from app.documents.content import current
from app.errors import Conflict, Invalid
from app.handling.act import Act
from app.handling.models import Case
from app.organization import roles
from app.seals.certificates import applying, holding
from app.seals.certificates.applying import Evidence, Wanted
from app.seals.certificates.errors import ApplicationRefused
from app.seals.certificates.models import Application
from app.seals.models import Certificate, Seal
from app.workflow.moves import ServiceCall

FORM = "申请表"
"""Stands in the name of the attachment that carries the unit's seal (SIG-34)."""
_BEFORE_GRANT = ("asked", "reviewed")


def ask(call: ServiceCall) -> None:
    """Enter what the form asks for; what the rules do not permit is refused to the applicant.

    An application that came back is entered anew; one whose case was cancelled stands in nobody's
    way.
    """
    act: Act = call.context
    values = call.variables
    seal_id = _seal(act, str(values.get("certificate_seal") or ""))
    person_id = None if seal_id else act.actor.person_id
    _put_aside(act, person_id, seal_id)
    files = [Evidence(each.name, each.sha256) for each in current(act.document)]
    forms = [each for each in files if FORM in each.name]
    if not forms:
        message = f"请附上加盖单位公章的申请表，附件名称中写明“{FORM}”（SIG-34）。"
        raise ApplicationRefused.at("certificate_verb", message)
    wanted = Wanted(
        verb=str(values.get("certificate_verb") or ""),
        reason=act.document.title,
        person_id=person_id,
        seal_id=seal_id,
        purpose=str(values.get("certificate_purpose") or "sign"),
        cause=str(values.get("certificate_cause") or ""),
        evidence=[each for each in files if each not in forms],
        form=forms[0].sha256,
    )
    applying.ask(act.session, act.actor, wanted, act.at, act.case.id)


def review(call: ServiceCall) -> None:
    """Also once more, where the case came back to the check."""
    act: Act = call.context
    application = _application(act).id
    applying.ask_again(act.session, application)
    applying.review(act.session, act.actor, application, act.at)


def grant(call: ServiceCall) -> None:
    act: Act = call.context
    applying.grant(act.session, act.actor, _application(act).id, act.at)


def refuse(call: ServiceCall) -> None:
    """The opinion itself stands with the act."""
    act: Act = call.context
    words = f"{act.step.name}不予通过"
    application = _application(act)
    if not act.actor.holds(roles.CERTIFICATE_ISSUER, unit_id=application.unit_id):
        applying.ask_again(act.session, application.id)
    applying.refuse(act.session, act.actor, application.id, act.at, words)


def suspend(call: ServiceCall) -> None:
    """挂失: frozen with this act, before anybody of the office has looked (SIG-23)."""
    act: Act = call.context
    seal_id = _seal(act, str(call.variables.get("certificate_seal") or ""))
    mine = (
        Certificate.seal_id == seal_id if seal_id else Certificate.person_id == act.actor.person_id
    )
    query = sa.select(Certificate.id).where(mine).order_by(Certificate.id.desc()).limit(1)
    found = act.session.scalar(query)
    if found is None:
        raise Conflict("没有可以挂失的证书。")
    holding.suspend(act.session, act.actor, found, act.at, act.document.title)


def _seal(act: Act, wording: str) -> int | None:
    """The seal with this wording that the applicant keeps; None where none is named."""
    if not wording.strip():
        return None
    kept = sa.or_(Seal.keeper_id == act.actor.person_id, Seal.deputy_id == act.actor.person_id)
    query = sa.select(Seal.id).where(Seal.wording == wording.strip(), kept)
    found = act.session.scalars(query.order_by(Seal.id.desc())).first()
    if found is None:
        message = f"您没有保管“{wording.strip()[:40]}”这枚印章，请核对印文；为本人申请时不填。"
        raise Invalid.at("certificate_seal", message)
    return found


def _put_aside(act: Act, person_id: int | None, seal_id: int | None) -> None:
    """Applications of this case from before it came back, and of cases that were cancelled."""
    mine = Application.seal_id == seal_id if seal_id else Application.person_id == person_id
    gone = sa.select(Case.id).where(Case.state == "cancelled")
    query = sa.select(Application).where(
        mine,
        Application.state.in_(_BEFORE_GRANT),
        sa.or_(Application.case_id == act.case.id, Application.case_id.in_(gone)),
    )
    for each in act.session.scalars(query).all():
        applying.set_aside(act.session, each.id, act.at)


def _application(act: Act) -> Application:
    query = sa.select(Application).where(
        Application.case_id == act.case.id, Application.state.in_(_BEFORE_GRANT)
    )
    found = act.session.scalars(query.order_by(Application.id.desc())).first()
    if found is None:
        raise Conflict("此件没有登记证书申请，请退回申请人重新提交。")
    return found


TOPICS: Mapping[str, Callable[[ServiceCall], None]] = {
    "ask-certificate": ask,
    "review-certificate": review,
    "grant-certificate": grant,
    "refuse-certificate": refuse,
    "suspend-certificate": suspend,
}
