"""The scenarios of this folder, and their steps: orders go over the socket of the signer."""

from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from pytest_bdd import given, parsers, scenarios, then, when

from app.audit.models import AuditEntry
from app.errors import DomainError
from app.handling.models import Task
from app.seals.certificates import holding
from app.seals.models import Paper, Signature
from app.seals.signer import ByPassword, Order
from app.seals.signer.server import Server
from tests.seals.signer.conftest import Desk

scenarios("signer")


@dataclass
class Tale:
    """What has happened in a scenario."""

    desk: Desk
    task: Task
    before: int = 0
    refused: list[str] = field(default_factory=list)

    def order(self, order: Order) -> None:
        self.before = self.desk.signatures()
        try:
            self.desk.client.sign(order)
        except DomainError as refusal:
            self.refused.append(refusal.code)


@pytest.fixture
def tale(desk: Desk, signer: Server) -> Tale:
    return Tale(desk, desk.task)


@given("县水务局启用了签名服务，有一份通知等待领导签发")
def _waiting(tale: Tale) -> None:
    assert tale.task.step == "leader_sign"


@given("通知已签发、编号，等待用印")
def _at_the_seal(tale: Tale) -> None:
    tale.task = tale.desk.at_the_seal()


@given("印章改由别人保管")
def _kept_by_another(tale: Tale) -> None:
    tale.desk.change(tale.desk.seal, keeper_id=tale.desk.world.actor("secretary").person_id)


@given("印章已停用")
def _suspended(tale: Tale) -> None:
    tale.desk.change(tale.desk.seal, state="suspended")


@given("领导报失证书，证书已冻结")
def _reported_lost(tale: Tale) -> None:
    world, row = tale.desk.world, tale.desk.certificate("leader")
    world._act(
        lambda session: holding.suspend(
            session, world.actor("leader"), row.id, world.at, "证书载体遗失。"
        )
    )


@when("领导输错口令签发")
def _wrong_password(tale: Tale) -> None:
    tale.order(tale.desk.order(proof=ByPassword("123")))


@when("领导签发")
def _signs(tale: Tale) -> None:
    tale.order(tale.desk.order())


@when("印章管理员用印")
def _seals(tale: Tale) -> None:
    tale.order(tale.desk.order("seal.keeper", task=tale.task))


@when("印章管理员提前用印")
def _seals_early(tale: Tale) -> None:
    tale.order(tale.desk.order("seal.keeper", field="单位印章"))


@then(parsers.parse('签名服务拒绝，代码"{code}"'))
def _is_refused(tale: Tale, code: str) -> None:
    assert tale.refused == [code]


@then(parsers.re('没有(新的)?签名，审计记录中有"(?P<action>.+)"'))
def _nothing_signed(tale: Tale, action: str) -> None:
    assert tale.desk.signatures() == tale.before
    found = sa.select(AuditEntry.seq).where(
        AuditEntry.action == action, AuditEntry.outcome == "refused"
    )
    assert tale.desk.session.scalars(found).all()


@then("安全管理员收到告警")
def _told(tale: Tale) -> None:
    assert tale.desk.alarms() == ["signing"]


@then("登记簿里有这一次签名：领导、这份通知、所用的证书和校验码")
def _registered(tale: Tale) -> None:
    session, leader = tale.desk.session, tale.desk.world.actor("leader")
    use = session.scalars(sa.select(Signature)).one()
    paper = session.get_one(Paper, use.paper_id)
    assert (use.person_id, use.task_id) == (leader.person_id, tale.task.id)
    assert use.document_id == tale.desk.world.case_of(tale.task).document_id
    assert use.certificate_id == tale.desk.certificate("leader").id
    assert (len(paper.sha256), len(paper.sm3)) == (64, 64)
    assert tale.refused == []
