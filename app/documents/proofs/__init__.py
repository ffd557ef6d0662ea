"""校样: pages are set in turn, and what each lacks is known to every process.

``turns`` says whose turn it is and how far each page is, ``judging`` keeps what setting a page has
shown, by the content and what else the page stands on.
"""

from app.documents.proofs.judging import (
    Subject,
    judge,
    known,
    newest_letterhead,
    standing_of,
    subject,
)
from app.documents.proofs.models import DRAFT, Proof, Typesetting
from app.documents.proofs.turns import Progress, Sessions, progress, turn

__all__ = [
    "DRAFT",
    "Progress",
    "Proof",
    "Sessions",
    "Subject",
    "Typesetting",
    "judge",
    "known",
    "newest_letterhead",
    "progress",
    "standing_of",
    "subject",
    "turn",
]
