"""我的公文: what staff do, on pages that work without a script."""

from app.web.desk import (
    cases,
    drafting,
    handing_over,
    leaving,
    lists,
    papers,
    registering,
    revising,
    signers,
    standing_in,
    tasks,
)
from app.web.desk.blueprint import blueprint

__all__ = [
    "blueprint",
    "cases",
    "drafting",
    "handing_over",
    "leaving",
    "lists",
    "papers",
    "registering",
    "revising",
    "signers",
    "standing_in",
    "tasks",
]
