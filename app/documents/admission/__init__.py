"""附件规则: which files a unit takes as attachments, within what the readers can open at all."""

from app.documents.admission.models import AttachmentPolicy
from app.documents.admission.policies import (
    LABELS,
    TYPES,
    Admitted,
    choose,
    ensure_admitted,
    history,
    in_force,
    own,
)

__all__ = [
    "LABELS",
    "TYPES",
    "Admitted",
    "AttachmentPolicy",
    "choose",
    "ensure_admitted",
    "history",
    "in_force",
    "own",
]
