"""Settings from the environment, read and checked once at start."""

import ipaddress
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ENCRYPTED = ("require", "verify-ca", "verify-full")
"""``sslmode`` under which PostgreSQL sends nothing in plain text."""
MOST_DAYS = 3650
MOST_USES = 100_000


class UnsafeSettings(ValueError):
    """The program refuses to start; the message names the setting and what to do."""


@dataclass(frozen=True)
class Config:
    """All that the program takes from outside.

    data          folder of the database, files and keys
    database_url  SQLAlchemy URL; SQLite in ``data`` unless given
    secret_key    signs CSRF tokens; 32 bytes or more, kept in ``data`` when not given
    factor_key    seals the secrets of second factors; kept in ``data`` when not given, and the
                  same on every host; without it no second factor works
    demo          the demonstration office: plain cookies, no proof of person at sign-off
    fonts         folders searched for fonts, the first wins
    hosts         names under which the pages are asked for; a request for another is refused
    proxies       addresses and networks of the proxies in front, which say whose request it is
    certificate_secret  what they send with a client certificate; "" switches that sign-in off
    fault         step:action[:n] of the fault hook, for tests only
    mail, sms     ``off``, ``local`` (kept in the outbox, sent nowhere), or the address of the
                  server that takes them; ``mail_from`` and ``sms_key`` go with these
    mail_domains  what may stand behind the @ of a person's address; empty: anything
    outbox_days   how long a message that went out stays in the outbox
    audit_key     file of the key that signs checkpoints of the record; the scheduler's alone
    witnesses     folders outside the database that get a copy of every checkpoint
    witness_key   file of the key that cosigns for other systems; see ``cosigning_key``
    log_name      the name of this record towards witnesses (origin); never changed once in use
    signatures_per_hour  how often one certificate signs within an hour at most
    scanner       ``unix:`` or ``tcp:`` address of clamd; "" where uploads are not scanned
    sockets       where ``signer`` and ``authority`` listen, if not in ``data``; see ``socket``
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
    audit_key: Path | None = None
    witnesses: tuple[Path, ...] = ()
    witness_key: Path | None = None
    log_name: str = ""
    factor_key: str = field(default="", repr=False)
    signatures_per_hour: int = 200
    sockets: Mapping[str, Path] = field(default_factory=dict)
    proxies: tuple[str, ...] = ()
    certificate_secret: str = field(default="", repr=False)
    scanner: str = ""

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
        per_hour = environ.get("GONGWEN_SIGNATURES_PER_HOUR", "200")
        if not per_hour.isascii() or not per_hour.isdigit() or not 1 <= int(per_hour) <= MOST_USES:
            raise UnsafeSettings(
                f"GONGWEN_SIGNATURES_PER_HOUR 应为 1 到 {MOST_USES} 之间的整数（次），"
                f"现为“{per_hour}”。"
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
            secret_key=environ.get("SECRET_KEY") or _kept_secret(data, "secret_key"),
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
            audit_key=Path(environ.get("GONGWEN_AUDIT_KEY") or data / "audit-key.pem"),
            witnesses=_folders(environ.get("GONGWEN_WITNESSES") or str(data / "witness")),
            witness_key=Path(given) if (given := environ.get("GONGWEN_WITNESS_KEY")) else None,
            log_name=environ.get("GONGWEN_LOG_NAME", ""),
            factor_key=environ.get("GONGWEN_FACTOR_KEY") or _kept_secret(data, "factor_key"),
            signatures_per_hour=int(per_hour),
            sockets={
                name: Path(given).resolve()
                for name in ("signer", "authority")
                if (given := environ.get(f"GONGWEN_{name.upper()}_SOCKET"))
            },
            proxies=_listed(environ.get("GONGWEN_PROXIES", "")),
            certificate_secret=environ.get("GONGWEN_CERTIFICATE_SECRET", ""),
            scanner=environ.get("GONGWEN_SCANNER", "").strip(),
        )

    def check(self) -> None:
        """Refuse to start on settings that an office must not run with."""
        if len(self.secret_key.encode()) < 32:
            raise UnsafeSettings("SECRET_KEY 太短：请设置至少 32 个字符的随机值。")
        if self.factor_key and len(self.factor_key.encode()) < 32:
            raise UnsafeSettings("GONGWEN_FACTOR_KEY 太短：请设置至少 32 个字符的随机值。")
        self._check_proxies()
        self._check_log_name()
        if self.fault and not self.demo:
            raise UnsafeSettings("GONGWEN_FAULT 只用于故障测试：请去掉这个环境变量后再启动。")
        if self.demo:
            return
        self._check_database()
        if self.host in LOOPBACK:
            return
        if self.database_url.startswith("sqlite"):
            raise UnsafeSettings("对外提供服务请用 PostgreSQL：设置 DATABASE_URL 后再启动。")
        if not self.hosts:
            raise UnsafeSettings("请设置 GONGWEN_HOSTS：本系统对外的域名，多个用逗号分开。")

    def socket(self, name: str) -> Path:
        """Where the ``signer`` or the ``authority`` listens."""
        return self.sockets.get(name) or self.data / "run" / name / "socket"

    def _check_log_name(self) -> None:
        """It stands in a line of its own, between spaces and before a plus sign."""
        name = self.log_name
        if name and (not name.isascii() or not name.isprintable() or set(name) & set(" +")):
            raise UnsafeSettings(
                f"GONGWEN_LOG_NAME 现为“{name}”：应为没有空格和加号的英文名称，"
                "例如 oa.example.gov.cn/gongwen。"
            )

    def _check_proxies(self) -> None:
        for each in self.proxies:
            try:
                ipaddress.ip_network(each)
            except ValueError:
                raise UnsafeSettings(
                    f"GONGWEN_PROXIES 中的“{each}”不是网络地址，"
                    "应写成 10.0.0.1 或者 10.0.0.0/24 的样子。"
                ) from None
        secret = self.certificate_secret
        if secret and not self.proxies:
            raise UnsafeSettings("设置了 GONGWEN_CERTIFICATE_SECRET，还须设置 GONGWEN_PROXIES。")
        if secret and len(secret.encode()) < 32:
            raise UnsafeSettings("GONGWEN_CERTIFICATE_SECRET 太短：请设置至少 32 个字符的随机值。")

    def _check_database(self) -> None:
        """What is kept crosses a network encrypted only (SEC-16)."""
        url = make_url(self.database_url)
        given = [url.host or "", *_listed(",".join(_texts(url.query.get("host"))))]
        remote = [each for each in given if each and each not in LOOPBACK and each[0] != "/"]
        if remote and _texts(url.query.get("sslmode"))[:1] not in [[each] for each in ENCRYPTED]:
            raise UnsafeSettings(
                "到数据库的连接须加密：请在 DATABASE_URL 末尾加上 ?sslmode=verify-full"
                "（或 verify-ca、require）。（SEC-16）"
            )

    @property
    def origin(self) -> str:
        """Origin line of our checkpoints towards witnesses: a name, not an address."""
        host = self.hosts[0] if self.hosts else f"{self.host}:{self.port}"
        return self.log_name or f"{host}/gongwen"

    @property
    def cosigning_key(self) -> Path:
        return self.witness_key or self.data / "witness-key.pem"

    @property
    def witness_name(self) -> str:
        """Under which we cosign; another name than that of the record, since its key is another."""
        return f"{self.origin}/witness"

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


def _texts(value: str | Sequence[str] | None) -> list[str]:
    """A parameter of an address, once or several times there."""
    return [value] if isinstance(value, str) else list(value or ())


def _folders(text: str) -> tuple[Path, ...]:
    """Separated as in PATH."""
    return tuple(Path(each).resolve() for each in text.split(os.pathsep) if each.strip())


def _kept_secret(data: Path, name: str) -> str:
    """A secret of this installation: made at the first start, readable by its owner only."""
    path = data / name
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    data.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
