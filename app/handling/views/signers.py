"""会签名单: who has signed, whose turn it is, who is still to come, and who may be let off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app import organization
from app.handling.act import Act
from app.handling.acts.removing_signers import may_remove
from app.handling.models import Task
from app.handling.stays.signings import stays_of
from app.handling.views.rows import people_at
from app.workflow import queries as routes
from app.workflow.signers import Signer

STATES = {"signed": "已签", "present": "在签", "waiting": "待签"}


@dataclass(frozen=True)
class SignerLine:
    """One person of a running signing, in the order of their turns.

    login      whom the signing names; ``held_by`` names who has the place now, where it is not he
    outcome    what he chose, once he has signed
    added_by   who asked for him; None for those who were named when it began
    removable  the person who looks may let him off
    """

    login: str
    name: str
    state: str
    held_by: Sequence[str]
    outcome: str | None
    added_by: str | None
    removable: bool

    @property
    def state_words(self) -> str:
        return STATES[self.state]

    @property
    def missing(self) -> bool:
        return self.state != "signed"


@dataclass(frozen=True)
class Signing:
    """A running signing; ``task_id`` is one of its open stays, by which it is addressed.

    named  whose stay that is in the signing
    """

    task_id: int
    step: str
    step_name: str
    named: str | None
    lines: Sequence[SignerLine]

    @property
    def missing(self) -> Sequence[str]:
        """Names of those who have not signed (CSG-02)."""
        return [each.name for each in self.lines if each.missing]

    @property
    def missing_besides(self) -> Sequence[str]:
        """The same without the one whose stay this is."""
        return [each.name for each in self.lines if each.missing and each.login != self.named]

    @property
    def removable(self) -> Sequence[SignerLine]:
        return [each for each in self.lines if each.removable]


def at_task(act: Act) -> Signing | None:
    """The signing that the open stay in hand belongs to; None for any other stay."""
    task = act.stay
    if task.state != "open" or act.step.signing is None or act.case.state != "running":
        return None
    found = routes.signers(act.session, act.engine, task.token)
    stays = {each.named: each for each in stays_of(act)}  # the latest of each
    logins = {each.person for each in found} | {each.by for each in found if each.by}
    names = organization.names_of(act.session, logins)
    open_ids = [each.id for each in stays.values() if each.state == "open"]
    people = people_at(act.session, open_ids)
    lines = [_line(act, each, stays.get(each.person), names, people, len(found)) for each in found]
    return Signing(task.id, task.step, task.step_name, task.named, lines)


def of_case(act: Act) -> list[Signing]:
    """Every signing that runs in a case, with one of its stays."""
    query = sa.select(Task).where(Task.case_id == act.case.id, Task.state == "open")
    first: dict[str, Task] = {}
    for task in act.session.scalars(query.order_by(Task.id)):
        first.setdefault(task.step, task)
    found = (at_task(replace(act, task=task)) for task in first.values())
    return [each for each in found if each is not None]


def _line(
    act: Act,
    signer: Signer,
    stay: Task | None,
    names: dict[str, str],
    people: dict[int, list[tuple[str, str]]],
    count: int,
) -> SignerLine:
    signed = signer.state == "signed"
    present = stay is not None and stay.state == "open" and signer.state == "present"
    holders = people.get(stay.id, []) if stay is not None and present else []
    return SignerLine(
        login=signer.person,
        name=names.get(signer.person, signer.person),
        state=signer.state,
        held_by=[name for login, name in holders if login != signer.person],
        outcome=stay.outcome_label if stay is not None and signed else None,
        added_by=names.get(signer.by, signer.by) if signer.by else None,
        removable=not signed and count > 1 and may_remove(act, signer),
    )
