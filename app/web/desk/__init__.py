"""我的公文: what staff do, on pages that work without a script."""

from app.web.desk import lists
from app.web.desk.blueprint import blueprint

__all__ = ["blueprint", "lists"]
