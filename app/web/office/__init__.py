"""工作日历 with 发前检查规则 and 附件规则: what a unit's administrators answer for."""

from app.web.office import attachments, days, notices, policy, preflight, year
from app.web.office.blueprint import blueprint

__all__ = ["attachments", "blueprint", "days", "notices", "policy", "preflight", "year"]
