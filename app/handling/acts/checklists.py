"""审查清单 where the diagram asks for it: the property ``checklist`` of a step (DRF-22)."""

from collections.abc import Sequence

from app.documents import review
from app.documents.review import Checked, Checklist
from app.documents.review.checklists import FIELD
from app.errors import Invalid
from app.handling.act import Act


def of_step(act: Act) -> Checklist | None:
    """What the unit's reviewers check at the stay in hand; None where nothing is asked."""
    asked = act.step.properties.get("checklist") == "yes" and act.stay.kind == "step"
    return review.in_force(act.session, act.case.unit_id) if asked else None


def ticked(act: Act, texts: Sequence[str]) -> tuple[Checked, ...]:
    """The list with what the reviewer has ticked, to be kept with his act.

    Raises Invalid for what is not on it, and for what is left unticked where the unit wants all.
    """
    checklist = of_step(act)
    if checklist is None:
        if texts:
            raise Invalid.at(FIELD, f"“{act.step.name}”环节没有审查清单，请不要勾选。")
        return ()
    return checklist.tick(texts)
