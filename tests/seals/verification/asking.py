"""Asking for a verdict in this process: starting one for each of so many files takes long."""

from datetime import datetime, timedelta
from typing import Any

from app.seals.verification import Trust, Verdict, verify
from app.seals.verification.reading import safely

from ..house import AT, House

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


def trust_of(house: House, at: datetime = AT) -> Trust:
    """What the office trusts at that time: its root, its authorities, their newest lists."""
    proof = house.evidence(at)
    stamps = tuple(each.certificate for each in house.stamps)
    return Trust(proof.roots, (*proof.certificates, *stamps), proof.lists)


def verdict(house: House, pdf: bytes, at: datetime = AT + HOUR, **changes: Any) -> Verdict:
    changes.setdefault("ask", safely)
    return verify(pdf, changes.pop("trust", None) or trust_of(house, at), at, **changes)
