"""发前检查: what the regulation and the format ask of a document, before it goes on (DRF-16).

Each check is a small function from a ``Paper`` to what it finds; ``rules`` lists them with clause
and weight, ``checking`` runs them, ``reading`` makes the paper, ``policies`` keeps what units
choose. Where a document may not go on without them is decided by ``handling``.
"""

from app.documents.preflight.checking import PreflightFailed, check, ensure_passed
from app.documents.preflight.findings import Explanation, Finding, Severity
from app.documents.preflight.models import PreflightPolicy
from app.documents.preflight.paper import Paper, Signing
from app.documents.preflight.reading import explanations, of_document, of_values
from app.documents.preflight.rules import RULES

__all__ = [
    "RULES",
    "Explanation",
    "Finding",
    "Paper",
    "PreflightFailed",
    "PreflightPolicy",
    "Severity",
    "Signing",
    "check",
    "ensure_passed",
    "explanations",
    "of_document",
    "of_values",
]
