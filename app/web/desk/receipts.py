"""核查接收情况: what each recipient of a dispatched document has answered, and who asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request, url_for

from app.database import current_session
from app.errors import DomainError
from app.handling.receipts import answering
from app.handling.receipts.answering import Answer
from app.handling.receipts.models import ANSWERS, CHANNELS
from app.handling.receipts.sheet import Line, Sheet, sheet
from app.web import looking
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.desk.blueprint import blueprint

Typed = Mapping[str, Any]
SAID = ("answer", "answered_by", "note")
TOLD = ("channel", "number")


@blueprint.get("/receipt-checks/<int:id>", endpoint="receipt_check")
def show_receipts(id: int) -> Response:
    return _draw(id)


@blueprint.post("/receipt-checks/<int:id>")
def answer_receipts(id: int) -> Response:
    def operation() -> str:
        session, actor = current_session(), current_actor()
        lines = sheet(session, actor, id).lines
        rest = request.form.get("do") == "rest"
        given = _rest(lines) if rest else _given(id, lines)
        check = answering.answer(session, actor, id, given)
        if check.done_at is not None:
            return "接收情况已登记，各收文单位均已核查。"
        if sheet(session, actor, id).untold:
            return "接收情况已登记，紧急公文还须登记对每个收文单位的通知。"
        return "接收情况已登记，还有收文单位没有核查。"

    def again(typed: Typed, error: DomainError) -> Response:
        return _draw(id, typed, error)

    return act_pages.carry_out(operation, url_for("desk.receipt_check", id=id), again)


def _draw(id: int, typed: Typed | None = None, error: DomainError | None = None) -> Response:
    session, actor = current_session(), current_actor()
    looking.note(sheet(session, actor, id).case_id)
    found = sheet(session, actor, id)
    session.commit()
    return plain_pages.draw(
        "desk/receipt_check.html",
        found.title,
        url_for("desk.case", id=found.case_id, tab="receipts"),
        typed=_as_typed(found) if typed is None else typed,
        error=error,
        sheet=found,
        answers=[("", "未核查"), *ANSWERS.items()],
        channels=[("", "未通知"), *CHANNELS.items()],
    )


def field(place: int) -> str:
    """What the fields of one recipient are called, by its place on the page."""
    return f"r{place}-"


def _as_typed(found: Sheet) -> dict[str, str]:
    typed = {}
    for place, each in enumerate(found.lines):
        for name in (*SAID, "seen"):
            typed[field(place) + name] = str(getattr(each, name))
    return typed


def _given(check_id: int, lines: Sequence[Line]) -> list[Answer]:
    """What differs from what the form showed; what was left alone is not said again."""
    places = {place: _typed(place, (*SAID, *TOLD, "seen")) for place in range(len(lines))}
    seen = {place: _seen(typed["seen"]) for place, typed in places.items()}
    drawn = answering.drawn(current_session(), check_id, [*seen.values()])
    found = []
    for place, each in enumerate(lines):
        typed = places[place]
        said, told = ({name: typed[name] for name in names} for names in (SAID, TOLD))
        known = {name: getattr(drawn.get(seen[place]), name, "") for name in SAID}
        if any(told.values()) or (said != known and any(said.values())):
            whom = {"kind": each.kind, "recipient": each.recipient}
            found.append(Answer(**whom, **said, **told, seen=seen[place], field=field(place)))
    return found


def _typed(place: int, names: Sequence[str]) -> dict[str, str]:
    return {name: request.form.get(field(place) + name, "").strip() for name in names}


def _seen(text: str) -> int:
    """0 for what no page of ours would send: then the line counts as one without an answer."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _rest(lines: Sequence[Line]) -> list[Answer]:
    """Everybody who has no answer yet has received it."""
    return [
        Answer(each.kind, each.recipient, "received", seen=0, field=field(place))
        for place, each in enumerate(lines)
        if not each.answer
    ]
