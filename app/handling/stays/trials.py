"""What an act asks of the engine, in plain values: it is played, and if it failed played again.

Acts and the rehearsals of administrators go through :func:`play`, so that what is tried again is
what was tried.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from app.handling.act import Act
from app.handling.errors import FaultPlace, StepFault
from app.handling.stays import timers
from app.handling.stays.skipping import go_on
from app.workflow import operations as engine
from app.workflow.errors import EngineFault
from app.workflow.moves import Move

VERBS: Mapping[str, Callable[..., Move]] = {
    "complete": engine.complete,
    "return_to": engine.return_to,
    "withdraw_to": engine.withdraw_to,
    "add_signers": engine.add_signers,
    "remove_signers": engine.remove_signers,
}
"""Verbs of the engine by the names under which incidents keep them."""

Call = tuple[str, Mapping[str, Any]]
"""A verb and its arguments."""


@dataclass(frozen=True)
class Trial:
    """What is tried.

    words    what the person did, as the list of faults says it: 以“同意”办结
    calls    of the engine, in this order; the last one moves the document
    goes_on  it opens what comes next: steps that rules skip are passed in the same act
    """

    words: str
    calls: Sequence[Call]
    goes_on: bool = True

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Trial":
        """As an incident has kept it."""
        return cls(kept["words"], [(verb, given) for verb, given in kept["calls"]], kept["goes_on"])


def play(act: Act, trial: Trial) -> Move:
    """Move the document in the engine, past the steps that rules skip. Raises StepFault."""
    with noticed(act, trial):
        moves = [
            VERBS[verb](act.session, act.engine, context=act, **given)
            for verb, given in trial.calls
        ]
        move = go_on(act, moves[-1]) if trial.goes_on else moves[-1]
        timers.follow(act, [*moves[:-1], move])
        return move


@contextmanager
def noticed(act: Act, trial: Trial) -> Iterator[None]:
    """What the engine cannot do within this block becomes a StepFault, with all to try it again.

    The place is read before: a statement that failed leaves a session that reads nothing.
    """
    place = _place(act, trial)
    try:
        yield
    except EngineFault as fault:
        raise StepFault(place, fault) from fault


def _place(act: Act, trial: Trial) -> FaultPlace:
    stay = act.stay
    return FaultPlace(
        case_id=act.case.id,
        document_id=act.document.id,
        task_id=stay.id,
        open=stay.state == "open",
        step=stay.step,
        step_name=stay.step_name,
        words=trial.words,
        trial=asdict(trial),
        person_id=act.actor.person_id,
        login=act.actor.login,
        name=act.actor.name,
    )
