"""Whether an act has the signature that it needs: only the signer can make one, for this stay.

Where the unit signs with keys, the service task looks for the signature of this stay, this person
and this text. What is missing is collected while the act is played to its end, so that everything
else that may refuse it has its say first; then the act ends with :class:`SignatureNeeded`.
"""

from dataclasses import replace

import sqlalchemy as sa

from app.documents.kinds import SIGNED_IN_PERSON
from app.errors import Conflict, Invalid
from app.handling.act import Act
from app.handling.errors import HandlingError
from app.handling.signing import joint
from app.seals import papers
from app.seals.models import Paper, Seal, Signature, SignatureEnd
from app.seals.registry import keeping, policies, shelf, uses
from app.seals.registry.policies import Signing
from app.seals.signer.approvals import Need

UNSEALED = ("纪要",)
WITHOUT_SEAL = "without_seal"
"""Case variable: the document goes out numbered (SIG-11)."""
SEAL = "seal"
"""Key of the form field, and case variable, by which the keeper says which seal he takes."""


_PICTURED = {"signatory": "stamp_id", "seal": "seal_id"}
"""What of a need names the seal that is shown, by its kind."""


class SignatureNeeded(HandlingError, Conflict):
    """The act is in order but for a signature, which its person gives with a proof of identity."""

    code = "proof_needed"

    def __init__(self, need: Need) -> None:
        what = "签名" if need.kind == "signatory" else "用印"
        super().__init__(f"请核对版式文件，输入您的登录密码后{what}。尚未提交。")
        self.need = need


def ways(act: Act) -> Signing:
    """How the unit signs off and seals this document.

    A page that was signed goes on as it began, whatever the unit chooses meanwhile: it has the
    field of a seal, or has none. Where that cannot be carried out any more, it goes back and is
    signed off anew. What was signed on record alone has no page yet, and follows the unit.
    """
    if not act.may_sign:
        return policies.AS_SHIPPED
    signed = _signed_paper(act)
    since = signed.at if signed else None
    found = policies.in_force(act.session, act.case.unit_id, at=since)
    if signed and any(each.locks for each in papers.loaded(signed.fields)):
        return replace(found, seal="digital")  # chosen otherwise in the second of the signature
    if act.document.kind in SIGNED_IN_PERSON:
        return _in_person(act, found, signed)
    return found


def _in_person(act: Act, found: Signing, signed: Paper | None) -> Signing:
    """A 签名章 that came onto the page with the sign-off leaves nothing to seal."""
    if signed and papers.shows_stamp(papers.loaded(signed.fields)):
        return replace(found, seal="none")
    on_record = signed is None and act.document.signed_at is not None
    if on_record and uses.shown_stamp(act.session, act.document):
        return replace(found, seal="none")
    if found.seal == "digital":
        return replace(found, seal="mark")  # put on the paper, and marked
    return found


def _signed_paper(act: Act) -> Paper | None:
    """The page as the signatory signed it; None before, and where he signed on record alone."""
    if act.document.signed_at is None:
        return None
    return shelf.current(act.session, act.document, "signed")


def sign_off(act: Act) -> None:
    """签发: nothing, or the signatory's own signature on the page (OUT-13, SIG-44)."""
    if ways(act).sign_off == "digital":
        _ensure(act, "signatory", papers.SIGN_OFF, _stamp(act))
    if ways(act).picture == "shown":
        _note_handwriting(act)


def _note_handwriting(act: Act) -> None:
    """His handwriting is shown, where it is registered and in use: who and when stand here."""
    person_id, kind = act.actor.person_id, act.document.kind
    found = keeping.own_stamp(act.session, act.case.unit_id, person_id, kind)
    if found is not None and found.state == "active" and found.picture is not None:
        _note_image(act, found)


def _stamp(act: Act) -> Seal | None:
    """签名章 of who signs, where the kind bears one and the unit has registered his (7.3.5.3).

    Without one the paper is stamped by hand, and marked. Raises SealNotActive.
    """
    if act.document.kind not in SIGNED_IN_PERSON:
        return None
    person_id, kind = act.actor.person_id, act.document.kind
    found = keeping.own_stamp(act.session, act.case.unit_id, person_id, kind)
    if found is not None:
        keeping.ensure_active(found)
    return found


def seal(act: Act, chosen: object) -> dict[str, object]:
    """用印, as the unit does it; what the record says of it.

    chosen  id of the seal, as the form has it; may be left out where there is one to take
    Raises Conflict where the unit's documents bear no seal (SIG-11), ForeignSeal, SealNotActive.
    """
    way = ways(act).seal
    if way == "mark":
        return {}
    if way == "none" and act.document.kind in SIGNED_IN_PERSON:
        raise Conflict("签发人签名章已在签发时加盖，不需要用印，请直接送办公室审核发送。")
    if way == "none":
        raise Conflict("本单位的电子公文不加印鉴，不需要用印，请直接送办公室审核发送。（SIG-11）")
    turn = joint.turn(act)
    found = _chosen(act, chosen, turn.unit_id)
    if way == "image":
        _note_image(act, found)
    else:
        _ensure(act, "seal", turn.field, found)
    return {"way": way, "seal": found.id, "wording": found.wording}


def without_seal(act: Act) -> bool:
    """Whether the document goes out as it is numbered (SIG-11).

    So does one that has no place for a seal, such as 纪要, where seals are set on the page.
    """
    way = ways(act).seal
    return way == "none" or (way != "mark" and act.document.kind in UNSEALED)


def of_stay(act: Act) -> Need | None:
    """What its person would sign at this stay, for showing it beforehand; None where nothing is."""
    if act.candidate is None or act.stay.state != "open" or act.stay.kind != "step":
        return None
    chosen, document = ways(act), act.document
    if chosen.sign_off == "digital" and document.signed_at is None:
        return _need(act, "signatory", papers.SIGN_OFF) if signs_off(act) else None
    if chosen.seal == "digital" and document.state == "numbered":
        turn = joint.known_turn(act)
        return _need(act, "seal", turn.field) if turn else None
    return None


def signs_off(act: Act) -> bool:
    return act.step.properties.get("sign_off") == "yes"


def _chosen(act: Act, chosen: object, unit_id: int) -> Seal:
    """SIG-03, SIG-04: a seal of the unit whose turn it is, which this person keeps."""
    person_id, kind = act.actor.person_id, act.document.kind
    if chosen:
        found = act.session.get(Seal, int(str(chosen)), populate_existing=True)
        if found is None:
            raise Invalid.at("fields", "没有这枚印章，请重新选择。")
        keeping.ensure_usable(act.session, found, unit_id, person_id, kind, act.at)
        return found
    usable = keeping.usable(act.session, unit_id, person_id, kind, act.at)
    if len(usable) == 1:
        return usable[0]
    if usable:
        raise Invalid.at(SEAL, "您保管几枚可用的印章，请选择用哪一枚。（SIG-03）")
    raise Conflict("您没有保管可用于此件的印章，不能用印。请联系办公室负责人。（SIG-04）")


def _note_image(act: Act, found: Seal) -> None:
    """A picture proves nothing by itself: who, when and on which text stand here (SIG-10)."""
    uses.record(
        act.session,
        found,
        act.as_candidate,
        act.at,
        act.document,
        way="image",
        task_id=act.stay.id,
        names=[act.document.title.replace("\n", "")],
    )


def _ensure(act: Act, kind: str, field: str, seal: Seal | None = None) -> None:
    if _signature(act, kind, field, seal) is not None:
        return
    need = _need(act, kind, field, seal)
    if act.lacking is None:
        raise SignatureNeeded(need)
    act.lacking.append(need)


def _need(act: Act, kind: str, field: str, seal: Seal | None = None) -> Need:
    return Need(
        kind=kind,
        document_id=act.document.id,
        task_id=act.stay.id,
        person_id=act.actor.person_id,
        field=field,
        content_sha256=act.document.content_sha256,
        **({_PICTURED[kind]: seal.id} if seal else {}),
    )


def _signature(act: Act, kind: str, field: str, seal: Seal | None) -> Signature | None:
    """The one that stands for this stay, person and text, and has not been ended."""
    query = (
        sa.select(Signature)
        .outerjoin(SignatureEnd, SignatureEnd.signature_id == Signature.id)
        .where(
            Signature.kind == kind,
            Signature.document_id == act.document.id,
            Signature.task_id == act.stay.id,
            Signature.person_id == act.actor.person_id,
            Signature.field == field,
            Signature.content_sha256 == act.document.content_sha256,
            SignatureEnd.signature_id.is_(None),
        )
    )
    if kind == "seal":  # a 签名章 registered or changed meanwhile asks for no second 签发
        query = query.where(Signature.seal_id == (seal.id if seal else None))
    return act.session.scalars(query).first()


def ensure_nothing_lacks(act: Act) -> None:
    """Raises SignatureNeeded for the first signature that the act, played to its end, lacks."""
    if act.lacking:
        raise SignatureNeeded(act.lacking[0])
