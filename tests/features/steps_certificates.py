"""Certificates: applied for on their route, issued by the process with the keys, used or not."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_bdd import parsers, step, then
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import sessionmaker

from app import audit, organization
from app.handling.models import Case
from app.organization import Unit, operations
from app.organization.demo import CITY, COUNTY
from app.organization.models import Account
from app.seals.authority import profiles
from app.seals.certificates import (
    clearing,
    duties,
    founding,
    leaving,
    policy,
    standing,
)
from app.seals.certificates.entering import enter
from app.seals.certificates.errors import CertificateUnusable
from app.seals.certificates.models import CarrierReturn
from app.seals.certificates.office import Office
from app.seals.keys import KeyEncryption, SoftwareKeys
from app.seals.models import Certificate, CertificateChange, Seal
from tests.documents import files
from tests.features.story import API, Paper, Story
from tests.features.words import people
from tests.seals.hierarchy import Hierarchy, new_key

BY = audit.signed_by_rule("场景")
VERBS = {"申请": "issue", "延期": "extend", "补办": "replace", "更新": "renew", "变更": "change"}
CAUSES = {"丢失": "lost", "损坏": "damaged", "": None}
STEPS = {"secretary": "check_application", "archivist": "grant_application"}
EXPIRED = datetime(2020, 6, 1, tzinfo=UTC)
FILES = "身份证明.pdf、申请表.pdf"


@dataclass
class Processes:
    """What the two processes with keys have at hand, in this process."""

    office: Office
    signer: SoftwareKeys
    cleared: list[str]


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    ours = SoftwareKeys(tmp_path / "authority", KeyEncryption(b"a" * 32))
    theirs = SoftwareKeys(tmp_path / "signer", KeyEncryption(b"s" * 32))
    return Processes(Office(ours, "https://oa.example.gov.cn"), theirs, [])


@step("已建立证书签发机构")
def found(story: Story, processes: Processes) -> None:
    with story.change() as session:
        unit = session.query(Unit).filter_by(key=COUNTY).one()
        founding.found(session, processes.office, unit, new_key(), story.at)


@step("证书服务办理")
@step("证书服务照常办理")
def turn(story: Story, processes: Processes) -> None:
    with story.change() as session:
        sessions = sessionmaker(session.get_bind())
        duties.of_signer(sessions, processes.signer)
        duties.of_authority(sessions, processes.office)
        duties.of_signer(sessions, processes.signer)


@step(parsers.parse('"{who}"申请证书，附件"{names}"'))
def apply(story: Story, who: str, names: str) -> None:
    ask(story, who, names, certificate_verb="issue")


@step(parsers.re(r'"(?P<who>[^"]+)"申请"(?P<verb>[^"]+)"证书，事由"(?P<cause>[^"]*)"'))
def apply_for(story: Story, who: str, verb: str, cause: str) -> None:
    ask(story, who, FILES, certificate_verb=VERBS[verb], certificate_cause=CAUSES[cause])


@step(parsers.parse('"{who}"撤回申请再申请"{verb}"证书'))
def apply_again(story: Story, who: str, verb: str) -> None:
    path = f"{API}/cases/{story.paper.case}/cancel"
    story.act_as_usual(who, path, {"reason": "重新办理"})
    apply_for(story, who, verb, "")


@step(parsers.parse('"{who}"挂失'))
def report_lost(story: Story, who: str) -> None:
    ask(story, who, "", certificate_verb="suspend")


@step(parsers.parse('"{who}"对证书申请"{outcome}"'))
def decide(story: Story, who: str, outcome: str) -> None:
    stay = story.stay(STEPS[who], who)
    body = {
        "outcome": "approve" if outcome == "同意" else "refuse",
        "opinion": "已核对。",
        "revision": stay.revision,
    }
    story.act(who, "POST", f"{API}/tasks/{stay.id}/complete", json=body)


@step(parsers.parse('"{who}"有一张有效的证书'))
def have(story: Story, processes: Processes, who: str) -> None:
    _issued(story, processes, who)


@step(parsers.parse('"{who}"有一张仅用于登录的证书'))
def have_for_login(story: Story, processes: Processes, who: str) -> None:
    _issued(story, processes, who, certificate_purpose="login")


@step(parsers.parse('"{who}"保管的单位印章有证书'))
def have_for_seal(story: Story, processes: Processes, who: str) -> None:
    with story.change() as session:
        keeper = organization.person_by_login(session, who)
        seal = Seal(
            unit_id=keeper.unit_id,
            kind="unit",
            wording="江洲县水务局",
            diameter=42,
            keeper_id=keeper.id,
            made_at=story.at,
        )
        session.add(seal)
    _issued(story, processes, who, certificate_seal="江洲县水务局")


@step(parsers.parse('"{who}"签收"{holder}"的证书'))
def accept(story: Story, who: str, holder: str) -> None:
    story.act(who, "POST", f"{API}/certificates/{newest(story, holder)}/accept")


@step(parsers.parse('"{who}"冻结"{holder}"的证书，原因"{reason}"'))
def suspend(story: Story, who: str, holder: str, reason: str) -> None:
    path = f"{API}/certificates/{newest(story, holder)}/suspend"
    story.act(who, "POST", path, json={"reason": reason})


@step(parsers.parse('"{who}"解冻"{holder}"的证书，原因"{reason}"'))
def resume(story: Story, who: str, holder: str, reason: str) -> None:
    path = f"{API}/certificates/{newest(story, holder)}/resume"
    story.act(who, "POST", path, json={"reason": reason})


@step(parsers.parse('"{who}"撤销"{holder}"的证书，情形"{cause}"，事由"{reason}"'))
def revoke(story: Story, who: str, holder: str, cause: str, reason: str) -> None:
    path = f"{API}/certificates/{newest(story, holder)}/revoke"
    story.act(who, "POST", path, json={"cause": cause, "reason": reason})


@step(parsers.parse('"{who}"确认"{holder}"的载体交回'))
def give_back(story: Story, who: str, holder: str) -> None:
    path = f"{API}/certificates/{newest(story, holder)}/return"
    story.act(who, "POST", path, json={"note": "已收回"})


@step(parsers.parse("证书用了{days:d}天"))
def days_pass(story: Story, days: int) -> None:
    """People changed their passwords meanwhile, and their tokens, which live a year."""
    story.at += timedelta(days=days)
    story.tokens = {}
    with story.change() as session:
        session.execute(sa.update(Account).values(changed_at=story.at))


@step(parsers.parse('系统管理员停用"{who}"'))
def deactivate(story: Story, who: str) -> None:
    with story.change() as session:
        admin = organization.person_by_login(session, "system.admin")
        by = organization.actor(session, admin.id)
        person = organization.person_by_login(session, who)
        operations.deactivate(session, by, story.at, person=person)


@step("单位更名")
def rename(story: Story) -> None:
    """By whoever keeps the seals of the unit (app.seals.registry)."""
    with story.change() as session:
        unit = session.query(Unit).filter_by(key=COUNTY).one()
        leaving.follow_unit(session, unit.id, story.at, "单位更名")


@step("签发机构移出名录")
def strike(story: Story) -> None:
    with story.change() as session:
        root = session.scalars(sa.select(Certificate).where(Certificate.role == "root")).one()
        root.state = "suspended"


@step("机关单位和其他单位各有一张2020年到期的证书")
def two_old_ones(story: Story) -> None:
    with story.change() as session:
        for key, kind in ((COUNTY, "government"), (CITY, "other")):
            unit = session.query(Unit).filter_by(key=key).one()
            policy.choose(session, BY, unit, {"kind": kind}, story.at, reason="性质", source="")
            since = EXPIRED - timedelta(days=700)
            _, der = Hierarchy(since).certify(profiles.PERSON, kind, since=since, until=EXPIRED)
            enter(session, der, "person", since, unit_id=unit.id)


@step("2029年清理到期的证书档案")
def purge(story: Story, processes: Processes) -> None:
    with story.change() as session:
        at = datetime(2029, 6, 1, tzinfo=UTC)
        processes.cleared += clearing.clear(session, BY, at, "到期清理")


@then(parsers.parse('"{who}"不能下载证书登记簿'))
def may_not_download(story: Story, who: str) -> None:
    assert story.look(who, "/certificates/register.csv").status_code == 403


@then(parsers.parse('"{who}"没有证书'))
def has_none(story: Story, who: str) -> None:
    assert story.see(who, f"{API}/certificates/mine")["items"] == []


@then(parsers.parse('"{who}"的证书是"{state}"'))
def is_in_state(story: Story, who: str, state: str) -> None:
    found = story.see("secretary", f"{API}/certificates?q={who}")["items"]
    assert found[0]["state_label"] == state


@then(parsers.parse('证书的办理经过是"{verbs}"'))
def history_is(story: Story, verbs: str) -> None:
    found = story.see("secretary", f"{API}/certificates/{newest(story)}")["history"]
    assert [each["verb"] for each in found] == people(verbs)


@then(parsers.parse('"{who}"可以用证书签名'))
def may_sign(story: Story, who: str) -> None:
    with story.session() as session:
        person = organization.person_by_login(session, who)
        assert standing.of_person(session, person.id, story.at).person_id == person.id


@then(parsers.parse('"{who}"不能用证书签名，理由含"{words}"'))
def may_not_sign(story: Story, who: str, words: str) -> None:
    """What the signer is told before it opens the key."""
    with story.session() as session:
        person = organization.person_by_login(session, who)
        with pytest.raises(CertificateUnusable, match=words):
            standing.of_person(session, person.id, story.at)


@then(parsers.parse('印章不能使用，理由含"{words}"'))
def may_not_seal(story: Story, words: str) -> None:
    with story.session() as session:
        seal = session.scalars(sa.select(Seal)).one()
        with pytest.raises(CertificateUnusable, match=words):
            standing.of_seal(session, seal.id, story.at)


@then("签收时的协议版本已留存")
def agreement_kept(story: Story) -> None:
    with story.session() as session:
        query = sa.select(CertificateChange.details).where(CertificateChange.verb == "accept")
        assert session.scalars(query).one()["agreement"] == "1"


@then("审核和签发的时限合计5个工作日")
def five_days(story: Story) -> None:
    """Monday: three days for the check, two more for the issue."""
    (task,) = story.case()["open_tasks"]
    assert task["due_at"].startswith("2026-11-26"), task["due_at"]
    decide(story, "secretary", "同意")
    (task,) = story.case()["open_tasks"]
    assert task["due_at"].startswith("2026-11-25"), task["due_at"]


@then("载体待交回")
def carrier_due(story: Story) -> None:
    with story.session() as session:
        assert session.scalars(sa.select(CarrierReturn)).one().confirmed_at is None


@then("载体已交回")
def carrier_back(story: Story) -> None:
    with story.session() as session:
        assert session.scalars(sa.select(CarrierReturn)).one().confirmed_at is not None


@then(parsers.parse('有一份自动提起的证书变更，原因"{cause}"'))
def opened_by_rule(story: Story, cause: str) -> None:
    (found,) = story.see("secretary", f"{API}/certificates/applications")["items"]
    assert (found["verb"], found["asked_by"], found["case_id"]) == ("change", None, None)
    page = story.look("secretary", "/certificates/").get_data(as_text=True)
    assert f"证书变更：{cause}" in page


@then(parsers.parse('"{who}"查得证书现在是"{now}"，冻结之前是"{then}"'))
def state_then_and_now(story: Story, who: str, now: str, then: str) -> None:
    words = {"冻结": "suspended", "有效": "valid"}
    with story.session() as session:
        row = session.get_one(Certificate, newest(story))
        moment = row.issued_at.isoformat().replace("+", "%2B")
    found = story.see(who, f"{API}/certificates/status?serial={row.serial}&at={moment}")
    assert (found["state"], found["state_then"]) == (words[now], words[then])


@then(parsers.parse('"{who}"查得有效{valid:d}张、冻结{suspended:d}张'))
def counts_are(story: Story, who: str, valid: int, suspended: int) -> None:
    (found,) = story.see(who, f"{API}/certificates/counts")["items"]
    assert found["counts"] == {"valid": valid, "suspended": suspended}


@then(parsers.parse('"{who}"下载的登记簿有{count:d}张证书'))
def register_has(story: Story, who: str, count: int) -> None:
    lines = story.look(who, "/certificates/register.csv").get_data(as_text=True).splitlines()
    assert len(lines) == count + 1


@then("只清理了其他单位的证书档案")
def only_one_cleared(story: Story, processes: Processes) -> None:
    assert len(processes.cleared) == 1
    with story.session() as session:
        kept = session.scalars(_old()).one()
        assert session.get_one(Unit, kept.unit_id).key == COUNTY


@then("数据库不允许提前删除机关单位的证书")
def database_refuses(story: Story) -> None:
    with story.session() as session:
        kept = session.scalars(_old()).one()
        with pytest.raises(DatabaseError, match="kept until their time"):
            session.execute(sa.delete(Certificate).where(Certificate.id == kept.id))


def ask(story: Story, who: str, names: str, **form: Any) -> None:
    """Fill in the request on its route and submit it; the submission is the latest act."""
    body = {"title": "办理数字证书", "body": "工作需要。"}
    answer = story.act_as_usual(who, f"{API}/requests/certificate", body)
    assert answer.status_code == 201, answer.json
    with story.session() as session:
        case = session.get_one(Case, answer.json["case"]["id"])
        story.paper = Paper(case.document_id, case.id)
    story.papers.append(story.paper)
    for name in filter(None, names.split("、")):
        data = {"file": (io.BytesIO(files.pdf()), name)}
        path = f"{API}/documents/{story.paper.document}/attachments"
        story.act(who, "POST", path, data=data, content_type="multipart/form-data")
    stay = story.stay("apply", who)
    fields = {"certificate_agreement": True, **{k: v for k, v in form.items() if v}}
    given = {"opinion": "", "revision": stay.revision, "fields": fields}
    story.act(who, "POST", f"{API}/tasks/{stay.id}/complete", json=given)


def newest(story: Story, holder: str = "") -> int:
    with story.session() as session:
        query = sa.select(Certificate.id).where(Certificate.role.in_(("person", "seal")))
        if holder:
            person = organization.person_by_login(session, holder)
            query = query.where(Certificate.person_id == person.id)
        return int(session.scalars(query.order_by(Certificate.id.desc())).first() or 0)


def _issued(story: Story, processes: Processes, who: str, **form: Any) -> None:
    """The whole way, accepted by the holder."""
    ask(story, who, FILES, certificate_verb="issue", **form)
    for each in STEPS:
        decide(story, each, "同意")
    turn(story, processes)
    story.act(who, "POST", f"{API}/certificates/{newest(story)}/accept")
    assert story.answer is not None
    assert story.answer.status_code == 200, story.answer.json


def _old() -> sa.Select[Certificate]:
    return sa.select(Certificate).where(Certificate.not_after == EXPIRED)
