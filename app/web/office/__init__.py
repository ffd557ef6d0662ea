"""工作日历: the year, its notice, a unit's days, hours and limits, for system administrators."""

from app.web.office import days, notices, policy, year
from app.web.office.blueprint import blueprint

__all__ = ["blueprint", "days", "notices", "policy", "year"]
