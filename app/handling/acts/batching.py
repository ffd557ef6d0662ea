"""批量办理: one act at each of several stays, at steps whose diagram lets them be done together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling import afterwards
from app.handling.act import Act, look_at_task
from app.handling.acts.completing import Completion, complete
from app.handling.acts.done import Done
from app.handling.errors import PaperUnchecked
from app.handling.models import Task
from app.organization import Actor

MOST = 50
"""Stays in one batch; more nobody looks over before he confirms."""


@dataclass(frozen=True)
class Item:
    """A stay, with its revision as it was when the list was drawn."""

    id: int
    revision: int


@dataclass(frozen=True)
class Refused:
    """A stay that was left as it is, and why."""

    id: int
    error: DomainError


@dataclass
class Batch:
    """What became of each: acts by the id of their stay, and refusals."""

    done: dict[int, Done] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


def complete_all(
    session: Session,
    actor: Actor,
    items: Sequence[Item],
    outcome: str | None,
    opinion: str = "",
) -> Batch:
    """Complete each stay for itself; one that is refused keeps none of the others back.

    Every act and every missing right has its own entry in the record. Raises Invalid at ``items``
    for none, too many, or one named twice; then nothing has been tried.
    """
    _ensure_fit(items)
    batch = Batch()
    for item in sorted(items, key=_places(session, items).__getitem__):
        try:
            with session.begin_nested():
                batch.done[item.id] = _complete(session, actor, item, outcome, opinion)
        except PaperUnchecked:
            raise  # none of them is done before its paper has been verified, outside of all this
        except (Invalid, Conflict, NotAllowed, NotFound) as error:
            batch.refused.append(Refused(item.id, error))
            _note(session, actor, item, error)
            afterwards.leave(session, error, clock.now(session))
    return batch


def _ensure_fit(items: Sequence[Item]) -> None:
    if not items:
        raise Invalid.at("items", "请至少选择一件。")
    if len(items) > MOST:
        raise Invalid.at("items", f"一次最多批量办理 {MOST} 件，现有 {len(items)} 件。")
    if len({item.id for item in items}) < len(items):
        raise Invalid.at("items", "有的件选了两次，请刷新页面后重新选择。")


def _places(session: Session, items: Sequence[Item]) -> dict[Item, tuple[int, int]]:
    """By case, so that two batches lock the same cases in the same order."""
    query = sa.select(Task.id, Task.case_id).where(Task.id.in_([item.id for item in items]))
    cases = {row.id: row.case_id for row in session.execute(query)}
    return {item: (cases.get(item.id, 0), item.id) for item in items}


def _complete(
    session: Session, actor: Actor, item: Item, outcome: str | None, opinion: str
) -> Done:
    act = look_at_task(session, actor, item.id)
    reason = why_not_batched(act)
    if reason is not None:
        raise Conflict(reason, code="not_in_batch")
    chosen = outcome or act.outcomes[0].key
    done = complete(session, actor, item.id, Completion(chosen, item.revision, opinion))
    session.flush()
    return done


def why_not_batched(act: Act) -> str | None:
    """Why this open stay of the actor must be done for itself; None when it may go with others.

    What is not open or not his is left to :func:`complete`, which says so as everywhere.
    """
    if act.candidate is None or act.stay.state != "open":
        return None
    if act.stay.kind == "consult" or act.step.properties.get("batch") != "yes":
        return f"“{act.stay.step_name}”环节须逐件办理，不能批量办理。"
    if act.stay.opened_at is None:
        return "您还没有打开此件，请先打开阅读，再批量办理。"
    if act.stay.opened_by_id != act.actor.person_id:
        return "此件先由同岗位的同事打开，请单独打开办理。"
    return None


def _note(session: Session, actor: Actor, item: Item, error: DomainError) -> None:
    """A missing right is on record although the request as a whole goes through (S1, B8)."""
    hidden = isinstance(error, NotFound) and error.hidden
    if not hidden and not isinstance(error, NotAllowed):
        return
    audit.record(
        session,
        "request.refused",
        actor.signature(),
        at=clock.now(session),
        outcome="refused",
        reason=error.message,
        detail={"task": item.id, "code": "hidden" if hidden else error.code},
    )
