"""Pages and API, split by audience. No rules here: a view reads, calls one operation, answers."""

from datetime import timedelta

from flask import request
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from flask_wtf import CSRFProtect

from app import rules
from app.config import Config
from app.web import (
    accesses,
    api,
    archive,
    assets,
    audit,
    certificates,
    desk,
    frame,
    headers,
    health,
    ledger,
    letterheads,
    looking,
    numbers,
    office,
    outbox,
    process,
    refusals,
    seals,
    security,
    signin,
    supervision,
    verify,
    words,
)
from app.web.current import actor_or_none, bearer
from app.web.proxies import BehindProxies, refuse_plain

MAX_UPLOAD = 52 * 1024 * 1024
"""Bytes of one request: an attachment of 50 MB and its form."""

MAX_FORM = 6 * 1024 * 1024
"""Bytes of its fields: the longest text of Chinese as blocks, escaped as addresses are."""

OPEN_TO_PROGRAMS = (
    "pki.status",
    "api_verifications.verify_files",
    "api_witness_log.add_checkpoint",
)
"""What programs ask without a session and without a form."""

csrf = CSRFProtect()


def create(config: Config) -> OpenAPI:
    """The web application without its database; see :func:`app.create_app`."""
    app = OpenAPI(
        "app.web",
        info=Info(title="公文办理", version="1.0.0"),
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        validation_error_callback=api.invalid_input,
    )
    app.config.update(
        SECRET_KEY=config.secret_key,
        DEMO=config.demo,
        SETTINGS=config,
        TRUSTED_HOSTS=config.trusted_hosts,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="gongwen_form" if config.demo else "__Host-form",
        SESSION_COOKIE_SECURE=not config.demo,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a draft may stay open all day
    )
    app.wsgi_app = BehindProxies(app.wsgi_app, config.proxies)  # type: ignore[method-assign]
    app.before_request(refuse_plain)
    looking.register(app)
    csrf.init_app(app)
    app.before_request(_protect_from_forgery)
    headers.register(app)
    accesses.register(app)
    refusals.register(app)
    app.jinja_env.globals.update(asset=assets.asset, actor=actor_or_none, words=words)
    app.jinja_env.globals.update(by_certificate=bool(config.certificate_secret))
    at_hand = {"carried_out_by": rules.carried_out_by, "clauses": rules.of_ids}
    app.jinja_env.globals.update(at_hand)
    frame.register(app)
    rooms = (signin, desk, letterheads, process, supervision, numbers, seals, office, outbox)
    for room in (*rooms, audit, health, ledger, archive):
        app.register_blueprint(room.blueprint)
    parted = (certificates.blueprint, certificates.public.pki, security.blueprint, verify.blueprint)
    for blueprint in parted:
        app.register_blueprint(blueprint)
    api.register(app)
    return app


def _protect_from_forgery() -> None:
    """Every unsafe request of a browser session carries the form token; a bearer needs none.

    Nor does a question that is nobody's and changes nothing: on the status of a certificate, on
    what a file is worth; nor the log of another system, which signs what it sends.
    """
    if request.method in ("GET", "HEAD", "OPTIONS") or bearer() is not None:
        return
    if request.endpoint in OPEN_TO_PROGRAMS:
        return
    csrf.protect()
