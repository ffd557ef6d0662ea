"""发前检查 on pages: what was found, in words, and where each is mended; with the set page too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template

from app.database import current_session
from app.documents.preflight import Finding, PreflightFailed, Severity
from app.documents.preflight.checking import field_of
from app.errors import DomainError, FieldError
from app.handling import preflight
from app.handling.acts import editing
from app.handling.views import paper
from app.web import looking
from app.web.current import current_actor
from app.web.desk.blueprint import blueprint

PLACES = {"attachments": "file"}
"""Ids of the form by element, where they are not the same."""

OF_THE_FORM = frozenset(
    {
        *("direction", "kind", "title", "body", "urgency", "note"),
        *("main_recipients", "copy_recipients", "attachments"),
    }
)
"""Elements that 修改公文 has."""


@dataclass(frozen=True)
class Line:
    """A finding on a page. ``place``: id of its field in the form, "" where it has none."""

    finding: Finding

    @property
    def rule(self) -> str:
        return self.finding.rule.key

    @property
    def mark(self) -> str:
        """The word of its weight; what was explained asks for nothing more."""
        done = self.finding.explained is not None and not self.finding.stops
        return "已说明" if done else self.finding.severity.label

    @property
    def tone(self) -> str:
        return self.finding.severity if self.finding.stops else "note"

    @property
    def place(self) -> str:
        field = self.finding.spot.field
        return PLACES.get(field, field) if field in OF_THE_FORM else ""

    @property
    def explained_at(self) -> datetime | None:
        given = self.finding.explained
        return datetime.fromisoformat(given.at) if given else None


@dataclass(frozen=True)
class Panel:
    """What stands in the panel; ``asking``: one line per rule that wants a reason."""

    lines: Sequence[Line]

    @property
    def asking(self) -> list[Line]:
        found = {each.rule: each for each in self.lines if each.finding.asks}
        return list(found.values())

    @property
    def stops(self) -> bool:
        return any(each.finding.stops for each in self.lines)

    @property
    def weighs(self) -> bool:
        """Whether there is more than notes: what stops, or what was let pass with a reason."""
        return any(each.finding.severity is not Severity.NOTE for each in self.lines)

    @property
    def summary(self) -> str:
        """``1 处必须修改，2 处提示``, the heaviest first."""
        marks = [each.mark for each in self.lines]
        counted = [f"{marks.count(mark)} 处{mark}" for mark in dict.fromkeys(marks)]
        return "，".join(counted) or "没有发现问题"


def panel(findings: Sequence[Finding]) -> Panel:
    return Panel([Line(each) for each in findings])


def placed(error: PreflightFailed) -> list[FieldError]:
    """In few words, by the ids of the page: the panel has the sentences, the form the reasons."""
    found = []
    for each in error.findings:
        label = f"发前检查“{each.rule.label}”"
        if each.asks and each.excuse:
            words = f"{label}：请改好，或者填写{each.excuse.label}。"
            found.append(FieldError(field_of(each), words))
        else:
            found.append(FieldError("preflight", f"{label}：请先改好。"))
    return found


@blueprint.get("/documents/<int:id>/preflight", endpoint="preflight")
def show(id: int) -> Response:
    """All checks of a document as it stands, those of the set page included.

    Setting it takes a second: it is done outside the transaction, and kept for the next time.
    """
    session, actor = current_session(), current_actor()
    printed = paper.of_document(session, actor, id)
    looking.document(id)
    session.commit()
    set_page, trouble = None, ""
    try:
        set_page = printed.proof()
    except DomainError as error:
        trouble = error.message
    document, case = looking.document(id)
    found = panel(preflight.findings(session, document))
    html = render_template(
        "desk/preflight.html",
        panel=found,
        document_id=id,
        title=document.title,
        case_id=case,
        edits=_edits(id),
        notices=set_page.notices if set_page else (),
        pages=set_page.pages if set_page else 0,
        trouble=trouble,
    )
    session.commit()
    return make_response(html)


def _edits(document_id: int) -> bool:
    try:
        editing.look_editable(current_session(), current_actor(), document_id)
    except DomainError:
        return False
    return True
