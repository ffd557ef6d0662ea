"""发前检查 for pages and programs: what a document does not keep, as it stands now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.documents import preflight
from app.documents.models import Document
from app.documents.preflight import Finding, Paper, Signing
from app.documents.preflight.glyphs import unprinted
from app.errors import Conflict
from app.handling.equipment import equipment

_unfit: dict[str, tuple[str, ...]] = {}
"""What the pages lack that have been set and found wanting, by the hash of their content."""


def remember(content_sha256: str, unfit: tuple[str, ...]) -> None:
    """Keep what setting a page has shown: a sign-off has no second to set it again."""
    if unfit:
        _unfit[content_sha256] = unfit


def findings(
    session: Session,
    document: Document,
    signing: Signing | None = None,
) -> list[Finding]:
    """Everything found in an outgoing document, with the reasons given so far.

    signing  what is known only at a sign-off
    Raises Conflict for a scan or a received one: what others wrote is not ours to mend.
    """
    if document.flow != "outgoing":
        raise Conflict("来文以原件为准，不作发前检查。", code="no_preflight")
    if document.scanned:
        raise Conflict("扫描件已在纸上定稿，不作发前检查。（OUT-17）", code="no_preflight")
    paper, severities = preflight.of_document(session, document)
    unfit = _unfit.get(document.content_sha256, ())
    paper = replace(_drawn(paper), signing=signing, unfit=unfit)
    return preflight.check(paper, severities, preflight.explanations(document))


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
