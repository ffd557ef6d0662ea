"""账号安全: alarms, accounts, second factors, and the review of what auditors did."""

from app.web.security import accounts, alarms, auditors, policy
from app.web.security.blueprint import blueprint

__all__ = ["accounts", "alarms", "auditors", "blueprint", "policy"]
