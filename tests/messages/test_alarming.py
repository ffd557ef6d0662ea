"""An alarm about an account reaches the security administrators of that unit and nobody else.

One about the record reaches the auditors of every unit.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import organization
from app.audit.cosigning import alarms as of_the_record
from app.messages.models import Outbox
from app.organization import alarms
from tests.messages.conftest import reach
from tests.world import MONDAY


def test_the_security_administrators_of_the_unit_are_told(
    sessions: sessionmaker[Session],
) -> None:
    with sessions() as session:
        security = reach(session, "security.admin")
        for login in ("system.admin", "city.security.admin", "leader"):
            reach(session, login)
        leader = organization.person_by_login(session, "leader").id
        alarms.sound(session, "locked", leader, "10.0.0.7", MONDAY)
        session.commit()
        (told,) = session.scalars(sa.select(Outbox)).all()
    assert (told.person_id, told.kind, told.state) == (security, "security", "waiting")
    assert told.subject == "账号告警：刘国强（leader）连续输错，账号锁定"
    assert told.body.rstrip().endswith("http://oa.example.cn/security/")


def test_the_auditors_of_every_unit_are_told_of_the_record(
    sessions: sessionmaker[Session],
) -> None:
    alarm = of_the_record.Alarm("witness-refused:1:7", "审计记录告警：前后不一", "请联系。")
    with sessions() as session:
        auditors = {reach(session, login) for login in ("auditor", "city.auditor")}
        for login in ("system.admin", "security.admin", "leader"):
            reach(session, login)
        for _ in range(2):  # said once for ever
            of_the_record.sound(session, alarm, MONDAY)
        session.commit()
        told = session.scalars(sa.select(Outbox)).all()
    assert {each.person_id for each in told} == auditors
    assert len(told) == len(auditors)
    assert {each.subject for each in told} == {alarm.subject}
    assert told[0].body.startswith("请联系。")
    assert told[0].body.rstrip().endswith("http://oa.example.cn/audit/")
