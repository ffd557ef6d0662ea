"""发前检查 for pages and programs: what a document does not keep, as it stands now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.documents import numbering, preflight
from app.documents.models import Document
from app.documents.preflight import Finding, Paper, Signing
from app.documents.preflight.glyphs import unprinted
from app.errors import Conflict
from app.handling.equipment import equipment

_unfit: dict[tuple[int, str], tuple[str, ...]] = {}
"""What pages lack that were set and found wanting, by document and hash of its content."""


def remember(document_id: int, content_sha256: str, unfit: tuple[str, ...]) -> None:
    """Keep what setting a page has shown: a sign-off has no second to set it again."""
    if unfit:
        _unfit[document_id, content_sha256] = unfit


def findings(session: Session, document: Document) -> list[Finding]:
    """Everything found in an outgoing document, with the reasons given so far.

    Raises Conflict for a scan or a received one: what others wrote is not ours to mend.
    """
    if document.flow != "outgoing":
        raise Conflict("来文以原件为准，不作发前检查。", code="no_preflight")
    if document.scanned:
        raise Conflict("扫描件已在纸上定稿，不作发前检查。（OUT-17）", code="no_preflight")
    return _checked(session, document, misnumbered=_misnumbered(session, document))


def findings_at_act(session: Session, document: Document, signing: Signing | None) -> list[Finding]:
    """The same for an act, without what is read for pages only: the series of numbers.

    signing  what is known only at a sign-off
    """
    return _checked(session, document, signing=signing)


def _checked(session: Session, document: Document, **known: Any) -> list[Finding]:
    paper, severities = preflight.of_document(session, document)
    unfit = _unfit.get((document.id, document.content_sha256), ())
    paper = replace(_drawn(paper), unfit=unfit, **known)
    return preflight.check(paper, severities, preflight.explanations(document))


def findings_of_form(
    session: Session, unit_id: int, values: Mapping[str, Any], document: Document | None
) -> list[Finding]:
    """The same of what stands in the form, before it is saved."""
    paper, severities = preflight.of_values(session, unit_id, values, document)
    given = preflight.explanations(document) if document else ()
    return preflight.check(_drawn(paper), severities, given)


def _misnumbered(session: Session, document: Document) -> str:
    if document.number or numbering.fitting(session, document.unit_id, document.kind):
        return ""
    return f"没有适用于“{document.kind}”的发文字号序列，签发以后不能编号，请流程管理员设置序列。"


def _drawn(paper: Paper) -> Paper:
    fonts = equipment().fonts
    return paper if fonts is None else replace(paper, unprinted=unprinted(paper, fonts))
