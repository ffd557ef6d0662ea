"""What mail server and gateway get, and what their refusals mean."""

import hashlib
import hmac
import json
import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Config, UnsafeSettings
from app.messages import Parcel, Undeliverable, gateway, mail, settings
from app.messages.channels import Local
from app.messages.gateway import GatewayRefused
from tests.messages.servers import HttpGateway, MailServer, http_gateway, mail_server
from tests.world import MONDAY

KEY = "agreed-with-the-gateway-" * 2
PARCEL = Parcel(
    "overdue:task:77:1:1",
    "mail",
    7,
    "chen@example.cn",
    "【公文已超时】关于冬季堤防巡查的通知",
    "环节：核稿\n.一行以点开头\n\n办理：http://oa.example.cn/tasks/77\n",
    MONDAY,
)


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def hook() -> Iterator[HttpGateway]:
    with http_gateway() as found:
        yield found


def smtp(post: MailServer) -> mail.Smtp:
    return mail.read(f"smtp://127.0.0.1:{post.port}", "oa@example.cn")


def test_a_letter_arrives_as_it_was_written(post: MailServer) -> None:
    smtp(post).deliver(PARCEL)
    (letter,) = post.letters
    assert letter["Subject"] == PARCEL.subject
    assert (letter["To"], letter["From"]) == (PARCEL.address, "oa@example.cn")
    assert letter["Message-ID"] == f"<{PARCEL.identity}@example.cn>"
    assert letter["Date"] == "Mon, 23 Nov 2026 09:00:00 +0800"
    assert letter.get_content().replace("\r\n", "\n") == PARCEL.body


def test_the_same_message_has_the_same_id_each_time(post: MailServer) -> None:
    for _ in range(2):
        smtp(post).deliver(PARCEL)
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("verb", "answer", "raised"),
    [
        ("RCPT", "550 no such user", Undeliverable),
        ("RCPT", "451 greylisted", smtplib.SMTPRecipientsRefused),
        ("DATA", "554 rejected", Undeliverable),
        ("DATA", "452 full", smtplib.SMTPDataError),
        ("MAIL", "530 sign in first", smtplib.SMTPSenderRefused),
        ("EHLO", "421 later", smtplib.SMTPException),
    ],
)
def test_refused_for_good_or_for_now(
    post: MailServer, verb: str, answer: str, raised: type[Exception]
) -> None:
    post.answers[verb] = answer
    if verb == "EHLO":
        post.answers["HELO"] = answer
    with pytest.raises(raised):
        smtp(post).deliver(PARCEL)
    assert post.letters == []


def test_no_server_is_trouble_that_may_pass() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = mail.read(f"smtp://127.0.0.1:{taken.getsockname()[1]}", "oa@example.cn")
        with pytest.raises(OSError, match="refused"):
            server.deliver(PARCEL)


def test_elsewhere_nothing_is_said_without_tls(
    post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fake server knows no STARTTLS; only its being on this machine makes up for that."""
    monkeypatch.setattr(mail, "LOOPBACK", ())
    with pytest.raises(smtplib.SMTPNotSupportedError):
        smtp(post).deliver(PARCEL)
    assert post.letters == []


def test_the_gateway_gets_one_signed_post(hook: HttpGateway) -> None:
    gateway.read(f"http://127.0.0.1:{hook.port}/send?app=oa", KEY).deliver(PARCEL)
    ((path, headers, body),) = hook.got
    assert path == "/send?app=oa"
    assert json.loads(body) == {
        "id": PARCEL.identity,
        "to": PARCEL.address,
        "text": PARCEL.subject,
    }
    signed = headers["X-Gongwen-Timestamp"].encode() + b"." + body
    expected = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Gongwen-Signature"] == f"sha256={expected}"
    assert headers["Idempotency-Key"] == PARCEL.identity


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (400, Undeliverable),
        (422, Undeliverable),
        (401, GatewayRefused),
        (429, GatewayRefused),
        (500, GatewayRefused),
        (302, GatewayRefused),
        (307, GatewayRefused),
    ],
)
def test_what_the_gateway_refuses(hook: HttpGateway, status: int, raised: type[Exception]) -> None:
    hook.status = status
    with pytest.raises(raised, match=str(status)):
        gateway.read(f"http://127.0.0.1:{hook.port}/", KEY).deliver(PARCEL)
    assert len(hook.got) == 1, "a redirect is not followed"


def config(tmp_path: Path, **environment: str) -> Config:
    return Config.from_environment({"GONGWEN_DATA": str(tmp_path), **environment})


def test_an_office_is_on_its_own_unless_told_otherwise(tmp_path: Path) -> None:
    assert settings.channels(config(tmp_path, GONGWEN_DEMO="0")).open == {}
    demo = settings.channels(config(tmp_path, PORT="8123"))
    assert {name: type(each) for name, each in demo.open.items()} == {"mail": Local, "sms": Local}
    assert demo.link == "http://127.0.0.1:8123"


def test_what_the_settings_name_is_read(tmp_path: Path) -> None:
    found = settings.channels(
        config(
            tmp_path,
            GONGWEN_DEMO="0",
            GONGWEN_HOSTS="oa.example.cn",
            GONGWEN_MAIL="smtps://oa%40example.cn:p%3Aw@mail.example.cn",
            GONGWEN_MAIL_FROM="oa@example.cn",
            GONGWEN_SMS="https://sms.example.cn/v1",
            GONGWEN_SMS_KEY=KEY,
        )
    )
    assert found.link == "https://oa.example.cn"
    assert found.open["mail"] == mail.Smtp(
        "mail.example.cn", 465, True, "oa@example.cn", "oa@example.cn", "p:w"
    )
    assert "p:w" not in repr(found.open["mail"])
    assert found.open["sms"] == gateway.Gateway("sms.example.cn", None, True, "/v1", KEY.encode())


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"GONGWEN_MAIL": "mail.example.cn"}, "GONGWEN_MAIL "),
        ({"GONGWEN_MAIL": "smtp://mail.example.cn:x"}, "GONGWEN_MAIL "),
        ({"GONGWEN_MAIL": "http://mail.example.cn"}, "GONGWEN_MAIL "),
        ({"GONGWEN_MAIL": "smtp://mail.example.cn"}, "GONGWEN_MAIL_FROM"),
        ({"GONGWEN_SMS": "sms.example.cn"}, "GONGWEN_SMS "),
        ({"GONGWEN_SMS": "http://sms.example.cn/"}, "https"),
        ({"GONGWEN_SMS": "https://sms.example.cn/"}, "GONGWEN_SMS_KEY"),
        ({"GONGWEN_SMS": "https://sms.example.cn/", "GONGWEN_SMS_KEY": "kurz"}, "32"),
        ({"GONGWEN_SMS": "file:///etc/passwd", "GONGWEN_SMS_KEY": KEY}, "GONGWEN_SMS "),
        ({"GONGWEN_MAIL_DOMAINS": "water.example.cn, @x"}, "“@x”不是域名"),
        ({"GONGWEN_OUTBOX_DAYS": "0"}, "GONGWEN_OUTBOX_DAYS"),
        ({"GONGWEN_OUTBOX_DAYS": "for ever"}, "GONGWEN_OUTBOX_DAYS"),
    ],
)
def test_what_cannot_be_used_stops_the_start(
    tmp_path: Path, environment: dict[str, str], named: str
) -> None:
    with pytest.raises(UnsafeSettings, match=named):
        settings.channels(config(tmp_path, **environment))
