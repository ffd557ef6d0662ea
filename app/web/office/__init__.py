"""工作日历 and 发前检查规则: a unit's year, days, hours, limits and checks, for administrators."""

from app.web.office import days, notices, policy, preflight, year
from app.web.office.blueprint import blueprint

__all__ = ["blueprint", "days", "notices", "policy", "preflight", "year"]
