"""The handling page: read everything in one transaction, end it, then draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Response, make_response, render_template

from app import organization
from app.database import current_session
from app.documents import kinds
from app.documents.preflight import PreflightFailed
from app.errors import DomainError, FieldError, Invalid
from app.handling.act import Act
from app.handling.acts import editing, preflighting, recall, setting_sending, withdrawing
from app.handling.acts.urging import may_urge
from app.handling.errors import OutOfHours
from app.handling.models import SetSending
from app.handling.stays import limits
from app.handling.supervision.opening import may_supervise
from app.handling.supervision.sheet import Brief, briefs
from app.handling.views import foresight, queries, signers, trace
from app.handling.views.phrases import phrases
from app.handling.views.rows import TaskRow
from app.handling.views.urges import Urging, urges
from app.organization.queries import ListedPerson
from app.web import looking, refusals
from app.web.desk import more, paper_tabs, preflight, task_form
from app.web.desk.more import More
from app.web.desk.paper_tabs import Papers
from app.web.desk.preflight import Panel
from app.web.desk.task_form import EXPLANATION, FIELD, SEND_BACK, Typed

OUR_FIELDS = ("outcome", "opinion", "to", "then", "next", "reason", "checked")
FEWEST_PLACES, SPARE_PLACES = 3, 2


@dataclass(frozen=True)
class Signing:
    """What the decision asks for besides: a proof of identity, for the page of this digest."""

    kind: str
    sha256: str


@dataclass(frozen=True)
class TaskPage:
    """One drawing of the handling page; nothing here needs the database any more.

    typed    what stands in the form; ``error``: why the last try was refused
    notice   a sentence about what has just been done, such as saving a draft
    takes_back  what 撤回 would take back now; ``kept_from``: why nothing can be
    sending  定时发送 that is set here
    edits    the person may change the text at this step
    panel    发前检查, where the person may still mend what it finds or let it pass; else None
    asks     whether the act here has to pass it
    more     acts beside the decision
    signing  who signs beside the person, at a step that several people sign
    urged    who asked to hurry, the latest first
    phrases  what the person keeps writing
    supervised  督办 of this document
    asked    the signature that is still wanted; None until the act turned out to lack one
    """

    row: TaskRow
    now: datetime
    papers: Papers
    stops: Sequence[trace.Stop]
    coming: Sequence[trace.Coming]
    view: foresight.View
    typed: Typed
    clause: str
    limit: limits.LimitSum | None
    error: DomainError | None = None
    notice: str = ""
    sent_by_me: bool = False
    takes_back: recall.Plan | None = None
    kept_from: str | None = None
    edits: bool = False
    sending: SetSending | None = None
    panel: Panel | None = None
    asks: bool = False
    more: Sequence[More] = ()
    signing: signers.Signing | None = None
    urged: Sequence[Urging] = ()
    may_urge: bool = False
    phrases: Sequence[str] = ()
    supervised: Sequence[Brief] = ()
    may_supervise: bool = False
    errors: Sequence[FieldError] = field(default_factory=tuple)
    asked: Signing | None = None

    @property
    def mine(self) -> bool:
        """The person can act here now."""
        return self.view.ahead is not None

    @property
    def out_of_hours(self) -> bool:
        """It can be set to be sent when working time begins, or sent now (TRN-04)."""
        return isinstance(self.error, OutOfHours) or bool(self.typed.sending)

    @property
    def labels(self) -> Mapping[str, str]:
        """What the outcomes are called, by key."""
        return {each.key: each.label for each in self.row.outcomes}

    @property
    def reasoned(self) -> list[str]:
        """What is only done with a reason, where the opinion may be left out."""
        returns = ["退回"] if self.view.returns else []
        return returns + [self.labels[key] for key in self.view.reason_for]

    @property
    def stop(self) -> trace.Stop:
        return next(each for each in self.stops if each.id == self.row.id)

    @property
    def urgency(self) -> str:
        return "" if self.row.urgency == "none" else kinds.URGENCIES[self.row.urgency]


@dataclass(frozen=True)
class AssignPage:
    """For a process administrator: the stay that stopped, and who could be named; no document."""

    row: TaskRow
    people: Sequence[ListedPerson]
    to: str
    reason: str
    now: datetime
    urged: Sequence[Urging]
    error: DomainError | None
    errors: Sequence[FieldError]


def draw(
    task_id: int,
    *,
    typed: Typed | None = None,
    error: DomainError | None = None,
    notice: str = "",
    asked: Signing | None = None,
) -> Response:
    """The page as it stands now. Opening it is noted and committed before anything is drawn.

    typed, error  what was sent and why it was refused: everything typed is shown again
    asked         the signature that it still wants
    """
    session = current_session()
    act = looking.task(task_id)
    status = refusals.status_of(error) if error else 200
    if act.stay.state == "open" and act.stay.blocked is not None and act.candidate is not None:
        assign = _assign_page(act, "", "", error)
        session.commit()
        return make_response(render_template("desk/task_assign.html", page=assign), status)
    page = replace(_page(act, typed, error, notice), asked=asked)
    session.commit()
    return make_response(
        render_template(
            "desk/task.html",
            page=page,
            papers=page.papers,
            case_id=page.row.case_id,
            **CONSTANTS,
        ),
        status,
    )


def draw_assign(task_id: int, to: str, reason: str, error: DomainError) -> Response:
    """The form of the administrator once more, with what was typed."""
    session = current_session()
    act = looking.task(task_id)
    if act.stay.blocked is None or act.candidate is None:
        session.commit()
        return draw(task_id, error=error)
    page = _assign_page(act, to, reason, error)
    session.commit()
    return make_response(
        render_template("desk/task_assign.html", page=page), refusals.status_of(error)
    )


def _page(act: Act, typed: Typed | None, error: DomainError | None, notice: str) -> TaskPage:
    stops = trace.stops(act)
    view = foresight.view(act, typed.fields if typed else None)
    mine = act.stay.done_by_id == act.actor.person_id
    takes_back, kept_from = withdrawing.plan_of(act) if mine else (None, None)
    revision = act.stay.revision
    return TaskPage(
        row=queries.tasks_by_id(act.session, [act.stay.id])[0],
        now=act.at,
        papers=paper_tabs.papers(act, stops),
        stops=stops,
        coming=trace.ahead(act),
        view=view,
        typed=typed or task_form.blank(view, revision),
        clause=act.step.properties.get("clause", ""),
        limit=limits.sum_of(act),
        error=error,
        notice=notice,
        sent_by_me=mine,
        takes_back=takes_back,
        kept_from=kept_from,
        sending=setting_sending.waiting_at(act.session, act.stay.id) if view.ahead else None,
        edits=view.ahead is not None and editing.edits_now(act),
        panel=_panel(act) if view.ahead is not None else None,
        asks=preflighting.counts_at(act),
        more=more.at_task(act) if view.ahead is not None else (),
        signing=signers.at_task(act),
        urged=_urged(act),
        may_urge=view.ahead is None and may_urge(act),
        phrases=phrases(act.session, act.actor).items if view.ahead is not None else (),
        supervised=briefs(act),
        may_supervise=may_supervise(act),
        errors=_placed(error, typed, view),
    )


def _panel(act: Act) -> Panel | None:
    if not preflighting.counts_at(act) and not editing.edits_now(act):
        return None
    if act.document.flow != "outgoing" or act.document.scanned:
        return None
    return preflight.panel(preflighting.findings_at(act))


def _urged(act: Act) -> Sequence[Urging]:
    """What this stay was urged, as long as somebody can still do something about it."""
    if act.stay.state != "open":
        return ()
    return urges(act.session, [act.stay.id]).get(act.stay.id, ())


def _assign_page(act: Act, to: str, reason: str, error: DomainError | None) -> AssignPage:
    return AssignPage(
        row=queries.tasks_by_id(act.session, [act.stay.id])[0],
        people=organization.people(act.session, act.case.unit_id),
        to=to,
        reason=reason,
        now=act.at,
        urged=_urged(act),
        error=error,
        errors=_placed(error, None, foresight.View(), unnamed="to"),
    )


def _placed(
    error: DomainError | None, typed: Typed | None, view: foresight.View, unnamed: str = ""
) -> list[FieldError]:
    """The refusals by the ids that the fields have on the page."""
    if not isinstance(error, Invalid):
        return []
    if isinstance(error, PreflightFailed):
        return preflight.placed(error)
    own = {each.key for each in view.fields}
    found = []
    for each in error.errors or [FieldError(unnamed, error.message)]:
        name = each.field
        if name == "next":
            outcome = typed.outcome if typed else ""
            name = f"{FIELD}{view.next_field}" if view.next_field else f"next.{outcome}"
        elif name in own:
            name = FIELD + name
        elif name not in OUR_FIELDS and not name.startswith(EXPLANATION):
            name = ""
        found.append(FieldError(name, each.message))
    return found


def places(options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> range:
    """How many places a list in order offers: the filled ones and some more."""
    wanted = max(FEWEST_PLACES, len(chosen) + SPARE_PLACES)
    return range(1, min(wanted, len(options)) + 1)


CONSTANTS = {
    "send_back": SEND_BACK,
    "places": places,
    "prefix": FIELD,
    "explanation": EXPLANATION,
}
