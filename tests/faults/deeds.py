"""What somebody at work may send next: an act, chosen by chance among those that fit the stay."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RETURNS = ("dept_review", "office_check", "leader_sign")
SIGNING = "sign_parallel"
LEADERS = ("leader2", "leader3", "leader")
COLLEAGUES = ["dept.deputy", "secretary"]


@dataclass(frozen=True)
class Stay:
    """An open stay as the database has it; ``login``: one of who may act there."""

    id: int
    case_id: int
    document_id: int
    step: str
    kind: str
    revision: int
    login: str

    @property
    def only_asks(self) -> bool:
        return self.kind == "consult"


@dataclass(frozen=True)
class Deed:
    """One act to send. ``sends_on``: its author may take it back afterwards."""

    kind: str
    login: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    sends_on: bool = False


def at(stay: Stay, chance: random.Random) -> Deed:
    """Mostly the work itself, now and then each of the other acts."""
    dice = chance.random()
    if dice > 0.99:
        return Deed("cancel", "drafter", f"/cases/{stay.case_id}/cancel")
    if dice > 0.9:
        return _beside(stay, chance)
    if stay.step == "draft" and dice < 0.5:
        return Deed("attach", "drafter", f"/documents/{stay.document_id}/attachments")
    if stay.step == SIGNING and not stay.only_asks and dice < 0.2:
        return _add_signer(stay, chance)
    if stay.step in RETURNS and not stay.only_asks and dice < 0.1:
        body = {"to": "draft", "revision": stay.revision}
        return Deed("return", stay.login, f"/tasks/{stay.id}/return", body)
    if stay.step in RETURNS and dice < 0.25:
        return _hand_over(stay, chance)
    body = {"revision": stay.revision, "any_hour": True, **_choices(stay)}
    return Deed("complete", stay.login, f"/tasks/{stay.id}/complete", body, sends_on=True)


def take_back(stay: Stay) -> Deed:
    return Deed("withdraw", stay.login, f"/tasks/{stay.id}/withdraw")


def propose(stay: Stay, kind: str) -> Deed:
    """By one process administrator; :func:`confirm` is by the other."""
    body = {"kind": kind, "clause": "局长批示"}
    return Deed("propose", "process.admin", f"/cases/{stay.case_id}/interventions", body)


def confirm(proposal: int) -> Deed:
    return Deed("decide", "process.admin2", f"/interventions/{proposal}/decision", {"agree": True})


def _beside(stay: Stay, chance: random.Random) -> Deed:
    """Acts after which the document is where it was."""
    if chance.random() < 0.5:
        return Deed("urge", "drafter", f"/tasks/{stay.id}/urge")
    body = {"readers": [chance.choice([*LEADERS, *COLLEAGUES])]}
    return Deed("circulate", "drafter", f"/documents/{stay.document_id}/circulation", body)


def _add_signer(stay: Stay, chance: random.Random) -> Deed:
    body = {
        "logins": [chance.choice(COLLEAGUES)],
        "position": chance.choice(["before", "after", "parallel"]),
        "revision": stay.revision,
    }
    return Deed("add_signers", stay.login, f"/tasks/{stay.id}/signers", body)


def _hand_over(stay: Stay, chance: random.Random) -> Deed:
    people = [each for each in LEADERS if each != stay.login]
    mode = chance.choice(["transfer", "consult"])
    body = {"to": chance.choice(people), "mode": mode, "revision": stay.revision}
    return Deed("hand_over", stay.login, f"/tasks/{stay.id}/hand-over", body)


def _choices(stay: Stay) -> dict[str, Any]:
    if stay.only_asks:
        return {}
    if stay.step == "office_check":
        return {"fields": {"countersign_mode": "parallel"}}
    return {"outcome": "approve"} if stay.step == SIGNING else {}
