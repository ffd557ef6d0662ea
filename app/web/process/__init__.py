"""流程管理: where cases stand and what stopped, for process administrators; no documents."""

from app.web.process import acts, cases, incidents, proposals, series
from app.web.process.blueprint import blueprint

__all__ = ["acts", "blueprint", "cases", "incidents", "proposals", "series"]
