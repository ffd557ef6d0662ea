"""The page that a signature goes onto: for the person to read, and for the signer to sign."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app import organization
from app.documents.filenames import file_name
from app.documents.kinds import SIGNED_IN_PERSON
from app.documents.layout.places import Places
from app.documents.models import Document
from app.errors import Conflict
from app.handling.equipment import equipment
from app.handling.models import Task
from app.handling.signing import joint
from app.handling.views import paper as views
from app.seals import papers
from app.seals.models import Paper
from app.seals.registry import policies, shelf
from app.seals.signer.approvals import Need, Page
from app.workflow import loading
from app.workflow.models import WorkflowCase


@dataclass(frozen=True)
class Shown:
    """What the person reads before he signs."""

    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def shown(session: Session, need: Need) -> Shown:
    """The page as the person is to see it; ends the transaction of the session.

    Setting it takes about a second the first time, and writes in a session of its own.
    """
    document = session.get_one(Document, need.document_id)
    before = _before(session, document, need) if need.kind == "seal" else None
    if before is not None:
        return Shown(equipment().store.get(before.sha256))
    paper = _set(session, document) if need.kind == "seal" else _blank(session, need)
    session.rollback()
    return Shown(paper.pdf())


def page(session: Session, need: Need) -> Page:
    """The same with its empty fields, ready for the signature.

    Raises Conflict for a page whose number is not that of the register, or that has no place for
    a seal.
    """
    document = session.get_one(Document, need.document_id)
    if need.kind == "signatory":
        return _for_sign_off(session, document, need)
    before = _before(session, document, need)
    if before is not None:
        return _for_seal(document, before)
    return _unsigned(session, document, need)


def _before(session: Session, document: Document, need: Need) -> Paper | None:
    """The paper that this seal goes onto; not one already set at this stay."""
    return shelf.current(session, document, but=(need.task_id, need.field))


def _for_sign_off(session: Session, document: Document, need: Need) -> Page:
    blank = _blank(session, need)
    pdf = blank.pdf()
    chosen = policies.in_force(session, document.unit_id).seal
    sealed = chosen == "digital" and document.kind not in SIGNED_IN_PERSON
    where, stamped = _ours(session, document, need, blank), need.stamp_id is not None
    fields = papers.expected_fields(where, stamped=stamped, sealed=sealed)
    if stamped and not papers.shows_stamp(fields):
        raise Conflict("此件的版式没有签名章位置，不能签发。请检查红头模板。", code="no_field")
    return Page(papers.lay_out(pdf, fields), Shown(pdf).sha256, papers.stored(fields))


def _for_seal(document: Document, before: Paper) -> Page:
    """The page that was signed and numbered; anything else in it than the register says is odd."""
    content = equipment().store.get(before.sha256)
    number = papers.filled(content).get(papers.NUMBER)
    if number != document.number:
        raise Conflict(
            f"版式文件上的发文字号是“{number or '（空）'}”，登记簿上是“{document.number}”，"
            "没有用印。请退回重新签发。",
            code="number_differs",
        )
    if not any(each.locks for each in papers.loaded(before.fields)):
        raise Conflict(NO_PLACE, code="no_field")
    return Page(content, before.sha256, before.fields)


def _unsigned(session: Session, document: Document, need: Need) -> Page:
    """Signed off on record alone: the page is set with its number, and only sealed."""
    done = _set(session, document)
    sheet = done.sheet
    if sheet.date is None:
        raise Conflict("此件没有成文日期，不能用印。请退回签发。")
    blank = done.for_signature(sheet.signatories, sheet.date)
    ours = _ours(session, document, need, blank)
    fields = [each for each in papers.expected_fields(ours, signed=False) if each.locks]
    if not fields:
        raise Conflict(NO_PLACE, code="no_field")
    pdf = done.pdf()
    return Page(papers.lay_out(pdf, fields), Shown(pdf).sha256, papers.stored(fields))


NO_PLACE = "此件的版式没有印章位置，不能加盖电子印章。请检查红头模板。"


def _blank(session: Session, need: Need) -> views.Paper:
    """The final page, signed today by this person, without number and printing date."""
    actor = organization.actor(session, need.person_id)
    found = views.to_sign(session, actor, need.task_id)
    if found is None:
        raise Conflict("这一环节没有待签的版式文件。", code="no_paper")
    return found


def _set(session: Session, document: Document) -> views.Paper:
    return views.Paper(views.sheet_of(session, document), file_name(document.title, "pdf"))


def _ours(session: Session, document: Document, need: Need, blank: views.Paper) -> Places:
    """The places of all seals that units here will set, as far as the route goes round to them."""
    task = session.get_one(Task, need.task_id)
    run = session.get_one(WorkflowCase, task.case_id)
    round_ = joint.goes_round(loading.definition(session, run.sha256))
    return joint.with_fields(blank.places(), [*joint.sealers(session, document)] if round_ else [])
