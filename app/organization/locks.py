"""报失封锁: an account that is closed after a report, and opened again on request (SEC-09, SEC-10).

A lock by wrong passwords ends by itself; one after a report ends only by a recorded request of the
person whose identity was checked.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, NotFound
from app.organization import names, rights, roles
from app.organization.models import Account, Person
from app.organization.rights import Author
from app.organization.sessions import end_sessions, end_tokens

LONGEST = 200
"""Characters of a report or request."""


def close(session: Session, by: Author, person: Person, report: str, at: datetime) -> None:
    """Lock the account at once; sessions and tokens end.

    report  who reported what, and how: password forgotten or stolen, carrier lost
    """
    signature = rights.signed(by, roles.SECURITY_ADMIN, person.unit_id)
    words = names.words("report", "报告情况", report, longest=LONGEST)
    account = _account(session, person)
    if account.reported_at is not None:
        raise Conflict("这个账号已报失封锁。", code="already_closed")
    account.reported_at = at
    session.flush()
    end_sessions(session, person.id, at)
    end_tokens(session, person.id, at)
    _record(session, "account.closed", signature, person, words, at)


def reopen(session: Session, by: Author, person: Person, request: str, at: datetime) -> None:
    """Unlock, whatever it was locked for; the password stays.

    request  the person's own written request, and the identity card that was checked
    """
    signature = rights.signed(by, roles.SECURITY_ADMIN, person.unit_id)
    rights.ensure_not_oneself(by, person)
    words = names.words("request", "本人申请和身份核对情况", request, longest=LONGEST)
    account = _account(session, person)
    if account.reported_at is None and (account.locked_until is None or account.locked_until <= at):
        raise Conflict("这个账号没有锁定。", code="not_locked")
    account.reported_at = account.locked_until = None
    account.failures = 0
    session.flush()
    _record(session, "account.unlocked", signature, person, words, at)


def _account(session: Session, person: Person) -> Account:
    found = session.get(Account, person.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(f"{person.login} 还没有账号，请先开通。")
    return found


def _record(
    session: Session,
    action: str,
    by: audit.Signature,
    person: Person,
    reason: str,
    at: datetime,
) -> None:
    audit.record(session, action, by, at=at, subject=("person", person.id), reason=reason)
