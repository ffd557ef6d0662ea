"""流程管理: where cases stand and what stopped, for process administrators; no documents."""

from app.web.process import (
    acts,
    cases,
    definitions,
    drafting,
    drafts,
    flow,
    incidents,
    migrations,
    places,
    proposals,
    rehearsals,
    series,
    what_if,
)
from app.web.process.blueprint import blueprint

__all__ = [
    "acts",
    "blueprint",
    "cases",
    "definitions",
    "drafting",
    "drafts",
    "flow",
    "incidents",
    "migrations",
    "places",
    "proposals",
    "rehearsals",
    "series",
    "what_if",
]
