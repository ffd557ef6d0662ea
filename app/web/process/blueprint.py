"""The blueprint of 流程管理, and the frame that its pages share."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.database import current_session
from app.handling import administering
from app.handling.migrating import rows
from app.handling.views import definitions, faults, proposals
from app.web import ids
from app.web.current import current_actor

blueprint = Blueprint("process", __name__, url_prefix="/process")
blueprint.url_value_preprocessor(ids.refuse_impossible)

BEHIND = {"process.definitions": ("/process/versions/", "/process/drafts/")}
"""Where pages of a tab lie beside its own address."""


@blueprint.before_request
def _administrators_only() -> None:
    administering.units(current_actor())


@dataclass(frozen=True)
class Tab:
    """One page of 流程管理; ``count`` of what waits there for this person."""

    label: str
    url: str
    count: int
    current: bool


def draw(template: str, **shown: Any) -> str:
    """A page with the tabs above it; everything is read before the transaction ends."""
    tabs = _tabs()
    current_session().commit()
    return render_template(f"process/{template}", tabs=tabs, **shown)


def _tabs() -> list[Tab]:
    session, actor = current_session(), current_actor()
    found = [
        ("在办", "process.cases", 0),
        ("运行", "process.flow", 0),
        ("待确认", "process.proposals", proposals.count(session, actor)),
        ("故障", "process.incidents", faults.count(session, actor)),
        ("流程", "process.definitions", definitions.waiting(session, actor)),
        ("预演", "process.rehearsals", 0),
        ("推演", "process.what_ifs", 0),
        ("迁移", "process.migrations", rows.count(session, actor)),
        ("文号序列", "process.series", 0),
    ]
    return [
        Tab(label, url_for(endpoint), count, _is_within(endpoint))
        for label, endpoint, count in found
    ]


def _is_within(endpoint: str) -> bool:
    """Whether the present page is this one or lies behind it."""
    if request.endpoint == endpoint:
        return True
    if endpoint == "process.cases":
        return False  # its address begins every other one
    begins = (url_for(endpoint).rstrip("/") + "/", *BEHIND.get(endpoint, ()))
    return request.path.startswith(begins)
