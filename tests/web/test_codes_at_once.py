"""One code at two places at the same moment, where rows are really locked (S6)."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from app.database import db
from app.organization import accounts, actor, passwords, person_by_login
from app.organization.errors import CodeRefused
from tests.organization.factors.authenticator import enrol
from tests.world import MONDAY

pytestmark = pytest.mark.postgres
PASSWORD = "Granite#Lantern77"
LATER = MONDAY + timedelta(minutes=2)


def test_one_code_at_two_browsers_opens_one_session(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        session = db.session()
        person = person_by_login(session, "drafter")
        accounts.open_account(session, person, passwords.hasher().hash(PASSWORD), MONDAY)
        who = actor(session, person.id)
        phone, _ = enrol(session, who, MONDAY)
        halves = []
        for _ in range(2):
            stored = accounts.usable_hash(session, "drafter", None, LATER)
            attempt = passwords.tried(stored, PASSWORD)
            halves.append(accounts.sign_in(session, "drafter", attempt, None, LATER).token)
        session.commit()
    code, outcomes = phone.code(LATER), list[bool]()
    both = threading.Barrier(2)

    def enter(token: str) -> None:
        with postgres_app.app_context():
            both.wait()
            try:
                accounts.enter_code(db.session(), token, code, None, LATER)
                outcomes.append(True)
            except CodeRefused:
                outcomes.append(False)
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=enter, args=(token,)) for token in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
