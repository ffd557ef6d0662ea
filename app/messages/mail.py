"""E-mail by SMTP, under TLS unless the server is on this very machine."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from app.clock import SHANGHAI
from app.config import LOOPBACK, UnsafeSettings
from app.messages.channels import TIMEOUT, Parcel, Undeliverable

PORTS = {"smtp": 587, "smtps": 465}
HOW = "应写成 smtps://用户:口令@主机:465 或 smtp://用户:口令@主机:587"


@dataclass(frozen=True)
class Smtp:
    """A server that takes our mail. ``implicit``: TLS from the first byte, else by STARTTLS."""

    host: str
    port: int
    implicit: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    def deliver(self, parcel: Parcel) -> None:
        try:
            with self._connect() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(self.letter(parcel))
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = refused.recipients[parcel.address]
            if code >= 500:
                raise Undeliverable(f"{code} {words!r}") from None
            raise
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code >= 500:
                raise Undeliverable(str(refused)) from None
            raise

    def letter(self, parcel: Parcel) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self.sender
        letter["To"] = parcel.address
        letter["Subject"] = parcel.subject
        letter["Date"] = format_datetime(parcel.at.astimezone(SHANGHAI))
        letter["Message-ID"] = f"<{parcel.identity}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(parcel.body)
        return letter

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.implicit:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.host not in LOOPBACK:
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server


def read(text: str, sender: str) -> Smtp:
    """The server that ``GONGWEN_MAIL`` names. Raises UnsafeSettings."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UnsafeSettings(f"GONGWEN_MAIL 无法识别：{HOW}。") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise UnsafeSettings(f"GONGWEN_MAIL 无法识别：{HOW}，或者 local、off。")
    if "@" not in sender or not sender.isascii() or not sender.isprintable():
        raise UnsafeSettings("请设置 GONGWEN_MAIL_FROM：发出提醒的邮箱地址。")
    return Smtp(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        implicit=parts.scheme == "smtps",
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
