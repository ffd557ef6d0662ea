"""How far a document has come, and which steps that closes or opens (property ``requires``)."""

from collections.abc import Iterable

from app.documents import kinds
from app.errors import Invalid
from app.handling.act import Act
from app.workflow.definitions import Step

UNSIGNED = ("draft", "reviewing")
SIGNED = ("signed", "numbered", "sealed", "dispatched")
STANDING = {
    "unsigned": UNSIGNED,
    "signed": SIGNED,
    "numbered": SIGNED[1:],
    "sealed": SIGNED[2:],
    "dispatched": SIGNED[3:],
}
"""States of a document that satisfy each word of ``requires``."""
LACKING = {
    "unsigned": "请先收回签发，改后重新送审",
    "signed": "请先送签发",
    "numbered": "请先编号",
    "sealed": "请先用印",
    "dispatched": "请先发文",
}
TOPICS = {
    # topic: (states in which it can run, state after it)
    "write-signatory": (UNSIGNED, "signed"),
    "take-back-sign-off": (SIGNED[:3], "reviewing"),
    "register-number": (SIGNED[:2], "numbered"),
    "seal": (SIGNED[1:2], "sealed"),
    "dispatch": (SIGNED[1:3], "dispatched"),
    "archive": (SIGNED[3:], "dispatched"),
}
"""What the service tasks of the shipped routes make of an outgoing document."""


def ensure_ready(act: Act, step: Step) -> None:
    """Raises Invalid at ``outcome`` when the document is not yet, or no longer, for this step."""
    problem = _problem(step, act.document.state)
    if problem:
        raise Invalid.at("outcome", problem)


def refusal(act: Act, topics: Iterable[str], steps: Iterable[Step]) -> str | None:
    """The same beforehand, for a way that passes these service tasks and opens these steps."""
    state = act.document.state
    for topic in topics:
        possible, after = TOPICS.get(topic, ((state,), state))
        if state not in possible:
            return f"此件{kinds.STATES[state]}，现在不能这样办理。"
        state = after
    problems = (_problem(step, state) for step in steps)
    return next((each for each in problems if each), None)


def _problem(step: Step, state: str) -> str | None:
    wanted = step.properties.get("requires")
    if not wanted or state in STANDING[wanted]:
        return None
    what = LACKING[wanted]
    if wanted == "unsigned" and state == "dispatched":
        what = "不能再改"
    return f"此件{kinds.STATES[state]}，不能送“{step.name}”，{what}。"
