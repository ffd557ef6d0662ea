"""更多…: the acts beside the decision, as far as this stay and this person allow them."""

from dataclasses import dataclass

from flask import url_for

from app.handling.act import Act


@dataclass(frozen=True)
class More:
    """A link to the page of an act."""

    label: str
    url: str


def at_task(act: Act) -> list[More]:
    """What its person may do with an open stay besides deciding."""
    found = [More("转办、征求意见", url_for("desk.hand_over", id=act.stay.id))]
    if act.step.signing is not None and act.stay.kind == "step":
        found.append(More("加签、减签", url_for("desk.signers", id=act.stay.id)))
    found.append(More("传阅、专送", url_for("desk.circulate", id=act.document.id)))
    return found
