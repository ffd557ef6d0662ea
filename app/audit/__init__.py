"""The record: who did what, when, with whose authority, append-only and hash-chained.

Lies at the bottom: everybody writes to it, it knows nobody. Operations call :func:`record`; the
entries are linked into the chain just before the transaction that they belong to commits, so
there is no act without its entry and no entry without its act.
"""

from app.audit.models import AuditEntry, AuditHead
from app.audit.operations import Signature, record, signed_by_rule
from app.audit.queries import Entry, case_entries
from app.audit.verification import Verification, verify

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Entry",
    "Signature",
    "Verification",
    "case_entries",
    "record",
    "signed_by_rule",
    "verify",
]
