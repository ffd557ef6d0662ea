"""The processes that hold keys: gongwen signer, and what is done with their keys."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import sessionmaker

from app import create_app
from app.commands.office import Refused, settings
from app.config import Config, UnsafeSettings
from app.database import db
from app.handling.equipment import equipment
from app.handling.signing.approvals import Acts
from app.seals.certificates import duties
from app.seals.keys import KeyEncryption
from app.seals.keys.keepers import keepers
from app.seals.keys.places import Places
from app.seals.signer import Client
from app.seals.signer.checking import ensure_intact
from app.seals.signer.identity import Identities
from app.seals.signer.pen import PaperPen
from app.seals.signer.server import Operation, Server, alone
from app.seals.signer.signing import Signer
from app.seals.signer.turns import Duty, Turns


@click.group("signer", invoke_without_command=True)
@click.pass_context
def signer(context: click.Context) -> None:
    """启动签名服务：保管个人和印章的密钥，核对每一次签名用印。不带子命令时启动。"""
    if context.invoked_subcommand is None:
        run("signer", signing)


Work = tuple[Mapping[str, Operation], Duty]
"""What a process may be asked, and what it looks for by itself."""


def run(name: str, of: Callable[[Config, Places], Work]) -> None:
    """Serve until SIGTERM or SIGINT; what is in hand is finished first. For the main thread."""
    serve_as(name, of, settings())


def serve_as(name: str, of: Callable[[Config, Places], Work], config: Config) -> None:
    places = Places.of(name, config, os.environ)
    with create_app(config).app_context():
        operations, duty = of(config, places)
        turns = Turns(sessionmaker(db.engine), duty)
        server = Server(places, {**operations, "wake": _waking(turns)}, beside=turns)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.stop())
        server.run()
        db.engine.dispose()


def _waking(turns: Turns) -> Operation:
    def wake(_given: dict[str, Any], _until: float) -> dict[str, Any]:
        turns.wake()
        return {}

    return wake


def signing(config: Config, places: Places) -> Work:
    """What the signer does, put together from the rooms."""
    sessions = sessionmaker(db.engine)
    found = keepers(places, os.environ, demo=config.demo)
    store, fonts = equipment().store, equipment().fonts
    if fonts is None:
        raise UnsafeSettings("没有可用的字体，不能绘制印章。请先运行 ./run prepare。")
    pen = PaperPen(Client(config.socket("authority"), "证书服务"), store, fonts)
    made = Signer(
        sessions,
        Acts(),
        found.by_kind,
        pen,
        store,
        Identities(sessions),
        config.signatures_per_hour,
        ensure_intact,
    )

    others = [each for each in found.by_kind.values() if each is not found.new]
    return made.operations(), lambda sessions: duties.of_signer(sessions, found.new, others)


def with_kek(group: click.Group, name: str) -> None:
    """Give a group its commands about the key-encryption key of one process."""

    @group.command("new-kek")
    def new_kek() -> None:
        """新建密钥加密密钥文件（已有时不改动）。请立即另行备份：丢失后密钥再也打不开。"""
        places = Places.of(name, settings(), os.environ)
        try:
            places.new_kek()
        except FileExistsError:
            raise Refused(f"{places.kek} 已经有了，没有改动。更换请用 change-kek。") from None
        click.echo(f"已新建 {places.kek}。请立即备份到离线介质，与密钥文件夹的备份分开存放。")

    @group.command("change-kek")
    @click.argument("new", type=click.Path(path_type=Path))
    def change_kek(new: Path) -> None:
        """更换密钥加密密钥：NEW 是新密钥加密密钥的文件。服务须先停止；中断后可以重来。"""
        places = Places.of(name, settings(), os.environ)
        with alone(places):
            changed = places.software(os.environ).encrypt_with(KeyEncryption.read(new))
        click.echo(
            f"已用新的密钥加密密钥重新加密 {changed} 把密钥。请让{places.words}改用 {new}"
            f"（替换 {places.kek}，或设置 GONGWEN_{name.upper()}_KEK_FILE）后再启动。"
        )


with_kek(signer, "signer")
