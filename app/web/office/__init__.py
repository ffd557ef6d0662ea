"""工作日历 with the rules that a unit chooses: what a unit's administrators answer for."""

from app.web.office import days, notices, policy, rules, year
from app.web.office.blueprint import blueprint

__all__ = ["blueprint", "days", "notices", "policy", "rules", "year"]
