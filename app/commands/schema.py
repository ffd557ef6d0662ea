"""Creating and upgrading the database, the shipped processes, and the demonstration office."""

import os
from pathlib import Path

import alembic.command
import click
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import Migrate  # type: ignore[import-untyped]  # has no types
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app import ROOT, clock, create_app
from app.commands.authority import at_hand
from app.commands.database import serving_roles
from app.commands.office import Refused, office, settings
from app.database import db
from app.handling import demo as documents
from app.handling.equipment import equipment
from app.handling.routes import publish_shipped
from app.messages import demo as addresses
from app.organization import demo as organization
from app.seals import demo as seals
from app.seals.keys.places import Places

ACCOUNTS = "demo-accounts.txt"
"""In the data folder, for its owner only: the common password of the demonstration accounts."""

NOT_ALLOWED = "42501"
"""What PostgreSQL says where a role lacks a right."""
NOT_THE_OWNER = (
    "数据库结构要升级，而 DATABASE_URL 所用的是服务账号："
    "请用表的所有者的账号运行 gongwen init，再用它运行 gongwen database grant。"
)


def migrations(app: Flask) -> AlembicConfig:
    """Alembic for this application; batch mode, because SQLite cannot alter a table in place."""
    migrate = Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    config: AlembicConfig = migrate.get_config()
    return config


def version() -> str | None:
    """The migration that the database has reached, None when it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(app: Flask) -> bool:
    """Bring the database to the newest migration; whether there was anything to do.

    In an application context, outside any transaction: migrations open their own.
    Raises Refused where the role that is used does not own the tables.
    """
    before = version()
    try:
        alembic.command.upgrade(migrations(app), "head")
    except ProgrammingError as failure:
        if getattr(failure.orig, "sqlstate", None) == NOT_ALLOWED:
            raise Refused(NOT_THE_OWNER) from None
        raise
    return version() != before


@click.command()
def init() -> None:
    """建立或升级数据库，登记岗位角色，启用自带的流程；可重复执行。"""
    app = create_app(settings())
    with app.app_context():
        upgraded = upgrade(app)
        session = db.session()
        if upgraded:
            click.echo(f"数据库已升级到版本 {version()}。")
            for name in serving_roles(session):
                click.echo(f"请随后运行 gongwen database grant --role {name}：新表尚未授权。")
        at = clock.now(session)
        organization.install_roles(session, at)
        routes = publish_shipped(session, ROOT / "processes", at)
        session.commit()
    click.echo(f"自带流程：{'、'.join(routes)}。")


@click.command()
def demo() -> None:
    """装入演示单位和演示公文（只装一次），打印演示账号。"""
    path = settings().data / ACCOUNTS
    with office() as session:
        if not documents.is_installed(session):
            click.echo("正在装入演示单位和演示公文 ……")
            made = documents.install_all(
                session, clock.now(session), lambda word: _keep(path, word)
            )
            addresses.install(session, clock.now(session))
            session.commit()
            click.echo(f"已装入 {made.documents} 件演示公文。")
        if not seals.is_installed(session):
            _install_seals(session)
            click.echo("已装入演示印章和证书：江洲市水务局用数字签名签发和用印。")
    click.echo(_accounts(path))


def _install_seals(session: Session) -> None:
    """Keys lie where the two processes look for them; a demonstration makes its own."""
    config = settings()
    keys = Places.of("signer", config, os.environ).software(os.environ, make=config.demo)
    seals.install(session, at_hand(config), keys, equipment().store, clock.now(session))
    session.commit()


def _keep(path: Path, password: str) -> None:
    """Before the commit: an office whose password nobody has would be of no use."""
    path.touch(mode=0o600)
    path.write_text(f"{password}\n", encoding="utf-8")


def _accounts(path: Path) -> str:
    county = next(unit for unit in organization.UNITS if not unit.prefix)
    lines = [f"演示账号（{county.name}）："]
    lines += [f"  {staff.login:<16}{staff.posts[0].title}" for staff in organization.STAFF]
    lines += [
        f"  {unit.name}的同样岗位：登录名前加 {unit.prefix}，例如 {unit.prefix}secretary"
        for unit in organization.UNITS
        if unit.prefix
    ]
    if path.exists():
        password = path.read_text(encoding="utf-8").strip()
        lines.append(f"所有演示账号的密码：{password}（保存在 {path}）")
    else:
        lines.append("演示密码没有保存在本机；需要时重设：gongwen user passwd 登录名")
    return "\n".join(lines)
