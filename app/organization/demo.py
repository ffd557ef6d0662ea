"""The demonstration organization: three water bureaus of a city that does not exist.

Built by the real operations, so that it cannot hold what an office could not enter. Logins are
fixed (guides and tests name them); names are invented; the password is made anew each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import operations, passwords, roles
from app.organization.models import Department, Person, Role, Unit
from app.organization.password_changes import open_account

CITY, COUNTY, EAST = "jiangzhou-city-water", "jiangzhou-county-water", "jiangzhou-east-water"
DEPARTMENTS = {"office": "办公室", "engineering": "工程科", "finance": "财务科"}
_BY = audit.signed_by_rule("安装演示单位")


@dataclass(frozen=True)
class DemoUnit:
    """``names`` are the people in the order of STAFF; ``prefix`` stands before their logins."""

    key: str
    name: str
    short_name: str
    agency_code: str
    rank: int
    prefix: str
    names: str


UNITS = (
    DemoUnit(
        CITY,
        "江洲市水务局",
        "市水务局",
        "江市水",
        1,
        "city.",
        "沈志远 顾明珠 方建国 罗秋月 何文博 梁国栋 谢婉清 曹振华 程立新 傅雅琴 "
        "邓守义 袁晓岚 汪海平 龚静怡 陆思源 秦若云 白正刚 崔永明 石慎之",
    ),
    DemoUnit(
        COUNTY,
        "江洲县水务局",
        "县水务局",
        "江水",
        2,
        "",
        "陈雨桐 周慧敏 王建军 李春梅 赵文涛 刘国强 孙丽华 吴志刚 郑德明 林小雅 "
        "黄守印 杨晓燕 徐海波 马静文 高启航 宋一鸣 唐正清 韩永康 冯安宁",
    ),
    DemoUnit(
        EAST,
        "东湖区水务局",
        "东湖水务",
        "江东水",
        2,
        "east.",
        "许晨曦 邹玉洁 蒋志诚 叶春兰 潘文斌 董国华 田丽君 任振东 姜明德 钟小芸 "
        "谭守信 廖晓月 贺海涛 邱静秋 侯思远 尹若琳 常正直 武永泰 康安澜",
    ),
)


class Holds(NamedTuple):
    """A role; ``of`` is its department, or None: of the unit, or where nobody else holds it."""

    role: str
    of: str | None = None
    title: str = ""
    in_charge: bool = False


@dataclass(frozen=True)
class DemoPerson:
    login: str
    department: str | None
    posts: tuple[Holds, ...]


def _clerk(login: str, role: str, title: str, *more: Holds) -> DemoPerson:
    return DemoPerson(login, "office", (Holds(role, None, title), *more))


STAFF = (
    DemoPerson("drafter", "engineering", (Holds(roles.DRAFTER, "engineering", "工程科科员"),)),
    # the only head of a section, who drafts too: OUT-05
    DemoPerson(
        "sole.head",
        "finance",
        (
            Holds(roles.DEPT_HEAD, "finance", "财务科科长", in_charge=True),
            Holds(roles.DRAFTER, "finance"),
        ),
    ),
    # two heads of one section, one of them in charge: OUT-03, OUT-04
    DemoPerson(
        "dept.head",
        "engineering",
        (
            Holds(roles.DEPT_HEAD, "engineering", "工程科科长", in_charge=True),
            Holds(roles.DRAFTER, "engineering"),
        ),
    ),
    DemoPerson(
        "dept.deputy",
        "engineering",
        (
            Holds(roles.DEPT_HEAD, "engineering", "工程科副科长"),
            Holds(roles.DRAFTER, "engineering"),
        ),
    ),
    DemoPerson(
        "office.head",
        "office",
        (
            Holds(roles.OFFICE_HEAD, None, "办公室主任", in_charge=True),
            Holds(roles.DEPT_HEAD, "office", "办公室主任", in_charge=True),
            Holds(roles.DRAFTER, "office"),
        ),
    ),
    DemoPerson(
        "leader",
        None,
        (
            Holds(roles.LEADER_IN_CHARGE, "engineering", "副局长", in_charge=True),
            Holds(roles.LEADER_IN_CHARGE, "office", "副局长", in_charge=True),
        ),
    ),
    DemoPerson(
        "leader2", None, (Holds(roles.LEADER_IN_CHARGE, "finance", "副局长", in_charge=True),)
    ),
    DemoPerson("leader3", None, (Holds(roles.LEADER_IN_CHARGE, None, "总工程师"),)),
    DemoPerson("unit.head", None, (Holds(roles.UNIT_HEAD, None, "局长", in_charge=True),)),
    _clerk("printing", roles.PRINTING_ROOM, "文印室文印员"),
    _clerk("seal.keeper", roles.SEAL_KEEPER, "印章管理员"),
    _clerk(
        "secretary",
        roles.OFFICE_SECRETARY,
        "办公室秘书",
        Holds(roles.SUPERVISOR, None, "督办专员"),
        Holds(roles.CERTIFICATE_OFFICER, None, "证书审核员"),
        Holds(roles.DRAFTER, "office"),
    ),
    _clerk("dispatcher", roles.DISPATCHER, "收发员"),
    # not the secretary: who checks an application for a certificate does not grant it
    _clerk(
        "archivist",
        roles.ARCHIVIST,
        "档案员",
        Holds(roles.CERTIFICATE_ISSUER, None, "证书签发员"),
    ),
    # two, because one publishes a diagram and another puts it in force; for the whole office those
    # of the city, the topmost unit, do
    _clerk("process.admin", roles.PROCESS_ADMIN, "流程管理员"),
    _clerk("process.admin2", roles.PROCESS_ADMIN, "流程管理员"),
    # the three administrators hold nothing else and belong to no section
    DemoPerson("auditor", None, (Holds(roles.AUDITOR, None, "安全审计员"),)),
    DemoPerson("system.admin", None, (Holds(roles.SYSTEM_ADMIN, None, "系统管理员"),)),
    DemoPerson("security.admin", None, (Holds(roles.SECURITY_ADMIN, None, "安全管理员"),)),
)


def install_roles(session: Session, at: datetime) -> None:
    """Enter the shipped roles that are not there yet: of every installation, not of this one."""
    known = set(session.scalars(sa.select(Role.key)))
    rule = audit.signed_by_rule("安装")
    for role in roles.SHIPPED:
        if role.key not in known:
            operations.create_role(
                session, rule, at, key=role.key, label=role.label, scope=role.scope
            )


def is_installed(session: Session) -> bool:
    return session.scalar(sa.select(Unit.id).where(Unit.key == COUNTY)) is not None


def install(session: Session, at: datetime) -> dict[str, str]:
    """Build the demonstration organization; login → password, one common random password.

    Nobody has to change it at first sign-in: the installation prints it and is for looking round.
    Raises AlreadyThere where the units exist; see ``is_installed``.
    """
    install_roles(session, at)
    password = passwords.random_password(word for unit in UNITS for word in _words(unit))
    password_hash = passwords.hasher().hash(password)
    parent: Unit | None = None
    people: list[Person] = []
    for each in UNITS:
        unit = _unit(session, at, each, parent)
        parent = parent or unit
        departments = {
            key: operations.create_department(session, _BY, at, unit=unit, key=key, name=name)
            for key, name in DEPARTMENTS.items()
        }
        for staff, name in zip(STAFF, each.names.split(), strict=True):
            login = each.prefix + staff.login
            people.append(_person(session, at, unit, departments, staff, login, name))
    for person in people:
        open_account(session, person, password_hash, at)
    return {person.login: password for person in people}


def _words(unit: DemoUnit) -> list[str]:
    """What no password of these people may contain."""
    return [unit.key, unit.name, unit.short_name, unit.prefix, *(each.login for each in STAFF)]


def _unit(session: Session, at: datetime, unit: DemoUnit, parent: Unit | None) -> Unit:
    return operations.create_unit(
        session,
        _BY,
        at,
        key=unit.key,
        name=unit.name,
        short_name=unit.short_name,
        agency_code=unit.agency_code,
        letterhead=f"{unit.name}文件",
        rank=unit.rank,
        parent=parent,
    )


def _person(
    session: Session,
    at: datetime,
    unit: Unit,
    departments: Mapping[str, Department],
    staff: DemoPerson,
    login: str,
    name: str,
) -> Person:
    home = departments[staff.department] if staff.department else None
    person = operations.create_person(
        session, _BY, at, unit=unit, login=login, name=name, department=home
    )
    for post in staff.posts:
        operations.appoint(
            session,
            _BY,
            at,
            person=person,
            role=post.role,
            department=departments[post.of] if post.of else None,
            title=post.title,
            in_charge=post.in_charge,
        )
    return person
