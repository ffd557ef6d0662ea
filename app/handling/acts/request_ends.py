"""How a request ends: it has passed, or somebody did not agree; its applicant is told."""

from app.documents import requests
from app.handling.act import Act
from app.handling.stays.notices import tell


def approve(act: Act) -> None:
    _decide(act, approved=True, word="已通过")


def refuse(act: Act) -> None:
    """Any refusal on the way ends the request (PAP-04)."""
    _decide(act, approved=False, word=f"未通过：{act.actor.name}不同意")


def _decide(act: Act, *, approved: bool, word: str) -> None:
    requests.decide(act.session, act.document, act.as_candidate, act.at, approved=approved)
    text = f"{act.case.process_name}{word}。"
    tell(act.session, [act.case.kept_by], "decided", act.case.id, None, text, act.at)
