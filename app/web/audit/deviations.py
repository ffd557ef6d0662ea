"""合规检查 as a page: how far it has come, what deviates, and checking one case or all now."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from app import audit, clock
from app.clock import SHANGHAI
from app.database import current_session, reading
from app.errors import DomainError, Invalid, NotFound
from app.handling.conformance import checking, queries
from app.handling.conformance.entitled import Posts
from app.handling.conformance.kinds import KINDS, LAWFUL, WRONG
from app.handling.conformance.queries import Wanted
from app.handling.models import Case
from app.web import refusals
from app.web.acts import acting
from app.web.addresses import page_number, sought
from app.web.audit.blueprint import blueprint
from app.web.current import current_actor
from app.web.days import day
from app.web.messages import say

PAGE_ROWS = 50


@dataclass(frozen=True)
class Asked:
    """What the address asks for; days as they stand in it, both included."""

    kind: str = ""
    process: str = ""
    case: str = ""
    since: str = ""
    until: str = ""

    @property
    def wanted(self) -> Wanted:
        until = _begins(self.until)
        return Wanted(
            kind=self.kind,
            process=self.process,
            case_id=int(self.case) if self.case else None,
            since=_begins(self.since),
            until=until + timedelta(days=1) if until else None,
        )

    def address(self, page: int = 1, **changes: Any) -> str:
        asked = asdict(replace(self, **changes))
        given: dict[str, Any] = {name: value for name, value in asked.items() if value}
        if page > 1:
            given["page"] = page
        return url_for("audit.deviations", **given)


@blueprint.get("/deviations")
def deviations() -> Response:
    return _draw()


@blueprint.post("/deviations")
def check_now() -> Response:
    try:
        return _check(_case_number(request.form.get("case", "")), posts_by_now())
    except (Invalid, NotFound) as error:
        refusals.undo_and_note(error)
        return _draw(error)


def posts_by_now() -> Posts:
    """Read before the act begins: a long record keeps nobody from writing."""
    session = current_session()
    session.rollback()
    with reading():
        found = Posts().read_on(session)
        session.rollback()
    return found


@acting
def _check(case_id: int, posts: Posts) -> Response:
    session = current_session()
    case = session.get(Case, case_id)
    if case is None:
        raise Invalid.at("case", f"没有 {case_id} 号案件，请核对编号。")
    at = clock.now(session)
    found = checking.check(session, [case], posts.read_on(session), at)[case_id]
    note_check(case_id, len(found))
    say(f"{case_id} 号案件已检查，{_outcome(len(found), sum(each.wrong for each in found))}。")
    return make_response(redirect(url_for("audit.deviations", case=case_id), 303))


def note_check(case_id: int, number: int) -> None:
    """The auditor's own act is on record too."""
    audit.record(
        current_session(),
        "conformance.checked",
        current_actor().signature(),
        at=clock.now(current_session()),
        subject=("case", case_id),
        detail={"number": number},
    )


def _outcome(found: int, wrong: int) -> str:
    if not found:
        return "全部按流程办理"
    return f"有 {found} 处偏离，{f'其中 {wrong} 处无法解释' if wrong else '均有据可查'}"


def _case_number(text: str) -> int:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise Invalid.at("case", "案件编号应为数字，例如 128；编号见偏离清单和案件的地址。")
    return int(digits)


def read(given: Any) -> Asked:
    """Words that mean nothing here are as good as none."""
    kind, case = given.get("kind", ""), given.get("case", "").strip()
    return Asked(
        kind=kind if kind in (*KINDS, "wrong", "lawful") else "",
        process=sought(given.get("process", "")),
        case=case if case.isascii() and case.isdigit() and len(case) <= 12 else "",
        since=str(day(given.get("since", "")) or ""),
        until=str(day(given.get("until", "")) or ""),
    )


def _begins(text: str) -> datetime | None:
    """The first instant of a day in the office's time."""
    found = day(text)
    return datetime(found.year, found.month, found.day, tzinfo=SHANGHAI) if found else None


def _draw(error: DomainError | None = None) -> Response:
    session = current_session()
    asked, page = read(request.args), page_number(request.args.get("page", ""))
    rows = queries.listed(session, asked.wanted, PAGE_ROWS + 1, (page - 1) * PAGE_ROWS)
    shown = {
        "summary": queries.summary(session),
        "processes": queries.processes(session),
        "asked": asked,
        "rows": rows[:PAGE_ROWS],
        "kinds": KINDS,
        "wrong_kinds": WRONG,
        "lawful_kinds": LAWFUL,
        "page": page,
        "previous": asked.address(page - 1) if page > 1 else None,
        "following": asked.address(page + 1) if len(rows) > PAGE_ROWS else None,
        "typed": request.form.get("case", ""),
        "error": error,
        "errors": list(error.errors) if isinstance(error, Invalid) else [],
    }
    session.commit()
    html = render_template("audit/deviations.html", **shown)
    return make_response(html, refusals.status_of(error) if error else 200)
