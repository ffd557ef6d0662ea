"""The processes of an installation: web server and scheduler; and the build of the front end."""

import errno
import socket
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # has no types
from sqlalchemy.orm import sessionmaker

from app import create_app
from app.commands.office import Refused, settings
from app.config import Config
from app.database import db
from app.deadlines import scheduler as deadlines
from app.handling.arrivals import tell_arrivals
from app.handling.checkins.watching import keep_watch
from app.handling.digests import write_digests
from app.handling.effects import EFFECTS
from app.handling.receipts.recomputing import recompute_checks
from app.handling.stays.recomputing import recompute
from app.handling.stays.recomputing_timers import recompute_timers
from app.messages import clear, deliver
from app.web import assets as frontend
from app.web.acts import forget_old_keys

REQUEST_SECONDS = 120
"""After this long a worker that answers nothing is replaced; setting a long page takes a while."""
CHORES = (forget_old_keys, clear)
"""What the scheduler tidies away every hour."""
OFTEN = (recompute, recompute_timers, recompute_checks, keep_watch)
"""What a change of the calendar leaves to do, looked for every few seconds."""
ERRANDS = (write_digests, tell_arrivals, deliver)
"""What the scheduler does every ten seconds: write to people outside the application."""
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
        return create_app(self.config)

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


@click.command()
@click.option("--access-log", is_flag=True, help="把每个请求写到标准输出。")
def serve(access_log: bool) -> None:
    """启动网页服务（gunicorn），地址由 HOST 和 PORT 决定。"""
    config = settings()
    config.check()
    ensure_free(config)
    Server(config, access_log).run()


@click.command()
def scheduler() -> None:
    """启动时限程序：提醒、超期标记、日历变动后重算时限、发出邮件和短信、清理过期的请求标识和发出已久的提醒。每台主机一个。"""
    with create_app(settings()).app_context():
        sessions = sessionmaker(db.engine)
        deadlines.run(sessions, EFFECTS, CHORES, ERRANDS, often=OFTEN)


@click.command()
def assets() -> None:
    """构建页面样式和脚本（需要 requirements/assets.txt）；没有改动时什么也不做。"""
    if frontend.assets_stale():
        frontend.build_assets()
        click.echo("页面样式和脚本已生成。")
