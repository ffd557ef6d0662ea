"""Addresses of a case as a whole: its papers and its way, for everybody who may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents import kinds
from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed
from app.handling.act import Act
from app.handling.acts import cancelling
from app.handling.acts.unsealing import may_take_off
from app.handling.acts.urging import has_part_in
from app.handling.casefile.asking import may_take
from app.handling.filing import finished, responsibility
from app.handling.supervision.opening import may_supervise
from app.handling.supervision.sheet import Brief, briefs
from app.handling.views import circulation, signers, trace, waiting
from app.handling.views.signers import Signing
from app.handling.views.urges import Urging, urges
from app.web import looking, refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import paper_tabs
from app.web.desk.blueprint import blueprint
from app.web.desk.paper_tabs import Papers
from app.web.messages import say


@dataclass(frozen=True)
class Removal:
    """A try to let a signer off that was refused, with what was typed."""

    task_id: int
    login: str
    reason: str
    error: DomainError

    @property
    def errors(self) -> Sequence[FieldError]:
        return self.error.errors if isinstance(self.error, Invalid) else ()


@dataclass(frozen=True)
class CasePage:
    """One drawing of the case page; nothing here needs the database any more.

    ending  how the person may end it: 撤销 before sign-off, 作废 after it; "" for not at all
    may_urge    he may urge the stays that do not lie with him; ``urged``: by the id of the stay
    reading     the copies that he got or may follow
    signings    those that run, with who has signed and who has not
    supervised  督办 of this document, open and closed ones
    may_unseal  he sealed it, and it has not been sent
    may_take    he may take the whole case away as a 卷宗包
    archive     words of the link to its filing and transfer; "" of what is not finished
    """

    id: int
    process: str
    state: str
    running: bool
    ended_at: datetime | None
    now: datetime
    papers: Papers
    stops: Sequence[trace.Stop]
    coming: Sequence[trace.Coming]
    ending: str
    may_urge: bool
    urged: Mapping[int, Sequence[Urging]]
    reading: circulation.Reading
    signings: Sequence[Signing] = ()
    supervised: Sequence[Brief] = ()
    may_supervise: bool = False
    may_unseal: bool = False
    may_take: bool = False
    archive: str = ""
    removal: Removal | None = None
    reason: str = ""
    error: DomainError | None = None
    errors: Sequence[FieldError] = ()

    @property
    def edits(self) -> bool:
        """The text changes on the handling page, never here."""
        return False

    @property
    def open(self) -> list[trace.Stop]:
        return [each for each in self.stops if each.open]

    @property
    def urgency(self) -> str:
        urgency = self.papers.document.urgency
        return "" if urgency == "none" else kinds.URGENCIES[urgency]


@blueprint.get("/cases/<int:id>")
def case(id: int) -> Response:
    return draw(id)


ENDINGS = {"cancel": ("撤销", cancelling.cancel), "void": ("作废", cancelling.void)}


@blueprint.post("/cases/<int:id>/<any(cancel, void):how>")
def end(id: int, how: str) -> Response:
    """撤销, by the person who started it, before sign-off; 作废 after it."""
    reason = request.form.get("reason", "")
    try:
        return _end(id, how, reason)
    except (Invalid, Conflict, NotAllowed) as error:
        refusals.undo_and_note(error)
        return draw(id, reason=reason, error=error)


@acting
def _end(id: int, how: str, reason: str) -> ResponseReturnValue:
    word, operation = ENDINGS[how]
    operation(current_session(), current_actor(), id, reason)
    current_session().flush()
    say(f"已{word}。此前写下的意见和记录仍可查看。")
    return redirect(url_for("desk.case", id=id), 303)


@blueprint.get("/cases/<int:id>/<any(cancel, void):how>")
def back_to_case(id: int, how: str) -> ResponseReturnValue:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return redirect(url_for("desk.case", id=id), 303)


def draw(
    id: int,
    *,
    reason: str = "",
    error: DomainError | None = None,
    removal: Removal | None = None,
) -> Response:
    """Opening a case is reading its notices; that is committed before anything is drawn."""
    act = looking.case(id)
    page = _page(act, reason, error, removal)
    current_session().commit()
    refused = removal.error if removal else error
    status = refusals.status_of(refused) if refused else 200
    html = render_template("desk/case.html", page=page, papers=page.papers, case_id=id)
    return make_response(html, status)


def _page(act: Act, reason: str, error: DomainError | None, removal: Removal | None) -> CasePage:
    stops = trace.stops(act)
    running = act.case.state == "running"
    return CasePage(
        id=act.case.id,
        process=act.case.process_name,
        state=waiting.state_of(act),
        running=running,
        ended_at=act.case.ended_at,
        now=act.at,
        papers=paper_tabs.papers(act, stops),
        stops=stops,
        coming=trace.ahead(act),
        ending=_ending(act) if running else "",
        may_urge=running and has_part_in(act),
        urged=urges(act.session, [each.id for each in stops if each.open]),
        reading=circulation.reading(act),
        signings=signers.of_case(act),
        supervised=briefs(act),
        may_supervise=may_supervise(act),
        may_unseal=may_take_off(act),
        may_take=may_take(current_actor(), act.case),
        archive=_archive(act),
        removal=removal,
        reason=reason,
        error=error,
        errors=error.errors if isinstance(error, Invalid) else (),
    )


def _ending(act: Act) -> str:
    if act.document.signed_at is None:
        return "cancel" if act.case.kept_by == act.actor.person_id else ""
    sent = act.document.dispatched_at is not None
    return "void" if not sent and cancelling.may_void(act) else ""


def _archive(act: Act) -> str:
    if not finished.is_finished(act):
        return ""
    reference = responsibility.in_archive(act.session, act.case.id)
    return f"档号 {reference}" if reference else "归档与移交"
