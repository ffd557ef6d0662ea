"""督办: the board by department, its lists, each supervision with its acts, and the figures."""

from app.web.supervision import acts, checks, figures, lists, one
from app.web.supervision.blueprint import blueprint

__all__ = ["acts", "blueprint", "checks", "figures", "lists", "one"]
