"""How far a document has come, and which steps that closes or opens (property ``requires``)."""

from collections.abc import Iterable, Sequence

from app.documents import kinds
from app.documents.models import OUTGOING_STATES
from app.errors import Invalid
from app.handling.act import Act
from app.workflow.definitions import Step

UNSIGNED = OUTGOING_STATES[:2]
SIGNED = OUTGOING_STATES[2:5]
SENT = OUTGOING_STATES[5:]
STANDING = {
    "unsigned": UNSIGNED,
    "signed": SIGNED,
    "numbered": SIGNED[1:],
    "sealed": SIGNED[2:],
    "dispatched": SENT,
}
"""States of a document that satisfy each word; what has been sent is only for the last one."""
TOPICS = {
    # topic: (states in which it can run, state after it)
    "write-signatory": (UNSIGNED, "signed"),
    "enter-scan": (UNSIGNED, "numbered"),
    "take-back-sign-off": (SIGNED, "reviewing"),
    "register-number": (SIGNED[:2], "numbered"),
    "seal": (SIGNED[1:2], "sealed"),
    "dispatch": (SIGNED[1:], "dispatched"),
    "archive": (SENT, "dispatched"),
}
"""What the service tasks of the shipped routes make of an outgoing document."""
FIRST = {
    "signed": "请先送签发",
    "numbered": "请先编号",
    "sealed": "请先用印",
    "dispatched": "请先发文",
}


def ensure_ready(act: Act, step: Step) -> None:
    """Raises Invalid at ``outcome`` when the document is not yet, or no longer, for this step."""
    problem = unready(step, act.document.state)
    if problem:
        raise Invalid.at("outcome", problem)


def refusal(act: Act, topics: Iterable[str], steps: Iterable[Step]) -> str | None:
    """The same beforehand, for a way that passes these service tasks and opens these steps."""
    state = act.document.state
    for topic in topics:
        possible, after = TOPICS.get(topic, ((state,), state))
        if state not in possible:
            return _sentence(state, possible)
        state = after
    problems = (unready(step, state) for step in steps)
    return next((each for each in problems if each), None)


def unready(step: Step, state: str) -> str | None:
    """Why a document in this state cannot come to the step; None where it can."""
    wanted = step.properties.get("requires")
    if not wanted or state in STANDING[wanted]:
        return None
    return _sentence(state, STANDING[wanted])


def _sentence(state: str, possible: Sequence[str]) -> str:
    """What has to be done first, or that it is too late."""
    if state not in OUTGOING_STATES:
        return f"此件{kinds.STATES[state]}，不能这样办理。"
    if OUTGOING_STATES.index(state) < OUTGOING_STATES.index(possible[0]):
        return f"此件还不能这样办理，{FIRST[possible[0]]}。"
    if possible == UNSIGNED and state not in SENT:
        return f"此件{kinds.STATES[state]}；要再送，请先收回签发，改后重新送审。"
    return f"此件{kinds.STATES[state]}，不能再这样办理。"
