"""A QR code as the path of an SVG, drawn here: no other server sees the secret."""

from dataclasses import dataclass

import segno

QUIET = 4
"""Empty modules around the code, without which cameras do not find it (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Picture:
    """``path`` for the attribute d, in a view box of ``size`` by ``size`` modules."""

    size: int
    path: str


def qr(text: str) -> Picture:
    """Runs of dark modules as flat rectangles, one per run."""
    matrix = segno.make(text, error="m", micro=False).matrix
    path = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                path.append(f"M{x + QUIET} {y + QUIET}h{run}v1h-{run}z")
            x += run or 1
    return Picture(len(matrix) + 2 * QUIET, "".join(path))
