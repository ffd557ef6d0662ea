"""督办: the board by department, its lists, what ends today, and each supervision with its acts."""

from app.web.supervision import acts, lists, one
from app.web.supervision.blueprint import blueprint

__all__ = ["acts", "blueprint", "lists", "one"]
