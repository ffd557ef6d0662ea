"""Who may do what on PostgreSQL: the owner of the tables told apart from the roles that serve."""

from collections.abc import Sequence

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit import guard, rights
from app.commands.office import Refused, office
from app.database import Base
from app.handling.inspection import grams

BY = audit.signed_by_rule("命令行")
LOCK = sa.text("SELECT pg_advisory_xact_lock(7243001)")
"""That of the migrations: no table comes or goes meanwhile."""
SHOWN = 5


@click.group()
def database() -> None:
    """数据库账号的权限（PostgreSQL）：表的所有者与提供服务的账号分开。"""


@database.command()
@click.option("--role", required=True, help="网页、调度、签名服务连接数据库用的账号。")
def grant(role: str) -> None:
    """授予服务账号所需的权限，只增不改的表只给读和增；由表的所有者运行，每次升级后重做。"""
    with office() as session:
        _ensure_postgres(session)
        _ensure_can_serve(session, role)
        session.execute(LOCK)
        tables = needed(session)
        for statement in rights.statements(role, _schema(session), tables):
            session.execute(sa.text(statement))
        _ensure_as_meant(role, rights.standing(session, role, tables))
        detail = {"role": role, "tables": len(tables)}
        audit.record(session, "database.granted", BY, at=clock.now(session), detail=detail)
    click.echo(
        f"已授权服务账号 {role}：共 {len(tables)} 张表，其中 {len(guard.GUARDED)} 张只增不改。"
        "升级数据库之后请再运行一次。"
    )


@database.command()
@click.option("--role", help="要检查的账号，默认是 DATABASE_URL 所用的账号。")
def check(role: str | None) -> None:
    """检查服务账号的权限是否恰好够用；不是服务账号、多了或少了的，以状态 1 结束。"""
    with office() as session:
        _ensure_postgres(session)
        name = role or str(session.scalar(sa.text("SELECT current_user")))
        _ensure_exists(session, name)
        _ensure_as_meant(name, rights.standing(session, name, needed(session)))
    click.echo(f"账号 {name} 的权限恰好够用：不能改动审计记录，不能改变表的结构。")


def needed(session: Session) -> list[rights.Table]:
    """Of every table that is there: those of the models, and the few beside them."""
    present = set(sa.inspect(session.connection()).get_table_names())
    models = [each for each in Base.metadata.sorted_tables if each.name in present]
    others = sorted(present - {each.name for each in models})
    unknown = [each for each in others if each not in (*rights.READ_ONLY, grams.TABLE)]
    if unknown:
        raise Refused(
            f"库里有不属于本系统的表：{'、'.join(unknown[:SHOWN])}。请移到别的库或模式后重试。"
        )
    if not models:
        raise Refused("数据库还没有建立，请先运行 gongwen init。")
    beside = [rights.beside(each, cleared=each == grams.TABLE) for each in others]
    return [*rights.needed(models), *beside]


def serving_roles(session: Session) -> Sequence[str]:
    """Roles that were granted the tables, other than their owner; none on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    query = sa.text(
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
        " WHERE table_schema = current_schema() AND table_name = 'audit_entry'"
        " AND grantee <> current_user AND privilege_type = 'INSERT' ORDER BY grantee"
    )
    return session.scalars(query).all()


def _ensure_postgres(session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        raise Refused("SQLite 没有数据库账号，权限只能由文件的权限保护；请在 PostgreSQL 上使用。")


def _ensure_can_serve(session: Session, role: str) -> None:
    _ensure_exists(session, role)
    mine = rights.standing(session, str(session.scalar(sa.text("SELECT current_user"))), [])
    if not mine.owns:
        raise Refused("授权须由表的所有者进行：请把 DATABASE_URL 设为建立数据库时所用的账号。")
    if rights.standing(session, role, []).owns:
        raise Refused(
            f"账号 {role} 是超级用户或表的所有者（或其成员），授权限制不了它；"
            "请另建一个普通账号：CREATE ROLE gongwen_web LOGIN PASSWORD '…'。"
        )


def _ensure_exists(session: Session, role: str) -> None:
    if not session.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
        raise Refused(f"没有数据库账号“{role}”，请先建立：CREATE ROLE … LOGIN PASSWORD '…'。")


def _ensure_as_meant(role: str, found: rights.Standing) -> None:
    """Raises Refused for a role that may do more than it should, or less than it needs."""
    if found.owns:
        raise Refused(f"账号 {role} 是表的所有者或超级用户，不宜用来提供服务；请另用服务账号。")
    if found.excess:
        raise Refused(
            f"账号 {role} 多了权限：{_listed(found.excess)}。"
            "多半来自它所属的其他账号，请收回（REVOKE 账号 FROM …）后再授权。"
        )
    if found.lacks:
        raise Refused(
            f"账号 {role} 少了权限：{_listed(found.lacks)}。请由所有者运行 gongwen database grant。"
        )


def _listed(held: Sequence[tuple[str, str]]) -> str:
    shown = "、".join(f"{table} {verb}" for table, verb in held[:SHOWN])
    return f"{shown} 等 {len(held)} 项" if len(held) > SHOWN else shown


def _schema(session: Session) -> str:
    return str(session.scalar(sa.text("SELECT current_schema()")))
