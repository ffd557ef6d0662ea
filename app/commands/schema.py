"""Creating and upgrading the database, the shipped processes, and the demonstration office."""

from pathlib import Path

import alembic.command
import click
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import Migrate  # type: ignore[import-untyped]  # has no types

from app import ROOT, clock, create_app
from app.commands.office import office, settings
from app.database import db
from app.handling import demo as documents
from app.handling.routes import publish_shipped
from app.messages import demo as addresses
from app.organization import demo as organization

ACCOUNTS = "demo-accounts.txt"
"""In the data folder, for its owner only: the common password of the demonstration accounts."""


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
    """
    before = version()
    alembic.command.upgrade(migrations(app), "head")
    return version() != before


@click.command()
def init() -> None:
    """建立或升级数据库，登记岗位角色，启用自带的流程；可重复执行。"""
    app = create_app(settings())
    with app.app_context():
        if upgrade(app):
            click.echo(f"数据库已升级到版本 {version()}。")
        session = db.session()
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
    click.echo(_accounts(path))


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
