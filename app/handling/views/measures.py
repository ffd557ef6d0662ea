"""What process administrators did to a case, as its own pages show it (S12)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.handling.act import Act
from app.handling.acts import intervening
from app.handling.models import Intervention
from app.organization import Person


@dataclass(frozen=True)
class Measure:
    """What process administrators did to the case; stands beside the stay that it was about.

    label  跳转, 改派, 暂停 or 恢复
    """

    label: str
    reason: str
    clause: str
    proposer: str
    decider: str
    at: datetime


def measures(act: Act) -> list[tuple[int | None, Measure]]:
    """Each with the stay that it was about, oldest first; None for the case as a whole."""
    proposer, decider = aliased(Person), aliased(Person)
    query = (
        sa.select(Intervention, proposer.name, decider.name)
        .join(proposer, proposer.id == Intervention.proposed_by_id)
        .join(decider, decider.id == Intervention.decided_by_id)
        .where(Intervention.case_id == act.case.id, Intervention.state == "done")
        .order_by(Intervention.id)
    )
    return [
        (
            each.task_id,
            Measure(
                label=intervening.KINDS[each.kind],
                reason=each.reason,
                clause=each.clause,
                proposer=proposed_by,
                decider=decided_by,
                at=each.decided_at or each.proposed_at,
            ),
        )
        for each, proposed_by, decided_by in act.session.execute(query)
    ]
