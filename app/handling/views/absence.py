"""Who would be next and is away: until when, and who stands in for him (ORG-28, DDL-01)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.handling.act import Act
from app.handling.stays import limits
from app.handling.stays.standing_in import concerns, may_act
from app.organization import absences, periods, standing
from app.organization.absences import Away
from app.organization.standing import Standing

SOON = timedelta(days=1)
"""How far ahead an absence matters where the step has no limit."""


def sentences(act: Act, step: str | None, people: Sequence[tuple[str, str]]) -> list[str]:
    """What a sender should know; one statement while nobody is away.

    step    the step that would open; None where it depends on a choice still to be made
    people  (login, name) of all who may act there
    """
    found = _first_of_each(
        absences.away(act.session, [login for login, _ in people], act.at, _ends(act, step))
    )
    if not found:
        return []
    agents = {each.person_id: _agent(act, step, each) for each in found}
    if len(people) == 1:
        return [_alone(_when(found[0], act.at), agents[found[0].person_id])]
    away = "；".join(_one(_when(each, act.at), agents[each.person_id]) for each in found)
    return [f"▲ {len(people)} 人中 {len(found)} 人外出：{away}。"]


def _ends(act: Act, step: str | None) -> datetime:
    """When the stay would run out if it began now: who is away by then may miss the limit."""
    limit = limits.of_step(act, act.definition.step(step), act.at) if step else None
    return max(limit.due_at, act.at + SOON) if limit else act.at + SOON


def _first_of_each(found: Sequence[Away]) -> list[Away]:
    first: dict[int, Away] = {}
    for each in found:
        first.setdefault(each.person_id, each)
    return list(first.values())


def _agent(act: Act, step: str | None, away: Away) -> Standing | None:
    """Whoever will stand in when the absence has begun, as far as he may act at this step."""
    begun = max(away.since, act.at)
    opened = act.definition.step(step) if step else None
    for each in standing.in_force(act.session, [away.person_id], begun):
        if concerns(act, each) and may_act(act, opened, each):
            return each
    return None


def _alone(away: str, agent: Standing | None) -> str:
    if agent is None:
        return f"▲ {away}外出，无代办人，可能超时。"
    return f"▲ {away}外出，由{agent.agent}代办，记“代”。"


def _one(away: str, agent: Standing | None) -> str:
    return f"{away}，由{agent.agent}代办" if agent else f"{away}，无代办人，可能超时"


def _when(away: Away, at: datetime) -> str:
    """``王建军 11月28日前``: away until just before that moment; to come: ``11月26日至27日``."""
    if away.since > at:
        return f"{away.name} {away.days}"
    return f"{away.name} {periods.moment(away.until)}前"
