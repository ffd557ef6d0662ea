"""How wide a seal may be by the rank of its unit, and how wide it usually is (国发〔1999〕25号).

Seals of governments of cities and counties are 45 mm, of townships 42; those of their offices and
of other bodies are at most as wide. What stands above a city is not bounded here but by 60 mm.
"""

CITY, TOWNSHIP = 1, 3
"""Of ``Unit.rank``."""

WIDEST, OF_GOVERNMENT, USUAL = 60, 45, 42
OF_PERSON = 40
"""A 签名章 has this much room on the page (GB/T 9704, 7.3.5.3)."""

GOVERNMENT = "人民政府"


def largest(rank: int) -> int:
    """Millimetres that a seal of a unit of this rank, or of its departments, may have."""
    if rank < CITY:
        return WIDEST
    return USUAL if rank >= TOWNSHIP else OF_GOVERNMENT


def usual(name: str, rank: int) -> int:
    """Millimetres of the seal of a unit that has said nothing else."""
    return min(largest(rank), OF_GOVERNMENT) if name.endswith(GOVERNMENT) else USUAL


def too_wide(rank: int) -> str:
    """What is said of a wider one."""
    return f"直径超过本单位级别所能用的 {largest(rank)} 毫米（国发〔1999〕25号），请改小。"
