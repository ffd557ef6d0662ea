"""The processes of an installation: web server and scheduler; and the build of the front end."""

import errno
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # has no types
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from app import create_app
from app.audit import rights
from app.audit.keeping import seal_accesses
from app.commands.inspection import packs_of
from app.commands.office import Refused, settings
from app.commands.papers import authority, renew_due
from app.commands.record import case_files_of, checkpoints_of
from app.commands.witness import witnesses_of
from app.config import Config
from app.database import db
from app.deadlines import scheduler as deadlines
from app.handling.arrivals import tell_arrivals
from app.handling.certificates.reminding import remind
from app.handling.checkins.watching import keep_watch
from app.handling.conformance.checking import Nightly
from app.handling.digests import write_digests
from app.handling.effects import EFFECTS
from app.handling.inspection.indexing import follow_a_while
from app.handling.migrating.carrying_out import carry_out
from app.handling.receipts.recomputing import recompute_checks
from app.handling.signing.ending import end_strays
from app.handling.signing.waiting import check_waiting
from app.handling.stays.recomputing import recompute
from app.handling.stays.recomputing_timers import recompute_timers
from app.messages import clear, deliver
from app.web import assets as frontend
from app.web.acts import forget_old_keys

REQUEST_SECONDS = 120
"""After this long a worker that answers nothing is replaced; setting a long page takes a while."""
CHORES = (forget_old_keys, clear, remind, end_strays)
"""What the scheduler tidies away, or reminds of, every hour."""
OFTEN = (recompute, recompute_timers, recompute_checks, carry_out, keep_watch)
"""What a change of the calendar, or a plan of migration, leaves to do: every few seconds."""
ERRANDS = (check_waiting, write_digests, tell_arrivals, deliver, seal_accesses, follow_a_while)
"""What the scheduler does every ten seconds: verify what timers send, write to people outside,
seal and index the record."""
STOP_SECONDS = 30
"""How long a stop waits for the requests in hand."""


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn in this process. The workers open the application, each its own connections."""

    def __init__(self, config: Config, access_log: bool) -> None:
        self.config = config
        self.access_log = access_log
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        app = create_app(self.config)
        with app.app_context():
            warn()
            db.engine.dispose()  # threads open connections of their own
        return app

    def _options(self) -> dict[str, Any]:
        """SQLite has one writer and one host: one process with threads is as fast and simpler."""
        sqlite = self.config.database_url.startswith("sqlite")
        shared_memory = Path("/dev/shm")  # noqa: S108  (a worker's sign of life, no data)
        return {
            "bind": address(self.config),
            "worker_class": "gthread",
            "workers": 1 if sqlite else 2,
            "threads": 8,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": STOP_SECONDS,
            "accesslog": "-" if self.access_log else None,
            "errorlog": "-",
            "loglevel": "warning",
            "worker_tmp_dir": str(shared_memory) if shared_memory.is_dir() else None,
            "control_socket_disable": True,
        }


def address(config: Config) -> str:
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"{host}:{config.port}"


def ensure_free(config: Config) -> None:
    """Raises Refused with the reason when nobody could listen there."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as failure:
            raise Refused(_why(failure, config)) from None


def _why(failure: OSError, config: Config) -> str:
    if failure.errno == errno.EADDRINUSE:
        return f"端口 {config.port} 已被别的程序占用，请换一个端口，例如 PORT={config.port + 1}。"
    if failure.errno == errno.EACCES:
        return f"没有权限使用端口 {config.port}，请改用 1024 以上的端口。"
    return f"不能在 {address(config)} 上提供服务（{failure.strerror}），请检查 HOST 和 PORT。"


def ensure_without_keys(environ: Mapping[str, str]) -> None:
    """The web process holds no key, and nothing that opens one. Raises Refused."""
    for name in ("GONGWEN_SIGNER_KEK", "GONGWEN_AUTHORITY_KEK"):
        if environ.get(name):
            raise Refused(
                f"网页服务的环境里不应有 {name}：请只给对应的服务设置，或者改用 {name}_FILE。"
            )


def warn() -> None:
    """Say at the start what the database lets the serving role do; a database that is away waits.

    In an application context.
    """
    with suppress(SQLAlchemyError), db.session() as session:
        for sentence in rights.warnings(session):
            click.echo(f"注意：{sentence}", err=True)


@click.command()
@click.option("--access-log", is_flag=True, help="把每个请求写到标准输出。")
def serve(access_log: bool) -> None:
    """启动网页服务（gunicorn），地址由 HOST 和 PORT 决定。"""
    config = settings()
    config.check()
    ensure_without_keys(os.environ)
    ensure_free(config)
    Server(config, access_log).run()


@click.command()
def scheduler() -> None:
    """启动时限程序：提醒、超期、重算时限、邮件和短信、审计检查点及其见证、卷宗包、夜间合规检查、续归档时间戳、清理。每台主机一个。"""
    config = settings()
    with create_app(config).app_context():
        warn()
        sessions = sessionmaker(db.engine)
        chores = (*CHORES, Nightly())
        hourly = (partial(renew_due, authority(config)),)
        errands = (*ERRANDS, checkpoints_of(config))
        slow = (witnesses_of(config), case_files_of(config), packs_of(config))
        deadlines.run(sessions, EFFECTS, chores, errands, often=OFTEN, hourly=hourly, slow=slow)


@click.command()
def assets() -> None:
    """构建页面样式和脚本（需要 requirements/assets.txt）；没有改动时什么也不做。"""
    if frontend.assets_stale():
        frontend.build_assets()
        click.echo("页面样式和脚本已生成。")
