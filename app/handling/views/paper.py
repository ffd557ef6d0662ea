"""The paper of a document: elements and unit joined to a sheet, set once per content."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock, organization
from app.clock import SHANGHAI
from app.database import reading
from app.documents import letterheads
from app.documents.content import elements
from app.documents.filenames import file_name
from app.documents.kinds import SIGNED_IN_PERSON
from app.documents.layout.fit import most_passes
from app.documents.layout.fonts import FontBook
from app.documents.layout.places import Places, for_signature, places
from app.documents.layout.render import render
from app.documents.layout.sheet import Box, Sheet
from app.documents.models import Document
from app.documents.proofs import DRAFT, Subject, judge, known, progress, subject, turn
from app.documents.storage import Store
from app.documents.text import Image, stored
from app.errors import Conflict, DomainError
from app.handling.access import document_of
from app.handling.act import look_at_task
from app.handling.acts.preflighting import signatory, signs_off
from app.handling.equipment import equipment
from app.organization import Actor
from app.seals import papers
from app.seals.registry import shelf, uses


@dataclass(frozen=True)
class Proof:
    """What setting the page showed, in sentences; ``unfit``: what has to be mended."""

    pages: int
    notices: tuple[str, ...]
    unfit: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A sheet ready to be set, outside of any transaction.

    subject  whose page it is; None for one that is nobody's, such as a specimen
    """

    sheet: Sheet
    file_name: str
    subject: Subject | None = None

    def pdf(self) -> bytes:
        """The PDF. Takes about a second the first time; call it outside the transaction."""
        return equipment().store.get(self._set().digest)

    def proof(self) -> Proof:
        """What the page lacks, which is kept for all; as long and as often as :meth:`pdf`."""
        try:
            found = self._set().proof
        except DomainError as error:
            self._judge((error.message,))
            raise
        self._judge(found.unfit)
        return found

    def prove(self) -> None:
        """Let all know what the page lacks, unless it is known to fit as things stand."""
        if self._known() != ():
            with suppress(DomainError):  # kept as what the page lacks
                self.proof()

    def for_signature(self, signatories: tuple[str, ...], day: date, post: str = "") -> "Paper":
        """The same as it is signed on ``day``: final, without number and 印发日期 (OUT-09)."""
        return replace(self, sheet=for_signature(self.sheet, signatories, day, post))

    def places(self) -> Places:
        """Where acts write on a paper ``for_signature``; as long and as often as :meth:`pdf`."""
        return places(self.sheet, self._set().positions)

    def _set(self) -> "_Page":
        equipped = equipment()
        if equipped.fonts is None:
            raise Conflict("没有安装公文字体，不能排版。请系统管理员运行 ./run 安装字体。")
        key = self._key()
        page = _pages.get(key)
        if page is None or not equipped.store.exists(page.digest):
            page = _pages[key] = self._made(equipped.fonts, equipped.store)
        return page

    def _made(self, fonts: FontBook, store: Store) -> "_Page":
        document_id = self.subject.document_id if self.subject else None
        with turn(equipment().sessions, document_id, most_passes(self.sheet)) as passing:
            made = render(self.sheet, fonts, passing=passing)
        lacking = [each for each in made.notices if any(lack in each for lack in made.unfit)]
        notices = tuple(each for each in made.notices if each not in lacking)
        proof = Proof(made.pages, notices, made.unfit)
        return _Page(store.put(made.pdf), proof, made.positions)

    def _known(self) -> tuple[str, ...] | None:
        if self.subject is None:
            return None
        with reading(), equipment().sessions() as session:
            return known(session, self.subject)

    def _judge(self, unfit: tuple[str, ...]) -> None:
        if self.subject is not None:
            with reading(False), equipment().sessions() as session, session.begin():
                judge(session, self.subject, unfit, clock.now(session))

    def _key(self) -> str:
        sheet = replace(self.sheet, blocks=(), pictures={})  # blocks name pictures by their hash
        blocks = stored(self.sheet.blocks)
        content = {**asdict(sheet), "blocks": blocks, "layout": equipment().layout}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=date.isoformat)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _Page:
    """A page that was set: the hash of its PDF in the store, and what setting it showed."""

    digest: str
    proof: Proof
    positions: Mapping[str, Box]


_pages: dict[str, _Page] = {}
"""By the hash of the sheet; forgotten at restart, refilled on demand."""


@dataclass(frozen=True)
class Kept:
    """A paper that was signed: the very file, which nobody sets anew."""

    digest: str
    file_name: str

    def pdf(self) -> bytes:
        return equipment().store.get(self.digest)


@dataclass(frozen=True)
class Imprinted:
    """A paper with the picture of a seal or 签名章, which no key vouches for (SIG-10)."""

    paper: Paper
    wording: str
    diameter: int
    picture: str | None
    is_stamp: bool = False

    @property
    def file_name(self) -> str:
        return self.paper.file_name

    def pdf(self) -> bytes:
        """The same bytes each time, as long as layout and seal are the same."""
        pdf, sheet, fonts = self.paper.pdf(), self.paper.sheet, equipment().fonts
        if sheet.date is None or fonts is None:
            return pdf
        signed = self.paper.for_signature(sheet.signatories, sheet.date).places().signatures
        box = signed[0].mark if signed else None
        if box is None:
            return pdf
        if self.picture is None:
            return papers.imprint(pdf, box, papers.drawn_seal(self.wording, self.diameter, fonts))
        picture = equipment().store.get(self.picture)
        if self.is_stamp:
            return papers.imprint(pdf, box, papers.stamp_from(picture))
        return papers.imprint(pdf, box, papers.seal_from(picture, self.diameter))


def issued(session: Session, actor: Actor, document_id: int) -> Paper | Kept | Imprinted:
    """The file as it was signed or sealed; where no key was used, the paper set from the text."""
    document, _ = document_of(session, actor, document_id)
    kept = shelf.current(session, document) if document.signed_at is not None else None
    if kept is not None:
        return Kept(kept.sha256, file_name(document.title, "pdf"))
    return _unsigned(session, document)


def unsigned(session: Session, document: Document) -> Paper | Imprinted | None:
    """The page to read of a document that no key has signed; None where there is none.

    For who has been found to see all of the document.
    """
    kept = shelf.current(session, document) if document.signed_at is not None else None
    try:
        return None if kept is not None else _unsigned(session, document)
    except Conflict:
        return None


def _unsigned(session: Session, document: Document) -> Paper | Imprinted:
    paper = _of(session, document)
    if document.kind in SIGNED_IN_PERSON and document.signed_at is not None:
        stamp = uses.shown_stamp(session, document)
        return paper if stamp is None else Imprinted(paper, "", 0, stamp, is_stamp=True)
    seal = uses.imprinted(session, document) if document.sealed_at is not None else None
    return paper if seal is None else Imprinted(paper, seal.wording, seal.diameter, seal.picture)


def of_document(session: Session, actor: Actor, document_id: int) -> Paper:
    """The paper of a document that the actor may see; NotFound otherwise."""
    document, _ = document_of(session, actor, document_id)
    return _of(session, document)


def _of(session: Session, document: Document) -> Paper:
    if document.flow == "incoming":
        raise Conflict("来文以原件为准，不另排版。请查看附件中的原件。", code="no_paper")
    if document.flow == "request":
        raise Conflict("审批事项不是公文，不按公文格式排版。", code="no_paper")
    if document.scanned:
        raise Conflict(
            "此件为扫描件，以扫描件为准，不另排版。请打开附件中的扫描件。（OUT-17）",
            code="no_paper",
        )
    sheet = sheet_of(session, document)
    return Paper(sheet, file_name(document.title, "pdf"), subject_of(session, document, DRAFT))


def to_sign(session: Session, actor: Actor, task_id: int) -> Paper | None:
    """The page that the actor signs at a stay of his; None where he has none to sign (DRF-16)."""
    act = look_at_task(session, actor, task_id)
    if act.candidate is None or act.stay.state != "open" or not signs_off(act):
        return None
    document, name = act.document, file_name(act.document.title, "pdf")
    who = signatory(act)
    draft = Paper(sheet_of(session, document), name, subject_of(session, document, str(who)))
    return draft.for_signature((who.name,), act.at.astimezone(SHANGHAI).date(), who.post)


def progress_of(session: Session, actor: Actor, document_id: int) -> str:
    """How far the page is that is being set of a document that the actor may see, in words."""
    document, _ = document_of(session, actor, document_id)
    found = progress(session, document.id)
    return found.words if found else ""


def subject_of(session: Session, document: Document, signatory: str) -> Subject:
    """What is judged by the page of a document that is set now, in this name or as a ``DRAFT``."""
    return subject(session, document, signatory, equipment().layout)


def sheet_of(session: Session, document: Document) -> Sheet:
    """Everything that stands on the paper of an outgoing document."""
    design = letterheads.of_document(
        session, document, organization.unit(session, document.unit_id)
    )
    values: dict[str, Any] = elements(document)
    others = tuple(document.joint_issuers)
    lead = design.words.removesuffix("文件")
    return Sheet(
        letterhead=design.words,
        mark="文件" if others and design.words.endswith("文件") else "",
        letterheads=(lead, *others) if others else (),
        issuers=(design.signature, *others) if others else (),
        format=design.format,
        signature_unit=design.signature,
        printed_by=design.printed_by,
        sealed=design.sealed,
        seal_diameter=float(design.seal_diameter),
        pictures=_pictures(document),
        **values,
    )


def _pictures(document: Document) -> dict[str, bytes]:
    """Those of the text that are in the store; the layout names the others."""
    store = equipment().store
    names = {block.sha256 for block in document.blocks if isinstance(block, Image)}
    return {name: store.get(name) for name in sorted(names) if store.exists(name)}
