"""One request that changes something: one transaction, sent once however often it arrives.

The first statement claims the request's key; the last one keeps the answer. A repeat with the
same key waits for the first to commit and gets its answer (R4); with another body it is refused.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec

import sqlalchemy as sa
from flask import Response, make_response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import FileStorage

from app.database import Base, current_session, insert_once
from app.errors import Conflict, Invalid
from app.web.current import asked_at, current_actor

P = ParamSpec("P")
MAX_KEY = 100
TRIES = 3
AGAIN = {"40001", "40P01"}
"""PostgreSQL: serialization failure and deadlock; the whole act is simply done again."""


class RequestKey(Base):
    """A request that was carried out, and its answer; kept seven days."""

    __tablename__ = "request_key"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    body_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None] = mapped_column(sa.Integer)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answer: Mapped[str | None]


def acting(view: Callable[P, Any]) -> Callable[P, Response]:
    """Run a view as one act: claim the key, act, keep the answer, commit once."""

    @wraps(view)
    def act(*args: P.args, **kwargs: P.kwargs) -> Response:
        for attempt in range(1, TRIES + 1):
            try:
                return _once(lambda: make_response(view(*args, **kwargs)))
            except StaleDataError:
                current_session().rollback()
                if attempt == TRIES:
                    raise Conflict("此件正由他人办理，请稍后重试。") from None
            except DBAPIError as error:
                current_session().rollback()
                if getattr(error.orig, "sqlstate", None) not in AGAIN or attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    return act


def _once(view: Callable[[], Response]) -> Response:
    key = _key()
    if key is None:
        response = view()
        return _finish(response, None)
    actor = current_actor()
    claim = {
        "person_id": actor.person_id,
        "key": key,
        "route": f"{request.method} {request.path}",
        "body_hash": _body_hash(),
    }
    first = {**claim, "at": asked_at(), "headers": {}}
    if not insert_once(current_session(), RequestKey, first):
        return _answer_again(claim)
    return _finish(view(), claim)


def _key() -> str | None:
    """``Idempotency-Key`` of a program, or the one-time token of a form."""
    key = request.headers.get("Idempotency-Key") or request.form.get("once")
    if key and len(key) > MAX_KEY:
        raise Invalid(f"Idempotency-Key 最多 {MAX_KEY} 个字符。", code="idempotency_key")
    if key and not key.isprintable():
        raise Invalid("Idempotency-Key 中有不能显示的字符，请换一个。", code="idempotency_key")
    return key or None


def _body_hash() -> str:
    if request.form or request.files:
        parts = [f"{name}={value}" for name, value in sorted(request.form.items(multi=True))]
        parts += [
            f"{name}:{each.filename}:{_file_hash(each)}"
            for name, each in request.files.items(multi=True)
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return hashlib.sha256(request.get_data()).hexdigest()


def _file_hash(upload: FileStorage) -> str:
    """Of the bytes of an upload, which is left at its beginning; another file is not a repeat."""
    digest = hashlib.sha256()
    while chunk := upload.stream.read(1 << 20):
        digest.update(chunk)
    upload.stream.seek(0)
    return digest.hexdigest()


def _finish(response: Response, claim: dict[str, Any] | None) -> Response:
    """A refusal drawn by the view is rolled back; an answer is kept with its act and committed."""
    if response.status_code >= 400:
        current_session().rollback()
        return response
    if claim is not None:
        current_session().execute(
            sa.update(RequestKey)
            .where(RequestKey.person_id == claim["person_id"], RequestKey.key == claim["key"])
            .values(
                status=response.status_code,
                headers={
                    name: response.headers[name]
                    for name in ("Content-Type", "Location")
                    if name in response.headers
                },
                answer=response.get_data(as_text=True),
            )
        )
    current_session().commit()
    return response


def _answer_again(claim: dict[str, Any]) -> Response:
    query = sa.select(RequestKey).where(
        RequestKey.person_id == claim["person_id"], RequestKey.key == claim["key"]
    )
    first = current_session().scalars(query).one()
    if (first.route, first.body_hash) != (claim["route"], claim["body_hash"]):
        raise Invalid(
            "这个 Idempotency-Key 已用于另一个请求，请换一个新的。", code="idempotency_key"
        )
    response = make_response(first.answer or "", first.status or 200)
    response.headers.update(first.headers)
    current_session().rollback()
    return response
