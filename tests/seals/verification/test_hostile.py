"""Files made to bring the reader down: it is a process of its own, with little to spend."""

import time
import zlib

import pytest

from app.seals.verification import VerificationStopped, asking, confined, verify

from ..house import AT, House
from .asking import HOUR, trust_of


def bomb() -> bytes:
    """A cross-reference stream of some kilobytes that unpacks to more than may be held."""
    packer = zlib.compressobj(9)
    chunk = bytes(1 << 20)
    packed = b"".join(packer.compress(chunk) for _ in range(600)) + packer.flush()
    head = b"%PDF-1.5\n"
    stream = (
        b"1 0 obj <</Type/XRef/Size 2/W[1 2 2]/Root 1 0 R/Filter/FlateDecode/Length %d>> stream\n"
        % len(packed)
    )
    end = b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(head)
    return head + stream + packed + end


def loop() -> bytes:
    """Cross-references that name each other as the older one."""
    first = b"%PDF-1.4\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer <</Size 1/Root 1 0 R/Prev %d>>\n" % len(first)
    return first + table + b"startxref\n%d\n%%%%EOF\n" % len(first)


DEEP = b"%PDF-1.4\n1 0 obj " + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize("make", [bomb, loop, lambda: DEEP], ids=["bomb", "loop", "deep"])
def test_a_hostile_file_is_rejected_in_time(house: House, make) -> None:
    begun = time.monotonic()
    assert _outcome(make(), house) in ("damaged", "verification_stopped")
    assert time.monotonic() - begun < asking.WALL_CLOCK + 5


def _outcome(pdf: bytes, house: House) -> str:
    try:
        return verify(pdf, trust_of(house), AT + HOUR, ask=confined).codes[0]
    except VerificationStopped as stopped:
        return stopped.code


def test_a_reader_that_does_not_come_back_is_ended(house: House, monkeypatch) -> None:
    monkeypatch.setattr(asking, "WALL_CLOCK", 0.01)
    with pytest.raises(VerificationStopped):
        verify(b"%PDF-1.7", trust_of(house), AT + HOUR, ask=confined)
