"""印章管理 and 用印登记: the unit's seals with their keepers, and every use of them."""

from app.web.seals import acts, lists, uses
from app.web.seals.blueprint import blueprint

__all__ = ["acts", "blueprint", "lists", "uses"]
