"""What takes effect when its time comes, by what it is about; handed to the sweep at start."""

from collections.abc import Mapping

from app.deadlines import Effects
from app.handling import terms
from app.handling.acts import setting_sending
from app.handling.acts.setting_sending import SetSendings
from app.handling.checkins import missing
from app.handling.checkins.missing import CheckTimes
from app.handling.receipts import opening as receipts
from app.handling.receipts.times import ReceiptTimes
from app.handling.stays import agents, timers
from app.handling.stays.firing import DrawnTimers
from app.handling.stays.overdue import TaskLimits
from app.handling.supervision.opening import SUBJECT
from app.handling.supervision.times import SupervisionTimes

EFFECTS: Mapping[str, Effects] = {
    "task": TaskLimits(),
    agents.SUBJECT: agents.DelegationTimes(),
    timers.SUBJECT: DrawnTimers(),
    SUBJECT: SupervisionTimes(),
    missing.SUBJECT: CheckTimes(),
    receipts.SUBJECT: ReceiptTimes(),
    setting_sending.SUBJECT: SetSendings(),
    terms.SUBJECT: terms.TermTimes(),
}
