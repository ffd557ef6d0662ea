"""Units, accounts and tokens: what an installation needs before anybody can sign in.

Signed by its rule, because no person can be told apart at a terminal.
"""

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.commands.office import Refused, office
from app.errors import NotFound
from app.organization import (
    Department,
    Role,
    Unit,
    accounts,
    identity,
    locks,
    operations,
    person_by_login,
)
from app.organization.factors import codes, enrolment, entering, policies
from app.seals.certificates import leaving
from app.seals.registry import making

BY = audit.signed_by_rule("命令行")


@click.group()
def unit() -> None:
    """单位和部门。"""


@unit.command("add")
@click.argument("key")
@click.argument("name")
@click.option("--short", required=True, help="单位简称，例如 县水务局。")
@click.option("--code", required=True, help="机关代字，例如 江水。")
@click.option("--rank", type=int, required=True, help="级别：1 市级，2 县级，依次类推。")
@click.option("--parent", help="上级单位的标识。")
def add_unit(key: str, name: str, short: str, code: str, rank: int, parent: str | None) -> None:
    """建立单位：标识 KEY（英文）和全称 NAME。"""
    with office() as session:
        created = operations.create_unit(
            session,
            BY,
            clock.now(session),
            key=key,
            name=name,
            short_name=short,
            agency_code=code,
            letterhead=f"{name}文件",
            rank=rank,
            parent=_unit(session, parent) if parent else None,
        )
        click.echo(f"已建立单位 {created.name}（{created.key}）。")


@unit.command("suspend-seals")
@click.argument("unit_key")
@click.option("--what", required=True, help="单位更名，或者单位撤销。")
def suspend_seals(unit_key: str, what: str) -> None:
    """单位更名、撤销：印章和印章证书即时停用，缴销前留在印章管理中待交回（SIG-15）。"""
    with office() as session:
        home, at = _unit(session, unit_key), clock.now(session)
        seals = making.suspend_all(session, home.id, BY, at, what)
        certificates = leaving.follow_unit(session, home.id, at, what)
        session.commit()
    click.echo(f"已停用 {seals} 枚印章、{certificates} 张印章证书。")


@unit.command("department")
@click.argument("unit_key")
@click.argument("key")
@click.argument("name")
def add_department(unit_key: str, key: str, name: str) -> None:
    """在单位 UNIT_KEY 建立部门：标识 KEY（英文）和名称 NAME。"""
    with office() as session:
        home = _unit(session, unit_key)
        operations.create_department(session, BY, clock.now(session), unit=home, key=key, name=name)
        click.echo(f"已在{home.name}建立部门 {name}（{key}）。")


@unit.command("password-only")
@click.argument("unit_key")
@click.option("--reason", required=True, help="原因，例如 证书服务中断。")
@click.option("--source", required=True, help="依据，文件的名称和文号。")
def ask_no_factor(unit_key: str, reason: str, source: str) -> None:
    """取消单位 UNIT_KEY 自己的双因素要求；安全管理员自己也不能登录时才用命令行。"""
    with office() as session:
        home, at = _unit(session, unit_key), clock.now(session)
        policies.choose(session, home.id, policies.OFF, (), reason, BY, at, source=source)
    click.echo(f"{home.name}不再要求双因素。")


@click.group()
def role() -> None:
    """角色。"""


@role.command("add")
@click.argument("key")
@click.argument("label")
def add_role(key: str, label: str) -> None:
    """增加全单位的角色：标识 KEY（英文）和名称 LABEL，例如 party-office 党委办公室。"""
    with office() as session:
        at = clock.now(session)
        added = operations.create_role(session, BY, at, key=key, label=label, scope="unit")
        click.echo(f"已增加角色 {added.label}（{added.key}）。")


@click.group()
def user() -> None:
    """人员和账号。"""


@user.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--unit", "unit_key", required=True, help="单位标识。")
@click.option("--department", "department_key", help="部门标识。")
@click.option("--role", "roles", multiple=True, help="角色标识，可重复；部门角色归所在部门。")
@click.option("--title", default="", help="职务，例如 工程科科长。")
@click.option("--number", default="", help="工号；本单位有同名的人时两人都要有。")
def add_user(
    login: str,
    name: str,
    unit_key: str,
    department_key: str | None,
    roles: tuple[str, ...],
    title: str,
    number: str,
) -> None:
    """登记人员 NAME（登录名 LOGIN），开通账号并打印初始密码。"""
    with office() as session:
        at = clock.now(session)
        home = _unit(session, unit_key)
        department = _department(session, home, department_key) if department_key else None
        person = operations.create_person(
            session,
            BY,
            at,
            unit=home,
            login=login,
            name=name,
            department=department,
            staff_number=number,
        )
        for role in roles:
            known = session.get(Role, role)  # an unknown one is refused by appoint
            place = department if known and known.scope == "department" else None
            operations.appoint(
                session, BY, at, person=person, role=role, department=place, title=title
            )
        login = person.login
        password = accounts.set_initial_password(session, person, at, by=BY)
    _show_password(login, password)


@user.command("number")
@click.argument("login")
@click.argument("number")
def set_number(login: str, number: str) -> None:
    """登记或者更改 LOGIN 的工号 NUMBER。"""
    with office() as session:
        person, at = person_by_login(session, login), clock.now(session)
        identity.set_staff_number(session, BY, at, person=person, staff_number=number)
    click.echo(f"{login} 的工号已登记。")


@user.command("passwd")
@click.argument("login")
def reset_password(login: str) -> None:
    """重设 LOGIN 的密码并打印；旧密码、登录和令牌随即失效。"""
    with office() as session:
        person = person_by_login(session, login)
        password = accounts.set_initial_password(session, person, clock.now(session), by=BY)
    _show_password(login, password)


@user.command("lock")
@click.argument("login")
@click.option("--report", required=True, help="谁报告了什么，例如 本人来电，密码被盗。")
def lock(login: str, report: str) -> None:
    """报失封锁 LOGIN 的账号，登录和令牌随即失效，申请解锁前不能登录。"""
    with office() as session:
        locks.close(session, BY, person_by_login(session, login), report, clock.now(session))
    click.echo(f"{login} 已报失封锁。")


@user.command("unlock")
@click.argument("login")
@click.option("--request", required=True, help="本人书面申请和身份核对情况。")
def unlock(login: str, request: str) -> None:
    """解除因多次输错密码或者报失造成的锁定，密码不变。"""
    with office() as session:
        locks.reopen(session, BY, person_by_login(session, login), request, clock.now(session))
    click.echo(f"{login} 已解除锁定。")


@user.command("factor")
@click.argument("login")
@click.option("--basis", required=True, help="本人书面申请和身份核对情况。")
def reset_factor(login: str, basis: str) -> None:
    """重置 LOGIN 遗失的双因素；没有其他安全管理员能办时才用命令行。"""
    with office() as session:
        enrolment.reset(session, BY, person_by_login(session, login), basis, clock.now(session))
    click.echo(f"{login} 的双因素已重置。")


@click.command()
@click.argument("login")
@click.option("--name", default="命令行", help="令牌的名称，便于日后辨认。")
@click.option("--days", default=365, help="有效天数，1 至 365。")
@click.option("--code", default="", help="验证码；启用了双因素的人才要。")
def token(login: str, name: str, days: int, code: str) -> None:
    """为 LOGIN 生成 API 令牌，只打印这一次。"""
    with office() as session:
        person, at = person_by_login(session, login), clock.now(session)
        enrolled = entering.is_enrolled(session, person.id)
        if enrolled and codes.take(session, person.id, code, at) is None:
            raise Refused("此人启用了双因素：请本人用 --code 给出还没有用过的验证码。")
        made = accounts.new_token(session, person.id, name, at, days, by=BY)
    click.echo(made)


def _show_password(login: str, password: str) -> None:
    click.echo(f"登录名 {login}")
    click.echo(f"初始密码 {password}")
    click.echo("初始密码 24 小时内有效，首次登录须更改。")


def _unit(session: Session, key: str) -> Unit:
    found = session.scalar(sa.select(Unit).where(Unit.key == key))
    if found is None:
        raise NotFound(f"没有标识为“{key}”的单位。")
    return found


def _department(session: Session, home: Unit, key: str) -> Department:
    found = session.scalar(
        sa.select(Department).where(Department.unit_id == home.id, Department.key == key)
    )
    if found is None:
        raise NotFound(f"{home.name}没有标识为“{key}”的部门。")
    return found
