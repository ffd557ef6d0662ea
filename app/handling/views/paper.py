"""The paper of a document: elements and unit joined to a sheet, set once per content."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import organization
from app.documents import letterheads
from app.documents.content import elements
from app.documents.filenames import file_name
from app.documents.layout.render import Rendered, render
from app.documents.layout.sheet import Sheet
from app.documents.models import Document
from app.documents.text import Image, stored
from app.errors import Conflict
from app.handling.access import document_of
from app.handling.equipment import equipment
from app.organization import Actor

LAYOUT = "2"
"""Raised when the layout changes, so that pages set before are set anew."""


@dataclass(frozen=True)
class Proof:
    """What setting the page showed, in sentences; ``unfit``: what has to be mended."""

    pages: int
    notices: tuple[str, ...]
    unfit: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A sheet ready to be set; nothing of the database is needed any more."""

    sheet: Sheet
    file_name: str

    def pdf(self) -> bytes:
        """The PDF. Takes about a second the first time; call it outside the transaction."""
        return equipment().store.get(self._set().digest)

    def proof(self) -> Proof:
        """What the page lacks; as long and as often as :meth:`pdf`."""
        return self._set().proof

    def _set(self) -> "_Page":
        equipped = equipment()
        if equipped.fonts is None:
            raise Conflict("没有安装公文字体，不能排版。请系统管理员运行 ./run 安装字体。")
        fonts = equipped.fonts
        return _kept(self._key(), lambda: render(self.sheet, fonts))

    def _key(self) -> str:
        sheet = replace(self.sheet, blocks=(), pictures={})  # blocks name pictures by their hash
        blocks = stored(self.sheet.blocks)
        content = {**asdict(sheet), "blocks": blocks, "layout": LAYOUT}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=date.isoformat)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _Page:
    """A page that was set: the hash of its PDF in the store, and what setting it showed."""

    digest: str
    proof: Proof


_pages: dict[str, _Page] = {}
"""By the hash of the sheet; forgotten at restart, refilled on demand."""


def _kept(key: str, make: Callable[[], Rendered]) -> _Page:
    store = equipment().store
    page = _pages.get(key)
    if page is not None and store.exists(page.digest):
        return page
    made = make()
    notices = tuple(each for each in made.notices if not any(lack in each for lack in made.unfit))
    page = _Page(store.put(made.pdf), Proof(made.pages, notices, made.unfit))
    _pages[key] = page
    return page


def of_document(session: Session, actor: Actor, document_id: int) -> Paper:
    """The paper of a document that the actor may see; NotFound otherwise."""
    document, _ = document_of(session, actor, document_id)
    if document.flow == "incoming":
        raise Conflict("来文以原件为准，不另排版。请查看附件中的原件。", code="no_paper")
    if document.scanned:
        raise Conflict(
            "此件为扫描件，以扫描件为准，不另排版。请打开附件中的扫描件。（OUT-17）",
            code="no_paper",
        )
    return Paper(sheet_of(session, document), file_name(document.title, "pdf"))


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
