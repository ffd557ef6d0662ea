"""Telling who has to look into an alarm at once, at any hour.

Of an account the security administrators of its unit; of the record the auditors of every unit.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.cosigning.alarms import Alarm as RecordAlarm
from app.messages.queueing import Message, queue
from app.organization import Unit, people_of_role, roles
from app.organization.alarms import KINDS, Alarm


def tell_security(session: Session, alarm: Alarm, at: datetime) -> None:
    """One message to each; who has no address finds the alarm on his page."""
    subject = f"账号告警：{alarm.name}（{alarm.login}）{KINDS[alarm.kind]}"
    message = Message(
        key=f"account-alarm:{alarm.id}",
        kind="security",
        subject=subject,
        body=f"{subject}。请核实是否本人操作，并写明处理情况。",
        path="/security/",
    )
    told = [each.id for each in people_of_role(session, roles.SECURITY_ADMIN, alarm.unit_id)]
    queue(session, message, told, at)


def tell_auditors(session: Session, alarm: RecordAlarm, at: datetime) -> None:
    """One message to each, kept apart by what it is about; 记录核验 shows it too."""
    message = Message(
        key=alarm.key,
        kind="security",
        subject=alarm.subject,
        body=alarm.sentence,
        path="/audit/",
    )
    units = session.scalars(sa.select(Unit.id).order_by(Unit.id)).all()
    told = {each.id for unit in units for each in people_of_role(session, roles.AUDITOR, unit)}
    queue(session, message, sorted(told), at)
