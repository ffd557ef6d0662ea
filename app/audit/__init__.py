"""The record: who did what, when, with whose authority, append-only and hash-chained.

Lies at the bottom: everybody writes to it, it knows nobody. Operations call :func:`record`; the
entries are linked into the chain just before the transaction that they belong to commits, so
there is no act without its entry and no entry without its act.
"""

from app.audit.accesses import Access
from app.audit.checkpoints import Checkpoint
from app.audit.models import AuditCheckpoint, AuditEntry, AuditHead
from app.audit.operations import Signature, note, record, signed_by_rule
from app.audit.queries import Entry, case_entries, entries, entries_of_cases, refused
from app.audit.verification import Verification, verify, verify_case

__all__ = [
    "Access",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditHead",
    "Checkpoint",
    "Entry",
    "Signature",
    "Verification",
    "case_entries",
    "entries",
    "entries_of_cases",
    "note",
    "record",
    "refused",
    "signed_by_rule",
    "verify",
    "verify_case",
]
