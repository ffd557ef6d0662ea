"""我的公文: what staff do, on pages that work without a script."""

from app.web.desk import drafting, lists, registering, revising
from app.web.desk.blueprint import blueprint

__all__ = ["blueprint", "drafting", "lists", "registering", "revising"]
