"""Which acts are out of the ordinary: what an auditor looks for first."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

RETURNED, WITHDRAWN, OVERDUE, REFUSED, AGENT = 1, 2, 4, 8, 16
MEASURE, VOIDED, SKIPPED, FAILED, VERSION = 32, 64, 128, 256, 512

DEVIATIONS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        RETURNED: ("returned", "退回"),
        WITHDRAWN: ("withdrawn", "撤回"),
        OVERDUE: ("overdue", "超时"),
        REFUSED: ("refused", "拒绝"),
        AGENT: ("agent", "代办"),
        MEASURE: ("measure", "破窗（管理措施）"),
        VOIDED: ("voided", "作废、失效"),
        SKIPPED: ("skipped", "按规则跳过"),
        FAILED: ("failed", "故障、核验不通过"),
        VERSION: ("version", "换版本"),
    }
)
"""Bit, key and label of each; an act may be several at once, such as a return by an agent.

A handover of a post (岗位交接) is none: whoever takes over is in order as the new holder.
"""

KEYS: Mapping[str, int] = MappingProxyType({key: bit for bit, (key, _) in DEVIATIONS.items()})

_ACTIONS: Mapping[int, frozenset[str]] = MappingProxyType(
    {
        RETURNED: frozenset({"task.returned", "document.returned"}),
        WITHDRAWN: frozenset(
            {
                *("task.withdrawn", "circulation.recalled", "task.asked_no_more"),
                *("task.signer_removed", "case.cancelled"),
            }
        ),
        OVERDUE: frozenset(
            {
                *("task.overdue", "supervision.overdue", "supervision.escalated"),
                *("receipt_check.overdue", "checkin.missed", "task.urged_in_vain"),
            }
        ),
        MEASURE: frozenset(
            {
                *("case.intervention_proposed", "case.intervention_refused"),
                *("case.intervention_done", "case.intervention_withdrawn", "task.assigned"),
                *("incident.repaired", "incident.dismissed", "due.dismissed"),
                *("number.voided", "number.skipped"),
            }
        ),
        VOIDED: frozenset(
            {
                *("case.voided", "case.unsealed", "number.voided", "document.marks_taken_back"),
                *("signature.ended", "document.cancelled"),
            }
        ),
        SKIPPED: frozenset({"task.skipped"}),
        VERSION: frozenset({"case.migrated", "case.migration_undone"}),
        FAILED: frozenset({"incident.raised", "case.blocked", "task.sending_failed"}),
    }
)


def of_entry(body: Mapping[str, Any]) -> int:
    """The sum of the bits of an entry's body."""
    found = sum(bit for bit, actions in _ACTIONS.items() if body["action"] in actions)
    if body["outcome"] == "refused" or body["action"].endswith(".refused"):
        found |= REFUSED
    if body["outcome"] == "failed":
        found |= FAILED
    if body["principal"]:
        found |= AGENT
    return found


def labels(bits: int) -> list[str]:
    return [label for bit, (_, label) in DEVIATIONS.items() if bits & bit]
