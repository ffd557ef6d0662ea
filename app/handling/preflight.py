"""发前检查 for pages and programs: what a document does not keep, as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.documents import numbering, preflight
from app.documents.models import Document
from app.documents.preflight import Finding, Paper, Signing
from app.documents.preflight.glyphs import unprinted
from app.errors import Conflict
from app.handling.equipment import equipment


def findings(session: Session, document: Document) -> list[Finding]:
    """Everything found in an outgoing document, with the reasons given so far.

    Raises Conflict for a scan or a received one: what others wrote is not ours to mend.
    """
    if document.flow == "request":
        raise Conflict("审批事项不是公文，不作发前检查。", code="no_preflight")
    if document.flow != "outgoing":
        raise Conflict("来文以原件为准，不作发前检查。", code="no_preflight")
    if document.scanned:
        raise Conflict("扫描件已在纸上定稿，不作发前检查。（OUT-17）", code="no_preflight")
    return _checked(session, document, misnumbered=numbering.misfit(session, document)).findings


@dataclass(frozen=True)
class AtAct:
    """What is found at an act; ``proved``: whether the page has been set as it is signed."""

    findings: list[Finding]
    proved: bool


def at_act(session: Session, document: Document, signing: Signing | None) -> AtAct:
    """The same for an act: of the series of numbers only whether the proposed one will do.

    signing  what is known only at a sign-off
    """
    return _checked(session, document, signing)


def _checked(
    session: Session, document: Document, signing: Signing | None = None, **known: Any
) -> AtAct:
    paper, severities = preflight.of_document(session, document, equipment().layout, signing)
    paper = replace(_drawn(paper), **known)
    found = preflight.check(paper, severities, preflight.explanations(document))
    return AtAct(found, paper.proved)


def findings_of_form(
    session: Session, unit_id: int, values: Mapping[str, Any], document: Document | None
) -> list[Finding]:
    """The same of what stands in the form, before it is saved."""
    paper, severities = preflight.of_values(session, unit_id, values, document)
    given = preflight.explanations(document) if document else ()
    return preflight.check(_drawn(paper), severities, given)


def _drawn(paper: Paper) -> Paper:
    fonts = equipment().fonts
    return paper if fonts is None else replace(paper, unprinted=unprinted(paper, fonts))
