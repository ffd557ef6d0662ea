"""审查清单: what a reviewer checks before he approves, item by item with its clause (DRF-22)."""

from app.documents.review.checklists import (
    SHIPPED,
    Checked,
    Checklist,
    Item,
    read,
    stored,
    words,
)
from app.documents.review.models import ReviewPolicy
from app.documents.review.policies import LABELS, MUST, choose, history, in_force, own

__all__ = [
    "LABELS",
    "MUST",
    "SHIPPED",
    "Checked",
    "Checklist",
    "Item",
    "ReviewPolicy",
    "choose",
    "history",
    "in_force",
    "own",
    "read",
    "stored",
    "words",
]
