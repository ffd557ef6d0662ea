"""三员分立: every address of the application, asked by each of the three administrators.

What each may read is written down here by its room; all the rest is refused, whatever it is. The
addresses are those of the application itself, so that a new one is tested by being there.
"""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.database import db
from app.handling.models import Task
from tests.features.rows import all_rows
from tests.web.conftest import At
from tests.web.desk import Desk

COMMON = re.compile(
    "|".join(
        (
            # his own account and settings; his own lists, which stay empty
            *(r"/account.*", r"/password", r"/(standing-in|handovers)", r"/certificates/mine"),
            r"/(mine|done|read|seen|drafts|waiting|requests|check-ins|phrases|reminders|pictures)?",
            r"/api/v1/(me.*|tasks|handovers|pictures|requests|certificates/mine)",
            # what everybody may know: rules of the unit, its letterheads, what is public
            *(r"/verify", r"/pki/.*", r"/certificates/status", r"/letterheads/"),
            r"/api/v1/(openapi.json|policies|attachment-rules|preflight-rules|review-checklist)",
            r"/api/v1/(signing-policy|letterheads|certificates|certificates/(applications|counts))",
        )
    )
)
SEALS = r"(/api/v1)?/(seals|seal-uses).*"
CERTIFICATES = r"/certificates/.*"
TAKEN_AWAY = (r"/api/v1/cases/1/replay", r"/cases/1/case-file.*")
"""What an auditor reads of a case: its record, and the file made of it."""
MAY: dict[str, tuple[str, ...]] = {
    "auditor": (r"(/api/v1)?/audit/.*", *TAKEN_AWAY, SEALS, CERTIFICATES),
    "security.admin": (
        *(r"/security/.*", r"/api/v1/auditor-(acts|reviews)", r"/office/.*"),
        *(SEALS, CERTIFICATES),
    ),
    "system.admin": (r"/outbox/.*", r"/office/.*"),
}
"""Rooms that open to each beside what is everybody's."""

DOCUMENTS = re.compile(r"(/api/v1)?/(documents|cases|tasks|supervisions?|numbers|figures).*")
"""Where documents and what they say can be read."""

OWN = re.compile(
    r"/account.*|/password|/sign-(in|out).*|/text-size|/(standing-in|phrases|reminders).*"
    r"|/api/v1/me/.*|/verify|/pki/.*|/api/v1/verifications"
)
"""What a person sets for himself, and what is nobody's."""

HEALTH = "/healthz"
"""Answers 503 where no scheduler runs."""


def addresses(app: Flask, *methods: str) -> Iterator[tuple[str, str]]:
    """(method, path) of everything, with 1 for every number."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", _example, rule.rule)
        if rule.endpoint != "static":
            yield from ((method, path) for method in methods if method in (rule.methods or ()))


def _example(found: re.Match[str]) -> str:
    """The first choice where there are some, 1 for a number."""
    if "any(" in found[0]:
        return found[0].partition("any(")[2].partition(")")[0].split(",")[0].strip(" '\"")
    return "1" if found[0].startswith("<int") else "x"


@pytest.mark.parametrize("login", sorted(MAY))
def test_each_reads_his_part_and_no_other(at: At, app: Flask, review: Task, login: str) -> None:
    assert review.case_id == 1
    desk, his = at(login), re.compile("|".join(MAY[login]))
    opened = set()
    for method, path in sorted(set(addresses(app, "GET"))):
        status = desk.get(path).status
        assert status < 500 or path == HEALTH, (method, path)
        if status == 200:
            opened.add(path)
    documents = {each for each in opened if DOCUMENTS.fullmatch(each) and not his.fullmatch(each)}
    assert documents <= {"/api/v1/tasks"}
    beyond = {each for each in opened if not COMMON.fullmatch(each) and not his.fullmatch(each)}
    assert beyond == set()
    for pattern in MAY[login]:
        assert any(re.fullmatch(pattern, each) for each in opened), pattern


@pytest.mark.parametrize("login", sorted(MAY))
def test_none_acts_beyond_his_part(at: At, app: Flask, review: Task, login: str) -> None:
    """The auditor changes nothing at all, whatever he sends."""
    app.config["WTF_CSRF_ENABLED"] = False
    desk, his = at(login), re.compile("|".join((*MAY[login], r"/api/v1/(calendar|policies).*")))
    unsafe = sorted(set(addresses(app, "POST", "PUT", "PATCH", "DELETE")))
    before = _rows(app, desk)
    for method, path in unsafe:
        if OWN.fullmatch(path) or (login != "auditor" and his.fullmatch(path)):
            continue
        answer = _send(desk, method, path)
        takes = path.startswith("/audit/") and login == "auditor"  # proofs, checkpoints: to read
        assert answer < 500, (method, path)
        assert answer >= 400 or takes or answer == 303, (method, path, answer)
    after = _rows(app, desk)
    assert {name for name in before if before[name] != after[name]} == set()


def _send(desk: Desk, method: str, path: str) -> int:
    desk.rest()
    body = {"json": {}} if path.startswith("/api/") else {"data": {"reason": "试", "seq": "1"}}
    return desk.client.open(path, method=method, **body).status_code


def _rows(app: Flask, desk: Desk) -> dict[str, object]:
    """Everything that is kept, but for the session of who asks."""
    desk.rest()
    with app.app_context():
        found = all_rows(db.session())
        db.session.remove()
    return {name: rows for name, rows in found.items() if name != "login_session"}
