"""Whether a paper is what it claims: who signed it, which unit sealed it, when, what came since.

``verify`` opens the file in a confined process (``reading``) and says the outcome in Chinese and
in codes. ``trust`` and ``expected`` read what the record knows. Not claimed is what the public
page says: no seal under GB/T 38540, no licensed certification service.
"""

from app.seals.verification.asking import VerificationStopped, confined
from app.seals.verification.records import expected, expected_of, trust
from app.seals.verification.verdict import Expected, Finding, Signed, Trust, Verdict
from app.seals.verification.verifying import verify

__all__ = [
    "Expected",
    "Finding",
    "Signed",
    "Trust",
    "Verdict",
    "VerificationStopped",
    "confined",
    "expected",
    "expected_of",
    "trust",
    "verify",
]
