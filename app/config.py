"""Settings from the environment, read and checked once at start."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_DAYS = 3650


class UnsafeSettings(ValueError):
    """The program refuses to start; the message names the setting and what to do."""


@dataclass(frozen=True)
class Config:
    """All that the program takes from outside.

    data          folder of the database, files and keys
    database_url  SQLAlchemy URL; SQLite in ``data`` unless given
    secret_key    signs CSRF tokens; 32 bytes or more, kept in ``data`` when not given
    demo          the demonstration office: plain cookies, no proof of person at sign-off
    fonts         folders searched for fonts, the first wins
    hosts         names under which the pages are asked for; a request for another is refused
    fault         step:action[:n] of the fault hook, for tests only
    mail, sms     ``off``, ``local`` (kept in the outbox, sent nowhere), or the address of the
                  server that takes them; ``mail_from`` and ``sms_key`` go with these
    mail_domains  what may stand behind the @ of a person's address; empty: anything
    outbox_days   how long a message that went out stays in the outbox
    """

    data: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    fonts: tuple[Path, ...] = ()
    hosts: tuple[str, ...] = ()
    fault: str | None = None
    mail: str = field(default="off", repr=False)
    mail_from: str = ""
    sms: str = "off"
    sms_key: str = field(default="", repr=False)
    mail_domains: tuple[str, ...] = ()
    outbox_days: int = 90

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Config":
        data = Path(environ.get("GONGWEN_DATA", "data")).resolve()
        port = environ.get("PORT", "8000")
        days = environ.get("GONGWEN_OUTBOX_DAYS", "90")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise UnsafeSettings(f"PORT 应为 1 到 65535 之间的整数，现为“{port}”。")
        if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= MOST_DAYS:
            raise UnsafeSettings(
                f"GONGWEN_OUTBOX_DAYS 应为 1 到 {MOST_DAYS} 之间的整数（天），现为“{days}”。"
            )
        url = environ.get("DATABASE_URL") or f"sqlite:///{data / 'gongwen.sqlite3'}"
        for scheme in ("postgres://", "postgresql://"):
            if url.startswith(scheme):
                url = "postgresql+psycopg://" + url.removeprefix(scheme)
        extra = environ.get("GONGWEN_FONTS")
        hosts = environ.get("GONGWEN_HOSTS", "")
        demo = environ.get("GONGWEN_DEMO", "1") != "0"
        outbox = "local" if demo else "off"
        return cls(
            data=data,
            database_url=url,
            secret_key=environ.get("SECRET_KEY") or _kept_secret(data),
            host=environ.get("HOST", "127.0.0.1"),
            port=int(port),
            demo=demo,
            fonts=(Path(extra).resolve(),) if extra else (),
            hosts=_listed(hosts),
            fault=environ.get("GONGWEN_FAULT") or None,
            mail=environ.get("GONGWEN_MAIL") or outbox,
            mail_from=environ.get("GONGWEN_MAIL_FROM", ""),
            sms=environ.get("GONGWEN_SMS") or outbox,
            sms_key=environ.get("GONGWEN_SMS_KEY", ""),
            mail_domains=_listed(environ.get("GONGWEN_MAIL_DOMAINS", "").lower()),
            outbox_days=int(days),
        )

    def check(self) -> None:
        """Refuse to start on settings that an office must not run with."""
        if len(self.secret_key.encode()) < 32:
            raise UnsafeSettings("SECRET_KEY 太短：请设置至少 32 个字符的随机值。")
        if self.fault and not self.demo:
            raise UnsafeSettings("GONGWEN_FAULT 只用于故障测试：请去掉这个环境变量后再启动。")
        if self.demo or self.host in LOOPBACK:
            return
        if self.database_url.startswith("sqlite"):
            raise UnsafeSettings("对外提供服务请用 PostgreSQL：设置 DATABASE_URL 后再启动。")
        if not self.hosts:
            raise UnsafeSettings("请设置 GONGWEN_HOSTS：本系统对外的域名，多个用逗号分开。")

    @property
    def link(self) -> str:
        """Address of the first page, for messages that lead back here."""
        if self.hosts:
            return f"{'http' if self.demo else 'https'}://{self.hosts[0]}"
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def trusted_hosts(self) -> list[str] | None:
        """What the Host header may say (G6); None: anything, in a demonstration seen from afar."""
        if self.hosts:
            return list(self.hosts)
        return [*LOOPBACK, "[::1]"] if self.host in LOOPBACK else None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _kept_secret(data: Path) -> str:
    """The secret of this installation: made at the first start, readable by its owner only."""
    path = data / "secret_key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    data.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
