"""/pki: certificates of issuers, revocation lists and answers on status, without sign-in.

Programs fetch them; whatever is given out is public and signed.
"""

import base64
import binascii
from datetime import datetime, timedelta
from urllib.parse import unquote

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import UnsupportedMediaType

from app import clock
from app.database import current_session
from app.seals.certificates import asking_status, published
from app.seals.certificates.published import Published
from app.web.pace import Pace

pki = Blueprint("pki", __name__, url_prefix="/pki")
MOST = 4096
"""Bytes of a question on status; one about a single certificate has about a hundred."""
FRESH = timedelta(minutes=5)
"""How long a cache may keep an answer on status: a frozen certificate is known that soon."""
LIST_FRESH = timedelta(hours=1)
_pace = Pace(120, timedelta(minutes=1))


@pki.before_request
def not_too_often() -> None:
    _pace.ensure(request.remote_addr, clock.nearby())


@pki.get("/<string(length=40):issuer>.crt")
def certificate(issuer: str) -> Response:
    found = published.issuer(current_session(), issuer)
    return _file(found, "application/pkix-cert", f"{issuer}.crt", timedelta(days=1))


@pki.get("/<string(length=40):issuer>.crl")
def revocation_list(issuer: str) -> Response:
    found = published.revocation_list(current_session(), issuer)
    return _file(found, "application/pkix-crl", f"{issuer}.crl", LIST_FRESH)


@pki.post("/ocsp")
def status() -> Response:
    if request.mimetype != "application/ocsp-request":
        raise UnsupportedMediaType
    request.max_content_length = MOST
    return _answer(request.get_data(cache=False), None)


@pki.get("/ocsp/<path:encoded>")
def status_by_address(encoded: str) -> Response:
    """The question in base64 in the address (RFC 6960, A.1): caches may answer it again."""
    try:
        asked = base64.b64decode(unquote(encoded)[:MOST], validate=True)
    except (ValueError, binascii.Error):
        asked = b""
    return _answer(asked, FRESH)


def _answer(asked: bytes, fresh: timedelta | None) -> Response:
    """The session ends first: the process that answers has one of its own."""
    current_session().rollback()
    answered = asking_status.answer(asked)
    response = make_response(answered)
    response.mimetype = "application/ocsp-response"
    if fresh and asking_status.is_final(answered):
        _keep(response, fresh)
    return response


def _file(found: Published, mimetype: str, name: str, fresh: timedelta) -> Response:
    """With the headers by which a program sees that it has this one already."""
    response = make_response(found.der)
    response.mimetype = mimetype
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.last_modified = found.since
    response.add_etag()
    _keep(response, min(fresh, _left(found.until)))
    response.make_conditional(request)
    return response


def _keep(response: Response, fresh: timedelta) -> None:
    response.cache_control.public = True
    response.cache_control.max_age = int(fresh.total_seconds())


def _left(until: datetime) -> timedelta:
    return max(until - clock.nearby(), timedelta())
