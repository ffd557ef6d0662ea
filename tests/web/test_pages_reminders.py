"""我的提醒 and the 发件箱 of the system administrator."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import sessionmaker

from app import clock, messages
from app.database import db
from app.messages import Channels, Undeliverable
from app.messages.channels import Local
from app.messages.models import Contact, Outbox
from app.organization import Person
from tests.messages.conftest import Recorder, reach, say
from tests.web.conftest import At
from tests.web.desk import AFTERNOON
from tests.world import World

FORM = "form[aria-labelledby=ways]"


@pytest.fixture(autouse=True)
def ways(app: Flask) -> Iterator[None]:
    messages.use(Channels({"mail": Local()}, "http://oa.example.cn"))
    yield
    messages.use(Channels())


def deliver(world: World) -> None:
    world.session.rollback()
    with clock.moved_to(AFTERNOON + timedelta(minutes=1)):
        messages.deliver(sessionmaker(db.engine))


def test_one_says_where_one_is_reached(at: At, world: World) -> None:
    drafter = at("drafter")
    page = drafter.get("/reminders")
    assert page.form(FORM)["email"] == ""
    assert "by_mail" not in page.form(FORM), "in the application only, until one says otherwise"
    assert "本单位没有开通" in page.texts("label[class=check]")[1]
    typed = {"email": "chen@example.cn", "by_mail": "on"}
    assert drafter.press("/reminders", FORM, **typed).leads_to == "/reminders"
    page = drafter.get("/reminders")
    assert "提醒方式已保存" in page.text(".message.done")
    assert (page.form(FORM)["email"], page.form(FORM)["by_mail"]) == ("chen@example.cn", "on")
    contact = world.session.get_one(Contact, world.actor("drafter").person_id)
    assert (contact.email, contact.phone, contact.by_mail) == ("chen@example.cn", None, True)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"email": "chen"}, "email", "邮箱地址不对"),
        ({"email": "a@b.cn\r\nBcc: x@y.cn"}, "email", "邮箱地址不对"),
        ({"email": "<script>@b.cn"}, "email", "邮箱地址不对"),
        ({"email": "a" * 300 + "@b.cn"}, "email", "邮箱地址不对"),
        ({"phone": "call me"}, "phone", "手机号码不对"),
        ({"by_mail": "on"}, "email", "请填写邮箱地址"),
        ({"by_sms": "on"}, "phone", "请填写手机号码"),
    ],
)
def test_what_leads_nowhere_is_refused(
    at: At, world: World, typed: dict[str, str], field: str, words: str
) -> None:
    page = at("drafter").press("/reminders", FORM, **typed)
    assert page.status == 422
    assert words in page.text(f"#{field}-error")
    assert world.session.query(Contact).count() == 0


def test_one_sees_ones_own_messages_only(at: At, world: World) -> None:
    say(world.session, reach(world.session, "drafter"), "mine")
    say(world.session, reach(world.session, "leader"), "his")
    rows = at("drafter").get("/reminders").texts("section[aria-labelledby=sent] tbody tr")
    assert len(rows) == 1
    assert "催办 mine" in rows[0]
    assert "待发" in rows[0]


def test_the_outbox_is_the_system_administrators(at: At) -> None:
    for login in ("drafter", "auditor", "security.admin", "process.admin"):
        person = at(login)
        assert person.get("/outbox/").status == 403
        assert "发件箱" not in person.get("/").texts("header nav a")
    admin = at("system.admin")
    assert "还没有发出过提醒" in admin.get("/outbox/").text(".empty")
    assert "发件箱" in admin.get("/").texts("header nav a")


def test_in_the_demonstration_the_mails_can_be_read(at: At, world: World) -> None:
    say(world.session, reach(world.session, "drafter"), "k")
    deliver(world)
    page = at("system.admin").get("/outbox/")
    (row,) = page.texts("tbody tr")
    for words in (
        "催办 k",
        "请办。",
        "http://oa.example.cn/tasks/1",
        "drafter@example.cn",
        "已发出",
    ):
        assert words in row


def test_elsewhere_the_administrator_sees_no_title(at: At, world: World, app: Flask) -> None:
    say(world.session, reach(world.session, "drafter"), "k")
    admin = at("system.admin")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demo=False)
    page = admin.get("/outbox/")
    assert page.status == 200
    assert "催办 k" not in page.answer.text
    assert "tasks/1" not in page.answer.text
    assert "drafter@example.cn" in page.text("tbody tr")


def test_what_was_given_up_is_named_and_sent_again(at: At, world: World) -> None:
    recorder = Recorder(trouble=[Undeliverable("550 no such user")])
    messages.use(Channels({"mail": recorder}))
    say(world.session, reach(world.session, "drafter"), "k")
    deliver(world)
    admin = at("system.admin")
    page = admin.get("/outbox/?state=given_up")
    assert "有 1 条提醒未能发出" in page.text(".message.warn")
    assert "550 no such user" in page.text("tbody tr")
    answer = admin.press("/outbox/", "form[action$='/retry']")
    assert answer.leads_to == "/outbox/"
    deliver(world)
    assert [row.state for row in world.session.query(Outbox)] == ["sent"]
    assert len(recorder.got) == 1
    form = {**page.form("form[action$='/retry']"), "once": "another"}
    assert admin.post("/outbox/1/retry", form).status == 409, "it is not given up any more"


def given_up(world: World) -> None:
    messages.use(Channels({"mail": Recorder(trouble=[Undeliverable("550 no such user")])}))
    say(world.session, reach(world.session, "drafter"), "k")
    deliver(world)


def test_what_was_given_up_may_be_left_unsent(at: At, world: World) -> None:
    given_up(world)
    admin = at("system.admin")
    answer = admin.press("/outbox/", "form[action$='/drop']")
    assert answer.leads_to == "/outbox/?state=given_up"
    page = admin.get("/outbox/")
    assert not page.texts(".message.warn")
    assert "未能发出，不再发送" in page.text("tbody tr")
    assert not page.texts("tbody form")
    assert "没有这样的提醒" in admin.get("/outbox/?state=given_up").text(".empty")


def test_process_administrators_learn_who_was_not_reached(at: At, world: World) -> None:
    """Neither what it says nor where it went: 发件箱 is the system administrator's."""
    given_up(world)
    page = at("process.admin").get("/process/incidents")
    card = page.text("section[aria-labelledby=unsent-mail]")
    assert "邮件 1 条" in card
    assert world.session.get_one(Person, world.actor("drafter").person_id).name in card
    assert "由系统管理员在发件箱" in card
    assert "故障 1" in " ".join(page.texts("nav.tabs a"))
    for hidden in ("drafter@example.cn", "催办 k", "550"):
        assert hidden not in page.answer.text
    assert at("city.process.admin").get("/process/incidents").texts("section.card") == []


def test_the_page_says_which_mail_may_be_used(at: At, world: World) -> None:
    assert "任何邮箱都可以填写" in at("drafter").get("/reminders").text("#email-hint")
    reach(world.session, "drafter")
    messages.use(Channels({"mail": Local()}, domains=("water.example", "gov.example")))
    drafter = at("drafter")
    page = drafter.get("/reminders")
    assert page.text("#email-hint") == "限 @water.example、@gov.example"
    assert "不再用它提醒您" in page.text(".message.warn")
    refused = drafter.press("/reminders", FORM, email="chen@example.cn", by_mail="on")
    assert refused.status == 422
    assert "只能登记这些邮箱：water.example、gov.example" in refused.text("#email-error")
    kept = drafter.press("/reminders", FORM, email="Chen@Water.Example", by_mail="on")
    assert kept.leads_to == "/reminders"
    assert not drafter.get("/reminders").texts(".message.warn")
