"""记录核验: what a security auditor proves and takes away; it changes nothing else."""

from app.web.audit import (
    accesses,
    deviations,
    flow,
    logs,
    packs,
    pages,
    replay,
    rule_pages,
    searching,
)
from app.web.audit.blueprint import blueprint

__all__ = [
    "accesses",
    "blueprint",
    "deviations",
    "flow",
    "logs",
    "packs",
    "pages",
    "replay",
    "rule_pages",
    "searching",
]
