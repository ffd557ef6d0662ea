"""查阅记录: who looked at what and took what away, beside the chain, sealed into it in batches."""

from app.audit.accesses.models import Access
from app.audit.accesses.noting import KINDS, Look, is_new, note
from app.audit.accesses.sealing import Sealed, seal, verify

__all__ = ["KINDS", "Access", "Look", "Sealed", "is_new", "note", "seal", "verify"]
