"""档号: written as DA/T 13 and DA/T 22 have it, counted up under a lock, read as people type it.

``江水-WS·2026-D30-OFFICE-0001``: 全宗号, 门类 and 归档年度, 保管期限, 机构, 件号. A unit has no
全宗号 of an archive of the state as yet, so its 机关代字 stands in that place, and the key of the
department for its code (decision 28).
"""

import re
import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.handling.filing.models import ArchiveItem, ArchiveSeries
from app.organization.models import Department, Unit

CODES = {"permanent": "Y", "d30": "D30", "d10": "D10"}
"""保管期限 as a 档号 writes it."""
_DOTS, _DASHES = "[.。•・‧∙]", "[‐-―−]"
_END = re.compile(r"-([0-9]{1,6})$")


def give(session: Session, items: Sequence[ArchiveItem]) -> None:
    """The next numbers of their groups, in this order and for good.

    The caller accepts the items in this transaction. All of a group are counted at once: whoever
    waits for the group waits no longer than he must.
    """
    groups: dict[tuple[object, ...], list[ArchiveItem]] = {}
    for item in items:
        alike = (item.unit_id, item.class_code, item.year, item.retention, item.department_id)
        groups.setdefault(alike, []).append(item)
    taken = []
    for members in groups.values():
        name = _group(session, members[0])
        last = next_number(session, members[0].unit_id, name, len(members))
        taken.append((name, last - len(members) + 1, members))
    for name, first, members in taken:  # written at last: halves of them would not be accepted
        for sequence, item in enumerate(members, first):
            item.sequence = sequence
            item.reference = read(f"{name}-{sequence}")


def next_number(session: Session, unit_id: int, name: str, amount: int = 1) -> int:
    """Count a series up; locks it, so that the next taker waits and none is left out.

    amount   how many numbers are taken
    returns  the last of them
    """
    count_up = (
        sa.update(ArchiveSeries)
        .where(ArchiveSeries.unit_id == unit_id, ArchiveSeries.name == name)
        .values(last=ArchiveSeries.last + amount)
        .returning(ArchiveSeries.last)
        .execution_options(synchronize_session=False)
    )
    found = session.scalar(count_up)
    if found is None:
        insert_once(session, ArchiveSeries, {"unit_id": unit_id, "name": name, "last": 0})
        found = session.scalars(count_up).one()
    return found


def _group(session: Session, item: ArchiveItem) -> str:
    """A 档号 without its 件号."""
    unit = session.get_one(Unit, item.unit_id)
    department = session.get_one(Department, item.department_id)
    year = f"{item.class_code}·{item.year}"
    return "-".join((unit.agency_code, year, CODES[item.retention], department.key.upper()))


def read(typed: str) -> str:
    """A 档号 as it is kept: full-width signs, other dots and dashes and blanks do not matter.

    ``江水－ws.2026－y－office－1`` is ``江水-WS·2026-Y-OFFICE-0001``.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    text = re.sub(_DASHES, "-", re.sub(_DOTS, "·", text))
    return _END.sub(lambda found: f"-{int(found[1]):04}", text)
