"""The blueprint of 归档移交, and the tabs above its pages."""

from typing import Any

from flask import Blueprint, render_template

from app.database import current_session
from app.handling.filing import listing, sheets
from app.handling.filing.listing import Wanted
from app.handling.ledger.finding import ensure_staff
from app.web import ids
from app.web.current import current_actor

blueprint = Blueprint("archive", __name__, url_prefix="/archive")
blueprint.url_value_preprocessor(ids.refuse_impossible)


@blueprint.before_request
def _staff_only() -> None:
    ensure_staff(current_actor())


def draw(template: str, **shown: Any) -> str:
    """A page under the tabs, which say how much waits behind each."""
    session, actor = current_session(), current_actor()
    counts = {
        **listing.counts(session, actor, Wanted()),
        "proposed": sheets.waiting(session, actor),
    }
    session.commit()
    return render_template(f"archive/{template}", counts=counts, **shown)
