"""Signing in by certificate through a proxy, and the headers that anybody could forge."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, create_app, organization
from app.audit.models import AuditEntry
from app.config import UnsafeSettings
from app.database import db
from app.organization import locks
from app.organization.models import AccountAlarm, SignInFailure
from app.organization.passwords import hashed_by
from tests.conftest import CHEAP, settings
from tests.seals.registered import Pair, issue, issuing_authority, register
from tests.web.desk import AFTERNOON, Desk, Page

PROXY, STRANGER, SEAT = "10.0.0.1", "10.9.9.9", "10.1.2.3"
TOLD = "agreed with the proxy, 32 letters."
FORM = "form[action='/sign-in/certificate']"


@pytest.fixture
def office(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The same office behind a proxy that ends TLS with client certificates."""
    config = replace(
        settings(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"]),
        proxies=("10.0.0.0/30",),
        certificate_secret=TOLD,
    )
    behind = create_app(config)
    with hashed_by(CHEAP):
        yield behind
    with behind.app_context():
        db.engine.dispose()


@pytest.fixture
def issuing(office: Flask) -> Pair:
    with office.app_context():
        made = issuing_authority(db.session())
        assert made.row
        db.session.commit()
        db.session.refresh(made.row)
        db.session.expunge_all()
    return made


@pytest.fixture
def card(office: Flask, issuing: Pair) -> Pair:
    return card_of(office, issuing, "drafter")


def card_of(office: Flask, issuing: Pair, login: str, state: str = "valid") -> Pair:
    with office.app_context(), clock.moved_to(AFTERNOON):
        person = organization.person_by_login(db.session(), login)
        made = register(db.session(), issue(person.name, issuing), "person", issuing, person.id)
        assert made.row
        made.row.state = state
        db.session.commit()
    return made


def at_browser(
    office: Flask,
    password: str,
    card: Pair | None,
    *,
    peer: str = PROXY,
    secret: str = TOLD,
    verified: str = "SUCCESS",
) -> Desk:
    """What the proxy sends on of a browser at SEAT, or what somebody at ``peer`` makes up."""
    desk = Desk(office, "drafter", password)
    desk.client.environ_base |= {"REMOTE_ADDR": peer, "HTTP_X_REAL_IP": SEAT}
    if card is not None:
        desk.client.environ_base |= {
            "HTTP_X_CLIENT_CERT": quote(card.pem),
            "HTTP_X_CLIENT_VERIFY": verified,
            "HTTP_X_PROXY_SECRET": secret,
        }
    return desk


def press(desk: Desk) -> Page:
    return desk.press("/sign-in?next=/done", FORM)


def refusals(office: Flask) -> list[str]:
    with office.app_context():
        query = sa.select(AuditEntry.body).where(AuditEntry.action == "sign-in.refused")
        return list(db.session.scalars(query))


def test_the_holder_gets_in(office: Flask, password: str, card: Pair) -> None:
    desk = at_browser(office, password, card)
    assert press(desk).leads_to == "/done"
    page = desk.get("/account")
    assert "陈雨桐" in page.text("header .who")
    assert page.texts("[aria-labelledby=sessions] td")[2] == SEAT


def test_off_unless_it_is_set_up(app: Flask, password: str) -> None:
    desk = Desk(app, "drafter", password)
    page = desk.get("/sign-in")
    assert page.root.cssselect(FORM) == []
    assert desk.post("/sign-in/certificate", page.form("form.card")).status == 404


@pytest.mark.parametrize(
    "forged",
    [
        {"peer": STRANGER},
        {"peer": STRANGER, "secret": "wrong"},
        {"secret": "wrong"},
        {"secret": ""},
    ],
)
def test_headers_from_anybody_but_the_proxy_open_nothing_and_are_on_record(
    office: Flask, password: str, card: Pair, forged: dict[str, str]
) -> None:
    desk = at_browser(office, password, card, **forged)
    page = press(desk)
    assert page.status == 403
    assert "不是由本单位的入口送来" in page.text("[role=alert]")
    assert desk.get("/").status == 303
    (entry,) = refusals(office)
    assert '"authority":"证书登录"' in entry


@pytest.mark.parametrize(
    ("verified", "words"),
    [
        ("NONE", "没有收到证书"),
        ("", "没有收到证书"),
        ("FAILED:certificate has expired", "没有通过核对"),
    ],
)
def test_what_the_proxy_did_not_verify_is_no_certificate(
    office: Flask, password: str, card: Pair, verified: str, words: str
) -> None:
    page = press(at_browser(office, password, card, verified=verified))
    assert page.status == 403
    assert words in page.text("[role=alert]")
    assert press(at_browser(office, password, None)).status == 403


@pytest.mark.parametrize(
    "text", ["", "no certificate", "%00", "x" * 20000, "-----BEGIN CERTIFICATE-----"]
)
def test_what_is_no_certificate_is_refused(
    office: Flask, password: str, card: Pair, text: str
) -> None:
    desk = at_browser(office, password, card)
    desk.client.environ_base["HTTP_X_CLIENT_CERT"] = text
    assert press(desk).status == 403


@pytest.mark.parametrize(("state", "words"), [("revoked", "已撤销"), ("suspended", "已冻结")])
def test_revoked_and_suspended_are_refused_with_an_alarm(
    office: Flask, password: str, issuing: Pair, state: str, words: str
) -> None:
    page = press(at_browser(office, password, card_of(office, issuing, "leader", state)))
    assert page.status == 403
    assert words in page.text("[role=alert]")
    with office.app_context():
        (alarm,) = db.session.scalars(sa.select(AccountAlarm)).all()
    assert (alarm.kind, alarm.address) == ("certificate", SEAT)


def test_of_another_authority_is_refused(office: Flask, password: str, card: Pair) -> None:
    other = issue("陈雨桐", issue("江洲县水务局签发机构", None))
    page = press(at_browser(office, password, other))
    assert page.status == 403
    assert "不是本单位登记" in page.text("[role=alert]")


def test_nobody_signs_in_with_a_borrowed_card_in_the_session_of_another(
    office: Flask, password: str, issuing: Pair, card: Pair
) -> None:
    desk = at_browser(office, password, card)
    press(desk)
    form = desk.get("/account").form("form[action='/sign-out']")
    borrowed = card_of(office, issuing, "leader")
    desk.client.environ_base["HTTP_X_CLIENT_CERT"] = quote(borrowed.pem)
    page = desk.post("/sign-in/certificate", form)
    assert page.status == 403
    assert "不能转借" in page.text("[role=alert]")
    assert "陈雨桐" in desk.get("/").text("header .who")


def test_a_closed_account_stays_closed(office: Flask, password: str, card: Pair) -> None:
    with office.app_context(), clock.moved_to(AFTERNOON):
        session = db.session()
        security = organization.person_by_login(session, "security.admin").id
        drafter = organization.person_by_login(session, "drafter")
        by = organization.actor(session, security)
        locks.close(session, by, drafter, "介质遗失", AFTERNOON)
        session.commit()
    assert press(at_browser(office, password, card)).status == 403


def test_guessing_passwords_does_not_keep_the_holder_out(
    office: Flask, password: str, card: Pair
) -> None:
    stranger = at_browser(office, "Wrong-2026-pass", None)
    for _ in range(5):
        assert stranger.sign_in().status == 403
    assert press(at_browser(office, password, card)).status == 303


def test_the_address_of_the_person_counts_and_not_that_of_the_proxy(
    office: Flask, password: str
) -> None:
    at_browser(office, "Wrong-2026-pass", None).sign_in()
    at_browser(office, "Wrong-2026-pass", None, peer=STRANGER).sign_in()
    with office.app_context():
        seen = list(db.session.scalars(sa.select(SignInFailure.address)))
    assert seen == [SEAT, STRANGER]


@pytest.mark.parametrize(
    ("proxies", "secret", "word"),
    [
        (("10.0.0.1/8",), "", "GONGWEN_PROXIES"),
        (("proxy.example",), "", "GONGWEN_PROXIES"),
        ((), TOLD, "GONGWEN_PROXIES"),
        (("10.0.0.1",), "short", "太短"),
    ],
)
def test_unsafe_settings_stop_the_start(
    tmp_path: Path, proxies: tuple[str, ...], secret: str, word: str
) -> None:
    config = replace(settings(tmp_path, "sqlite://"), proxies=proxies, certificate_secret=secret)
    with pytest.raises(UnsafeSettings, match=word):
        config.check()
