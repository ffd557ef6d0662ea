"""我的公文: what staff do, on pages that work without a script."""

from app.web.desk import (
    batch,
    cases,
    circulating,
    drafting,
    handing_over,
    leaving,
    lists,
    papers,
    phrases,
    registering,
    reminders,
    revising,
    signers,
    standing_in,
    tasks,
    urging,
    waiting,
)
from app.web.desk.blueprint import blueprint

__all__ = [
    "batch",
    "blueprint",
    "cases",
    "circulating",
    "drafting",
    "handing_over",
    "leaving",
    "lists",
    "papers",
    "phrases",
    "registering",
    "reminders",
    "revising",
    "signers",
    "standing_in",
    "tasks",
    "urging",
    "waiting",
]
