"""Who there is and what each holds; and what administrators do at the command line."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from pytest_bdd import parsers, step, then

from app import ROOT, audit, organization
from app.audit.models import AuditEntry
from app.commands import gongwen, office
from app.errors import DomainError
from app.organization import operations
from app.organization.models import Account, Department, Person, Unit
from app.organization.password_changes import open_account
from app.organization.posts import in_force
from app.organization.roles import SHIPPED
from tests.features.story import API, Story
from tests.features.words import people

COUNTY = "jiangzhou-county-water"
INCOMING, OUTGOING = "incoming.bpmn", "outgoing.bpmn"
BY = audit.signed_by_rule("场景")
ROLES = {role.label: role for role in SHIPPED}


def _condition(text: str) -> str:
    """How the condition of a way out is written in the shipped diagrams."""
    kind = 'xsi:type="bpmn:tFormalExpression"'
    return f"<bpmn:conditionExpression {kind}>{text}</bpmn:conditionExpression>"


CHANGES = {
    "拟办没有写办理人": (INCOMING, ' camunda:candidateGroups="office-head"', ""),
    "拟办写了不存在的角色": (INCOMING, 'Groups="office-head"', 'Groups="no-such-role"'),
    "拟办三个工作日未办自动转秘书分送": (
        INCOMING,
        '<bpmn:sequenceFlow id="propose_to_distribute" ',
        '<bpmn:boundaryEvent id="late" name="三天未拟办" attachedToRef="propose">'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:sequenceFlow id="too_late" sourceRef="late" targetRef="distribute" />'
        '<bpmn:sequenceFlow id="propose_to_distribute" ',
    ),
    "拟办改了名称": (INCOMING, 'name="办公室主任拟办"', 'name="办公室负责人拟办"'),
    "拟办指定由leader2办理": (INCOMING, 'candidateGroups="office-head"', 'assignee="leader2"'),
    "分支“转承办部门”没有条件": (INCOMING, _condition("outcome == 'to_handle'"), ""),
    "分支“上行文”没有条件": (OUTGOING, _condition("direction == 'upward'"), ""),
    "不经签发就编号": (
        OUTGOING,
        'sourceRef="by_direction" targetRef="leader_sign"',
        'sourceRef="by_direction" targetRef="register_number"',
    ),
    "不用印就发送": (
        OUTGOING,
        'sourceRef="sealed_or_not" targetRef="seal"',
        'sourceRef="sealed_or_not" targetRef="final_check_dispatch"',
    ),
    "唯一负责人的自核按规则跳过": (
        OUTGOING,
        'value="OUT-01 OUT-03 OUT-04 OUT-05 OUT-06" />',
        'value="OUT-01 OUT-03 OUT-04 OUT-05 OUT-06" />'
        '<camunda:property name="drafter" value="skip" />',
    ),
    "办毕以后没有下一步": (
        INCOMING,
        '<bpmn:sequenceFlow id="handle_to_close" sourceRef="handle" targetRef="close" />',
        "",
    ),
}
"""Which shipped route is changed before it is published, and how."""


@dataclass
class Terminal:
    """The command line of this installation; ``result`` is of the latest command."""

    story: Story
    patch: pytest.MonkeyPatch
    result: Result | None = None
    refusal: DomainError | None = None  # of what was done without it, through the operations

    def run(self, *words: str) -> None:
        self.patch.setenv("GONGWEN_DATA", str(self.story.app.config["SETTINGS"].data))
        self.patch.setattr(office, "create_app", lambda _settings: self.story.app)
        self.story.before = self.story.kept()
        with self.story.change():
            self.result = CliRunner().invoke(gongwen, words)


@pytest.fixture
def terminal(story: Story, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(story, monkeypatch)


@step(parsers.parse('"{place}"还有一名{role:w}"{login}"'))
def one_more(story: Story, place: str, role: str, login: str) -> None:
    """A person of this department, with an account, who holds this role."""
    with story.change() as session:
        unit = session.scalars(sa.select(Unit).where(Unit.key == COUNTY)).one()
        where = (Department.unit_id == unit.id) & (Department.name == place)
        department = session.scalars(sa.select(Department).where(where)).one()
        person = operations.create_person(
            session, BY, story.at, unit=unit, login=login, name="丁一", department=department
        )
        found = ROLES[role]
        of = department if found.scope == "department" else None
        operations.appoint(
            session, BY, story.at, person=person, role=found.key, department=of, title=role
        )
        open_account(session, person, "no password", story.at)


@step(parsers.parse('"{who}"兼任{role:w}'))
def appoint(story: Story, who: str, role: str) -> None:
    with story.change() as session:
        person = organization.person_by_login(session, who)
        operations.appoint(session, BY, story.at, person=person, role=ROLES[role].key)


@step(parsers.parse('安全管理员免去"{who}"的{old:w}，改任{new:w}'))
def move(story: Story, who: str, old: str, new: str) -> None:
    """By the security administrator of the unit, as the operations take it from a page."""
    with story.change() as session:
        person = organization.person_by_login(session, who)
        by = organization.actor(session, organization.person_by_login(session, "security.admin").id)
        for post in in_force(session, person):
            if post.role_key == ROLES[old].key:
                operations.end_appointment(session, by, story.at, post=post)
        operations.appoint(session, by, story.at, person=person, role=ROLES[new].key)


@step(parsers.parse('"{who}"为"{unit}"登记人员"{login}"'))
def enter_person(story: Story, terminal: Terminal, who: str, unit: str, login: str) -> None:
    """By a person, not by the command line: his rights count."""
    story.before, terminal.refusal = story.kept(), None
    with story.change() as session:
        by = organization.actor(session, organization.person_by_login(session, who).id)
        home = session.scalars(sa.select(Unit).where(Unit.name == unit)).one()
        try:
            operations.create_person(session, by, story.at, unit=home, login=login, name="丁一")
        except DomainError as refusal:
            terminal.refusal = refusal


@step(parsers.re(r'系统管理员在命令行为"(?P<name>[^"]+)"开通账号"(?P<login>[^"]+)"'))
def open_one(story: Story, terminal: Terminal, name: str, login: str) -> None:
    terminal.run("user", "add", login, name, "--unit", COUNTY)


@step(
    parsers.re(
        r'系统管理员在命令行为"(?P<name>[^"]+)"开通账号"(?P<login>[^"]+)"，工号"(?P<number>[^"]+)"'
    )
)
def open_with_number(terminal: Terminal, name: str, login: str, number: str) -> None:
    terminal.run("user", "add", login, name, "--unit", COUNTY, "--number", number)


@step(parsers.parse('系统管理员在命令行给"{login}"登记工号"{number}"'))
def enter_number(terminal: Terminal, login: str, number: str) -> None:
    terminal.run("user", "number", login, number)


@step(parsers.parse('"{first}"发布流程，改动是"{change}"，由"{second}"启用'))
def publish(
    story: Story, terminal: Terminal, tmp_path: Path, first: str, change: str, second: str
) -> None:
    """The shipped route with one change, through the command line."""
    name, old, new = CHANGES[change]
    source = (ROOT / "processes" / name).read_text(encoding="utf-8")
    assert source.count(old) == 1
    path = tmp_path / name
    path.write_text(source.replace(old, new), encoding="utf-8")
    terminal.run("publish", str(path), "--by", first, "--second", second)


@step(parsers.parse('"{who}"经接口提请重新启用收文流程第{number:d}版，理由是"{reason}"'))
def propose_again(story: Story, who: str, number: int, reason: str) -> None:
    listed = story.see(who, f"{API}/process/definitions/incoming")["items"]
    sha256 = next(each["sha256"] for each in listed if each["version"] == number)
    story.act(who, "POST", f"{API}/process/versions/{sha256}/terms", json={"reason": reason})


@step(parsers.parse('"{who}"经接口提请在县局启用收文流程第{number:d}版'))
def propose_in_unit(story: Story, who: str, number: int) -> None:
    listed = story.see(who, f"{API}/process/definitions/incoming")["items"]
    sha256 = next(each["sha256"] for each in listed if each["version"] == number)
    body = {"reason": "县里另行规定", "unit": COUNTY}
    story.act(who, "POST", f"{API}/process/versions/{sha256}/terms", json=body)


@step(parsers.parse('"{who}"经接口提请县局的收文流程跟随上级，理由是"{reason}"'))
def propose_following(story: Story, who: str, reason: str) -> None:
    path = f"{API}/process/definitions/incoming/units/{COUNTY}/following"
    story.act(who, "POST", path, json={"reason": reason})


@step(parsers.parse('"{who}"经接口{agree}刚才的提请'))
def decide_again(story: Story, who: str, agree: str) -> None:
    listed = story.see(who, f"{API}/process/definitions/incoming")["items"]
    term = next(
        term["id"] for each in listed for term in each["terms"] if term["state"] == "proposed"
    )
    body = {"agree": agree == "同意", "answer": "" if agree == "同意" else "暂不改回"}
    story.act(who, "POST", f"{API}/process/terms/{term}/decision", json=body)


@then(parsers.parse('命令被拒绝，理由含"{words}"'))
def command_refused(terminal: Terminal, words: str) -> None:
    assert terminal.result is not None
    error = terminal.result.exception
    assert isinstance(error, DomainError), (error, terminal.result.output)
    faults = getattr(error, "errors", [])
    assert words in "".join([error.message, *(each.message for each in faults)])


@then(parsers.parse('命令办成，写着"{words}"'))
def command_done(terminal: Terminal, words: str) -> None:
    assert terminal.result is not None
    assert terminal.result.exit_code == 0, terminal.result.exception
    assert words in terminal.result.output


@then(parsers.parse('登记被拒绝，理由含"{words}"'))
def entry_refused(terminal: Terminal, words: str) -> None:
    assert terminal.refusal is not None
    assert words in terminal.refusal.message


@then("登记办成")
def entry_done(terminal: Terminal) -> None:
    assert terminal.refusal is None


@then(parsers.parse('审计记录依次有"{who}"的"{actions}"'))
def record_says(story: Story, who: str, actions: str) -> None:
    with story.session() as session:
        by = organization.person_by_login(session, who).id
        query = sa.select(AuditEntry.action).where(
            AuditEntry.actor_id == by, AuditEntry.action != "token.created"
        )
        found = list(session.scalars(query.order_by(AuditEntry.seq)))
    assert found == people(actions)


@then(parsers.parse('登录名"{login}"只有一个人、一个账号'))
def one_account(story: Story, login: str) -> None:
    with story.session() as session:
        query = sa.select(Account).join(Person).where(Person.login == login)
        assert len(session.scalars(query).all()) == 1
