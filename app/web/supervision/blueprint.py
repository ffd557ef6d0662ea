"""The blueprint of 督办, and the frame that its pages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.database import current_session
from app.handling.supervision.rights import MAY_LOOK
from app.web import ids
from app.web.current import current_actor

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")
blueprint.url_value_preprocessor(ids.refuse_impossible)

TABS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("看板", "supervision.board", {}),
    ("督办件", "supervision.listed", {"kind": "supervision"}),
    ("在办环节", "supervision.listed", {"kind": "stay"}),
    ("核查接收", "supervision.listed", {"kind": "receipt"}),
    ("今日到期", "supervision.listed", {"today": "1"}),
    ("已办结", "supervision.closed", {}),
    ("查收", "supervision.checks", {}),
    ("统计", "supervision.figures", {}),
)


@dataclass(frozen=True)
class Tab:
    """One page of 督办; ``current`` where its address is the present one."""

    label: str
    url: str
    current: bool


def draw(template: str, **shown: Any) -> str:
    """A page with the tabs above it; everything is read before the transaction ends.

    Who was only told of one supervision, such as a leader, may look at it and at no list.
    """
    current_session().commit()
    return render_template(f"supervision/{template}", tabs=_tabs(), **shown)


def _tabs() -> list[Tab]:
    if all(post.role not in MAY_LOOK for post in current_actor().posts):
        return []
    return [
        Tab(label, url_for(endpoint, **values), _is_here(endpoint, values))
        for label, endpoint, values in TABS
    ]


def _is_here(endpoint: str, values: dict[str, Any]) -> bool:
    """A list is told by what it is narrowed to; what ends today may be of either kind."""
    if endpoint != request.endpoint:
        return False
    if endpoint != "supervision.listed":
        return True
    asked = request.args
    if "today" in values or asked.get("today") == "1":
        return "today" in values and asked.get("today") == "1"
    return bool(asked.get("kind", "") == values.get("kind", ""))
