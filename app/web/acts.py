"""One request that changes something: one transaction, sent once however often it arrives.

The first statement claims the request's key; the last one keeps the answer. A repeat with the
same key waits for the first to commit and gets its answer (R4); with another body it is refused.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec

import sqlalchemy as sa
from flask import Response, make_response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import FileStorage

from app import faults
from app.audit.guard import cleared
from app.database import Base, current_session, insert_once, reading
from app.errors import Conflict, Invalid
from app.handling.signing.checking import checked_before
from app.web.current import asked_at, current_actor

P = ParamSpec("P")
MAX_KEY = 100
TRIES = 3
AGAIN = {"40001", "40P01"}
"""PostgreSQL: serialization failure and deadlock; the whole act is simply done again."""

SECRET = ("proof_password", "proof_code")
"""Fields that are kept nowhere, not even as part of a hash."""

SAFE = {"GET", "HEAD", "OPTIONS"}
"""Methods that only show: asked again they show what is there now, whatever key they carry."""

KEPT_FOR = timedelta(days=7)
FORGOTTEN_AT_ONCE = 1000


class RequestKey(Base):
    """A request that was carried out, and its answer; kept for ``KEPT_FOR``."""

    __tablename__ = "request_key"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    body_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None] = mapped_column(sa.Integer)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answer: Mapped[str | None]


cleared(RequestKey.__table__)


def acting(view: Callable[P, Any]) -> Callable[P, Response]:
    """Run a view as one act: claim the key, act, keep the answer, commit once.

    An act that sends a paper is done again when the paper has been verified, with nothing locked.
    """

    @wraps(view)
    def act(*args: P.args, **kwargs: P.kwargs) -> Response:
        current_actor()
        with reading(False):
            return checked_before(
                lambda: _tried(lambda: make_response(view(*args, **kwargs))),
                lambda: current_session().rollback(),
            )

    return act


def _tried(view: Callable[[], Response]) -> Response:
    """The act, done again as long as somebody else was faster."""
    for attempt in range(1, TRIES + 1):
        try:
            _rewind()
            faults.reach("before-begin")
            return _once(view)
        except StaleDataError:
            current_session().rollback()
            if attempt == TRIES:
                raise Conflict("此件正由他人办理，请稍后重试。") from None
        except DBAPIError as error:
            current_session().rollback()
            if getattr(error.orig, "sqlstate", None) not in AGAIN or attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def first_answer() -> Response | None:
    """What this very request was answered before; None when it comes for the first time.

    For views that have work to do before their act. Raises Invalid like the act itself.
    """
    claim = _claim()
    answer = _answered(claim) if claim else None
    current_session().rollback()
    return answer


def forget_old_keys(session: Session, now: datetime) -> int:
    """Delete keys that nobody sends again, a thousand at most; how many there were."""
    old = (
        sa.select(RequestKey.person_id, RequestKey.key)
        .where(RequestKey.at < now - KEPT_FOR)
        .limit(FORGOTTEN_AT_ONCE)
    )
    keys = [tuple(row) for row in session.execute(old)]
    which = sa.tuple_(RequestKey.person_id, RequestKey.key).in_(keys)
    if keys:
        session.execute(sa.delete(RequestKey).where(which))
    return len(keys)


def _once(view: Callable[[], Response]) -> Response:
    claim = _claim()
    if claim is None:
        return _finish(view(), None)
    first = {**claim, "at": asked_at(), "headers": {}}
    if not insert_once(current_session(), RequestKey, first):
        answer = _answered(claim)
        current_session().rollback()
        assert answer is not None  # noqa: S101  (its row kept ours out)
        return answer
    return _finish(view(), claim)


def _claim() -> dict[str, Any] | None:
    """What tells this request from others: the person's key, and what was sent with it."""
    key = _key()
    if key is None:
        return None
    return {
        "person_id": current_actor().person_id,
        "key": key,
        "route": f"{request.method} {request.path}",
        "body_hash": _body_hash(),
    }


def _key() -> str | None:
    """``Idempotency-Key`` of a program, or the one-time token of a form."""
    if request.method in SAFE:
        return None
    key = request.headers.get("Idempotency-Key") or request.form.get("once")
    if key and len(key) > MAX_KEY:
        raise Invalid(f"Idempotency-Key 最多 {MAX_KEY} 个字符。", code="idempotency_key")
    if key and not key.isprintable():
        raise Invalid("Idempotency-Key 中有不能显示的字符，请换一个。", code="idempotency_key")
    return key or None


def _body_hash() -> str:
    """Without passwords: a hash that is kept could be tried out."""
    if not request.form and not request.files:
        return hashlib.sha256(_without_secrets(request.get_data())).hexdigest()
    files = request.files.items(multi=True)
    parts = [
        sorted(each for each in request.form.items(multi=True) if each[0] not in SECRET),
        [(name, each.filename, _file_hash(each)) for name, each in files],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _without_secrets(body: bytes) -> bytes:
    """The body of a program; one that gives no proof of identity as it came."""
    if not any(name.encode() in body for name in SECRET):
        return body
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        return body
    kept = {name: value for name, value in given.items() if name not in SECRET}
    return json.dumps(kept, sort_keys=True).encode()


def _file_hash(upload: FileStorage) -> str:
    """Of the bytes of an upload: another file under the same name is not a repeat."""
    upload.stream.seek(0)
    digest = hashlib.file_digest(upload.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    upload.stream.seek(0)
    return digest


def _rewind() -> None:
    """Let the view read its uploads from their beginning, also when the act is done again."""
    for each in request.files.values():
        each.stream.seek(0)


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
    faults.reach("after-commit")
    return response


def _answered(claim: dict[str, Any]) -> Response | None:
    """The answer kept under this key. Raises Invalid when it was given to another request."""
    query = sa.select(RequestKey).where(
        RequestKey.person_id == claim["person_id"], RequestKey.key == claim["key"]
    )
    first = current_session().scalar(query)
    if first is None:
        return None
    if (first.route, first.body_hash) != (claim["route"], claim["body_hash"]):
        raise Invalid(
            "这个 Idempotency-Key 已用于另一个请求，请换一个新的。", code="idempotency_key"
        )
    response = make_response(first.answer or "", first.status or 200)
    response.headers.update(first.headers)
    return response
