"""工作日历: the year, its notice, days and hours of a unit, for system administrators."""

from app.web.office import days, notices, year
from app.web.office.blueprint import blueprint

__all__ = ["blueprint", "days", "notices", "year"]
