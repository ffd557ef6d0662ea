"""红头模板 of a unit: made by its dispatcher, seen and used by all of the unit (DRF-06)."""

from app.documents.letterheads.designs import (
    Design,
    chosen,
    default,
    ensure_chosen,
    fitting,
    of_document,
    of_unit,
    versions,
)
from app.documents.letterheads.fields import LetterheadFields, read
from app.documents.letterheads.models import Letterhead, LetterheadVersion
from app.documents.letterheads.operations import create, restore, revise, withdraw

__all__ = [
    "Design",
    "Letterhead",
    "LetterheadFields",
    "LetterheadVersion",
    "chosen",
    "create",
    "default",
    "ensure_chosen",
    "fitting",
    "of_document",
    "of_unit",
    "read",
    "restore",
    "revise",
    "versions",
    "withdraw",
]
