"""Time stamps after RFC 3161, made in the house: that some bytes existed at some second.

``StampMaker`` is the service with the key; ``Stamper`` is what asks it while a paper is signed.
The asking side needs no more than the way of one query to one answer, so the service may stand in
another process.
"""

from app.seals.stamping.asking import Stamper
from app.seals.stamping.making import ACCURACY, POLICY, ClockAstray, StampMaker, ensure_clock

__all__ = ["ACCURACY", "POLICY", "ClockAstray", "StampMaker", "Stamper", "ensure_clock"]
