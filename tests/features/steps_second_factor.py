"""At the browser: signing in with password, code or certificate, and what locks an account."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from pytest_bdd import parsers, step, then

from app import create_app, organization
from app.audit.models import AuditEntry
from app.organization import passwords
from app.organization.models import AccountAlarm
from app.organization.password_changes import open_account, set_initial_password
from tests.features.story import Story
from tests.organization.factors.authenticator import Authenticator, enrol
from tests.seals.registered import Pair, issue, issuing_authority, register
from tests.web.desk import Desk, Page

PASSWORD = "Granite#Lantern77"
PROXY = "10.0.0.1"
TOLD = "agreed with the proxy, 32 letters."
BY_CERTIFICATE = "form[action='/sign-in/certificate']"
ROLE_KEYS = {"印章管理员": "seal-keeper", "主要领导": "unit-head"}


@dataclass
class Seats:
    """Everybody's browser; ``page`` is the latest answer."""

    story: Story
    desks: dict[str, Desk] = field(default_factory=dict)
    phones: dict[str, Authenticator] = field(default_factory=dict)
    recovery: dict[str, list[str]] = field(default_factory=dict)
    cards: dict[str, Pair] = field(default_factory=dict)
    issuing: Pair | None = None
    last_code: str = ""
    page: Page | None = None

    def of(self, who: str) -> Desk:
        """The browser of a person, whose password is known here."""
        if who not in self.desks:
            with self.story.change() as session:
                person = organization.person_by_login(session, who)
                open_account(session, person, passwords.hasher().hash(PASSWORD), self.story.at)
            self.desks[who] = Desk(self.story.app, who, PASSWORD)
        self.desks[who].at = self.story.at
        return self.desks[who]

    def sign_in(self, who: str) -> Page:
        """Sit down at a browser where nobody is signed in."""
        desk = self.of(who)
        desk.client = self.story.app.test_client()
        return desk.sign_in()

    def later(self, minutes: float) -> None:
        self.story.at += timedelta(minutes=minutes)

    @property
    def shown(self) -> Page:
        assert self.page is not None
        return self.page


@pytest.fixture
def seats(story: Story) -> Seats:
    return Seats(story)


@step(parsers.parse('"{who}"用密码登录'))
def sign_in(seats: Seats, who: str) -> None:
    seats.page = seats.sign_in(who)


@step(parsers.parse('"{who}"登录后进了待办'))
def is_in(seats: Seats, who: str) -> None:
    seats.sign_in(who)
    assert seats.of(who).get("/").status == 200


@step(parsers.parse('系统管理员给了"{who}"初始密码'))
def initial_password(seats: Seats, who: str) -> None:
    desk = seats.of(who)
    with seats.story.change() as session:
        person = organization.person_by_login(session, who)
        desk.password = set_initial_password(session, person, seats.story.at)


@step(parsers.parse('"{who}"把密码改成自己的'))
def change_password(seats: Seats, who: str) -> None:
    desk = seats.of(who)
    new = "Harbour!Signal63"
    seats.page = desk.press("/password", "form.card", old=desk.password, new=new, again=new)


@step(parsers.re(r"过了(?P<days>\d+)天"))
def days_pass(seats: Seats, days: str) -> None:
    seats.later(24 * 60 * int(days))


@step(parsers.re(r"离开(?P<minutes>\d+)分钟"))
def minutes_pass(seats: Seats, minutes: str) -> None:
    seats.later(int(minutes))


@step(parsers.parse('"{who}"启用了双因素'))
def enrolled(seats: Seats, who: str) -> None:
    seats.of(who)
    with seats.story.change() as session:
        person = organization.person_by_login(session, who)
        actor = organization.actor(session, person.id)
        seats.phones[who], seats.recovery[who] = enrol(session, actor, seats.story.at)
    seats.later(2)


@step(parsers.parse('安全管理员"{who}"要求{role:w}用{way}登录'))
def choose_policy(seats: Seats, who: str, role: str, way: str) -> None:
    seats.sign_in(who)
    given = {
        "whom": "all" if role == "所有人员" else "roles",
        "roles": [ROLE_KEYS[role]] if role in ROLE_KEYS else [],
        "way": "certificate" if way == "证书" else "code",
        "reason": "等保三级要求",
        "source": "江水办〔2026〕7号",
    }
    page = seats.of(who).press("/security/policy", "form.card", **given)
    assert page.status == 303, page.answer.text


@step(parsers.parse('"{who}"输入手机上的验证码'))
def enter_code(seats: Seats, who: str) -> None:
    seats.last_code = seats.phones[who].code(seats.story.at)
    _enter(seats, who, seats.last_code)


@step(parsers.parse('"{who}"输入刚才那个验证码'))
def enter_same_code(seats: Seats, who: str) -> None:
    _enter(seats, who, seats.last_code)


@step(parsers.parse('"{who}"输入第{number:d}个恢复码'))
def enter_recovery(seats: Seats, who: str, number: int) -> None:
    _enter(seats, who, seats.recovery[who][number - 1])


@step(parsers.parse('"{who}"每次换一台电脑，用对的密码试{times:d}个验证码'))
def guess_codes(seats: Seats, who: str, times: int) -> None:
    for number in range(times):
        desk = Desk(seats.story.app, who, PASSWORD, at=seats.story.at)
        desk.client.environ_base["REMOTE_ADDR"] = f"10.3.0.{number}"
        desk.sign_in()
        desk.press("/sign-in/code", "form.card", code="000000")


def _enter(seats: Seats, who: str, code: str) -> None:
    seats.page = seats.of(who).press("/sign-in/code", "form.card", code=code)


@step(parsers.parse('安全管理员"{by}"对"{who}"{verb:w}，写明"{words}"'))
@step(parsers.parse('安全管理员"{by}"对"{who}"{verb:w}，什么也不写'))
def administer(seats: Seats, by: str, who: str, verb: str, words: str = "") -> None:
    act, name = {
        "报失封锁": ("closing", "report"),
        "解锁": ("reopening", "request"),
        "重置双因素": ("factor", "basis"),
    }[verb]
    desk = seats.of(by)
    seats.sign_in(by)
    with seats.story.session() as session:
        id = organization.person_by_login(session, who).id
    seats.story.before = seats.story.kept()
    form = f"form[action$='{act}']"
    seats.page = desk.press(f"/security/accounts/{id}", form, **{name: words})


@step("证书登录已开通")
def certificates_taken(seats: Seats) -> None:
    """The same office started anew, with a proxy in front that checks keys."""
    story = seats.story
    set_up = replace(story.app.config["SETTINGS"], proxies=(PROXY,), certificate_secret=TOLD)
    story.app = create_app(set_up)
    with story.change() as session:
        seats.issuing = issuing_authority(session)


@step(parsers.parse('"{who}"有本单位签发的个人证书'))
def has_card(seats: Seats, who: str) -> None:
    issuing = seats.issuing
    assert issuing is not None
    with seats.story.change() as session:
        assert issuing.row is not None
        session.add(issuing.row)
        person = organization.person_by_login(session, who)
        seats.cards[who] = register(
            session, issue(person.name, issuing), "person", issuing, person.id
        )


@step(parsers.parse('"{who}"的证书被{verb:w}'))
def card_changes(seats: Seats, who: str, verb: str) -> None:
    row = seats.cards[who].row
    assert row is not None
    with seats.story.change() as session:
        session.add(row)
        row.state = {"冻结": "suspended", "撤销": "revoked"}[verb]


@step(parsers.parse('"{who}"用证书登录'))
def sign_in_by_card(seats: Seats, who: str) -> None:
    _present(seats, seats.of(who), seats.cards[who])
    seats.page = seats.of(who).press("/sign-in", BY_CERTIFICATE)


@step(parsers.parse('在"{who}"的登录里出示"{other}"的证书'))
def borrow_card(seats: Seats, who: str, other: str) -> None:
    desk = seats.of(who)
    form = desk.get("/account").form("form[action='/sign-out']")
    _present(seats, desk, seats.cards[other])
    seats.page = desk.post("/sign-in/certificate", form)


@step(parsers.parse('有人不经入口，冒用"{who}"的证书登录'))
def forge_card(seats: Seats, who: str) -> None:
    desk = Desk(seats.story.app, who, PASSWORD, at=seats.story.at)
    _present(seats, desk, seats.cards[who])
    desk.client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    seats.page = desk.press("/sign-in", BY_CERTIFICATE)


def _present(seats: Seats, desk: Desk, card: Pair) -> None:
    desk.client.environ_base |= {
        "REMOTE_ADDR": PROXY,
        "HTTP_X_REAL_IP": "10.1.2.3",
        "HTTP_X_CLIENT_CERT": quote(card.pem),
        "HTTP_X_CLIENT_VERIFY": "SUCCESS",
        "HTTP_X_PROXY_SECRET": TOLD,
    }


@then(parsers.parse('"{who}"只能打开"{path}"'))
def only_open(seats: Seats, who: str, path: str) -> None:
    desk = seats.of(who)
    for each in ("/", "/done", "/documents/new", "/account"):
        assert desk.get(each).leads_to == path
    assert desk.get(path).status == 200


@then(parsers.parse('"{who}"能打开待办'))
def open_desk(seats: Seats, who: str) -> None:
    assert seats.of(who).get("/").status == 200


@then(parsers.parse('"{who}"须重新登录'))
def must_sign_in(seats: Seats, who: str) -> None:
    assert seats.of(who).get("/").leads_to.startswith("/sign-in?")


@then(parsers.parse('页面拒绝，写着"{words}"'))
def page_refuses(seats: Seats, words: str) -> None:
    assert seats.shown.status in (403, 422)
    assert words in " ".join(seats.shown.texts("[role=alert]"))


@then("页面办成")
def page_done(seats: Seats) -> None:
    assert seats.shown.status == 303, seats.shown.answer.text


@then(parsers.parse('记录里有"{action}"，理由是"{reason}"'))
def record_has(seats: Seats, action: str, reason: str) -> None:
    with seats.story.session() as session:
        query = sa.select(AuditEntry.body).where(AuditEntry.action == action)
        assert any(reason in body for body in session.scalars(query))


@then(parsers.parse('"{who}"有一条告警，安全管理员"{admin}"看得到'))
def alarm_is_seen(seats: Seats, who: str, admin: str) -> None:
    with seats.story.session() as session:
        count = sa.select(sa.func.count()).select_from(AccountAlarm)
        assert session.scalar(count) == 1
    seats.sign_in(admin)
    assert f"（{who}）" in seats.of(admin).get("/security/").text("td.title")
