"""预留, 跳过, 解除预留, 作废: each on a plain page with only its own fields."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, request, url_for

from app import clock
from app.database import current_session
from app.documents.models import IssuedNumber
from app.documents.numbering import ledger
from app.documents.numbering.register import Line
from app.errors import DomainError, NotFound
from app.handling.views import numbers
from app.web.current import asked_at, current_actor
from app.web.desk import act_pages, plain_pages
from app.web.numbers.blueprint import blueprint

Typed = Mapping[str, Any]
TITLES = {
    "reserve": "预留文号",
    "skip": "跳过文号",
    "release": "解除预留",
    "strike": "跳过预留的文号",
    "void": "作废文号",
}
POSSIBLE: Mapping[str, Callable[[Line], bool]] = {
    "release": lambda line: line.state == "reserved",
    "strike": lambda line: line.state in ("reserved", "expired"),
    "void": lambda line: line.voidable,
}


@blueprint.get("/<any(reserve, skip):verb>", endpoint="next")
def show_next(verb: str) -> Response:
    return _draw_next(verb)


@blueprint.post("/<any(reserve, skip):verb>")
def act_on_next(verb: str) -> Response:
    """On the next numbers of the series that the address names."""
    code = request.args.get("series", "")

    def operation() -> str:
        typed, session = request.form, current_session()
        given = (session, code, current_actor(), clock.now(session))
        count = act_pages.number("count")
        if verb == "skip":
            lines = ledger.skip(*given, count=count, reason=typed.get("reason", ""))
            return f"已跳过{_words(lines)}，不再使用。"
        until, purpose = _day(typed.get("until", "")), typed.get("purpose", "")
        lines = ledger.reserve(*given, count=count, purpose=purpose, until=until)
        return f"已预留{_words(lines)}，登记编号时可以选用。"

    to = url_for("numbers.book", series=code)
    return act_pages.carry_out(operation, to, lambda typed, error: _draw_next(verb, typed, error))


@blueprint.get("/<int:id>/<any(release, strike, void):verb>", endpoint="one")
def show_one(id: int, verb: str) -> Response:
    return _draw_one(id, verb)


@blueprint.post("/<int:id>/<any(release, strike, void):verb>")
def act_on_one(id: int, verb: str) -> Response:
    shelf, _ = _line(id)
    to = url_for("numbers.book", series=shelf.chosen.code)
    current_session().commit()

    def operation() -> str:
        return OPERATIONS[verb](id, request.form.get("reason", ""))

    return act_pages.carry_out(
        operation, to, lambda typed, error: _draw_one(id, verb, typed, error)
    )


def _release(id: int, _reason: str) -> str:
    session = current_session()
    line = ledger.release(session, id, current_actor(), clock.now(session))
    return f"已解除{line.text}的预留，下一份公文取用此号。"


def _strike(id: int, reason: str) -> str:
    session = current_session()
    line = ledger.skip_reserved(session, id, current_actor(), clock.now(session), reason)
    return f"已跳过{line.text}，不再使用。"


def _void(id: int, reason: str) -> str:
    session = current_session()
    line = ledger.void_line(session, id, current_actor(), clock.now(session), reason)
    return f"已作废{line.text}。此件须在登记编号环节重新取号，已送往后面环节的请先退回。"


OPERATIONS: Mapping[str, Callable[[int, str], str]] = {
    "release": _release,
    "strike": _strike,
    "void": _void,
}


def _draw_next(verb: str, typed: Typed | None = None, error: DomainError | None = None) -> Response:
    session, code = current_session(), request.args.get("series", "")
    shelf, book = numbers.book(session, current_actor(), code, None, asked_at())
    session.commit()
    return plain_pages.draw(
        "numbers/act.html",
        shelf.chosen.name,
        url_for("numbers.book", series=shelf.chosen.code),
        "返回登记簿",
        typed=typed,
        error=error,
        verb=verb,
        act_title=TITLES[verb],
        possible=shelf.keeps,
        next_text=book.next_text,
        most=ledger.MOST_SKIPPED if verb == "skip" else ledger.MOST_RESERVED,
    )


def _draw_one(
    id: int, verb: str, typed: Typed | None = None, error: DomainError | None = None
) -> Response:
    shelf, line = _line(id)
    current_session().commit()
    return plain_pages.draw(
        "numbers/act.html",
        line.text,
        url_for("numbers.book", series=shelf.chosen.code),
        "返回登记簿",
        typed=typed,
        error=error,
        verb=verb,
        act_title=TITLES[verb],
        possible=shelf.keeps and POSSIBLE[verb](line),
        line=line,
    )


def _line(id: int) -> tuple[numbers.Shelf, Line]:
    """A number in a book that the person may see. Raises NotFound."""
    session, actor = current_session(), current_actor()
    code, year = ledger.place_of(session, id, actor.unit_id)
    shelf, book = numbers.book(session, actor, code, year, asked_at())
    line = next((each for each in book.lines if each.id == id), None)
    if line is None:
        raise NotFound
    return shelf, line


def _words(lines: list[IssuedNumber]) -> str:
    if len(lines) == 1:
        return lines[0].text
    return f"{lines[0].text}至{lines[-1].text}，共 {len(lines)} 个"


def _day(text: str) -> date:
    """A day that nobody reserves until, where none is readable: the operation says so."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return date.min
