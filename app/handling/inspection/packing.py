"""检查包: what an inspector takes away of a year, and can have made again from the same seed.

Everything in it ends at a checkpoint. The same year, unit, seed, number and checkpoint give the
same bytes, as long as the ledger of numbers and the titles of documents are as they were.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app.audit import Checkpoint
from app.documents.models import NumberSeries
from app.documents.numbering import choosing
from app.documents.numbering.register import Line, Register, register
from app.documents.storage import Store
from app.errors import Conflict, DomainError, FieldError, Invalid
from app.handling.casefile import gathering, packing, verify
from app.handling.inspection import entries, indexing, listing, sampling, searching
from app.handling.inspection.searching import Hit, Wanted
from app.handling.models import Case
from app.organization import names
from app.organization.queries import units

log = logging.getLogger(__name__)
PURPOSE = b"gongwen inspection pack\n"
MOST = 100
"""Case files of one pack."""
MOST_BYTES = 2 << 30
"""Bytes of those, so that the archive fits into the memory and the offsets of one."""
TOO_LARGE = "抽中的卷宗合计超过 2 GB，不能制成一个检查包，请减少抽取数（前 {} 件放得下）。"
FIRST_YEAR, LAST_YEAR = 2000, 2199
AT_ONCE = 500


@dataclass(frozen=True)
class Plan:
    """Which year and unit ("" for all), the seed, and how many cases are drawn."""

    year: int
    seed: str
    count: int = 20
    unit: str = ""

    def year_of(self, checkpoint: Checkpoint, **more: Any) -> Wanted:
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        return Wanted(unit=self.unit, upto=checkpoint.size, since=first, until=last, **more)


@dataclass
class Found:
    """What goes into the pack, beside the case files."""

    plan: Plan
    checkpoint: Checkpoint
    among: int
    digest: str
    drawn: list[entries.Told]
    deviations: list[Hit]
    gaps: list[tuple[Register, Line]]
    missing: list[tuple[Register, str]]
    failed: dict[int, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


def read(year: str, seed: str, count: str, unit: str, known: Sequence[str]) -> Plan:
    """A plan as it was typed; ``known``: keys of units. Raises Invalid by field."""
    errors: list[FieldError] = []
    on = _whole(year, FIRST_YEAR, LAST_YEAR)
    if on is None:
        errors.append(FieldError("year", "年度应为四位数字，例如 2026。"))
    size = _whole(count, 1, MOST)
    if size is None:
        errors.append(FieldError("count", f"抽取数应为 1 至 {MOST}。"))
    if unit and unit not in known:
        errors.append(FieldError("unit", f"没有标识为 {unit} 的单位。"))
    said = ""
    try:
        said = names.words("seed", "种子", seed)
    except Invalid as error:
        errors += error.errors
    if errors or on is None or size is None:
        raise Invalid.of(errors)
    return Plan(on, said, size, unit)


def pack(
    session: Session, plan: Plan, checkpoint: Checkpoint, key: Ed25519PrivateKey, store: Store
) -> tuple[bytes, dict[str, Any]]:
    """The archive, and what the record has to say of its making.

    Raises Conflict where the directory is behind the checkpoint, or where the drawn case files are
    larger than an archive may be. A case file that cannot be made
    is a finding and stands in the index; the others are in the pack all the same.
    """
    if indexing.indexed(session) < checkpoint.size:
        raise Conflict("检索目录还没有跟上检查点，请稍候再制作。", code="index_behind")
    found = _find(session, plan, checkpoint)
    files = _case_files(session, found, key, store)
    files |= listing.tables(found)
    files["index.html"] = listing.page(found)
    files["说明.txt"] = listing.HOW.encode()
    detail = _said(found)
    files |= _signed(files, detail, key)
    packed = verify.pack(files)
    return packed, {**detail, "sha256": hashlib.sha256(packed).hexdigest()}


def _case_files(
    session: Session, found: Found, key: Ed25519PrivateKey, store: Store
) -> dict[str, bytes]:
    """Raises Conflict as soon as they are more than an archive may hold.

    One pass over the record finds the proofs of all of them.
    """
    files: dict[str, bytes] = {}
    seen, size = found.checkpoint, 0
    drawn = [session.get(Case, each.number) for each in found.drawn]
    known = gathering.shared(session, [each for each in drawn if each is not None], seen)
    for each in found.drawn:
        name = f"cases/卷宗包-{each.number}.zip"
        try:
            made = packing.case_file(
                session, each.number, seen, key, store, seen.moment, known=known
            )
        except DomainError as fault:
            found.failed[each.number] = fault.message
            continue
        except indexing.UNREADABLE:
            log.exception("no case file of case %s", each.number)
            found.failed[each.number] = "记录的内容被破坏，读不出来，请先核验整条记录。"
            continue
        size += len(made)
        if size > MOST_BYTES:
            raise Conflict(TOO_LARGE.format(len(files)), code="pack_too_large")
        files[name] = made
        found.digests[name] = hashlib.sha256(made).hexdigest()
    return files


def _find(session: Session, plan: Plan, checkpoint: Checkpoint) -> Found:
    began = plan.year_of(checkpoint, action="case.started")
    numbers = searching.numbers_of(session, began, "case")
    drawn = sampling.draw(numbers, plan.seed, plan.count)
    registers = list(_registers(session, plan, checkpoint))
    return Found(
        plan=plan,
        checkpoint=checkpoint,
        among=len(numbers),
        digest=sampling.digest(numbers),
        drawn=entries.told(session, "case", drawn),
        deviations=list(_all(session, plan.year_of(checkpoint, deviation="any"))),
        gaps=[(book, line) for book in registers for line in book.gaps],
        missing=[(book, hole) for book in registers for hole in holes(book)],
    )


def _all(session: Session, wanted: Wanted) -> Iterator[Hit]:
    """Every hit, oldest first."""
    found: list[Hit] = []
    before = None
    while rows := searching.search(session, wanted, AT_ONCE, before):
        found += rows
        before = rows[-1].seq
    yield from reversed(found)


def _registers(session: Session, plan: Plan, checkpoint: Checkpoint) -> Iterator[Register]:
    """Books of the year, and those that run on over the years."""
    for unit in units(session):
        if plan.unit in ("", unit.key):
            for series in _series(session, unit.id):
                for year in (plan.year, 0):
                    found = register(session, series, year, checkpoint.moment)
                    if found.lines:
                        yield found


def _series(session: Session, unit_id: int) -> Sequence[NumberSeries]:
    found = [each for each in choosing.listed(session, unit_id) if each.id is not None]
    return sorted(found, key=lambda each: each.id)


def holes(book: Register) -> list[str]:
    """Numbers that the ledger itself lacks: there should be none, whoever keeps it."""
    there = {line.number for line in book.lines}
    return [str(number) for number in range(1, max(there, default=0)) if number not in there]


def _said(found: Found) -> dict[str, Any]:
    return {
        "year": found.plan.year,
        "unit": found.plan.unit,
        "seed": found.plan.seed,
        "count": found.plan.count,
        "checkpoint": found.checkpoint.size,
        "root": found.checkpoint.root,
        "among": found.among,
        "digest": found.digest,
        "drawn": [each.number for each in found.drawn],
        "deviations": len(found.deviations),
        "gaps": len(found.gaps),
        "missing": len(found.missing),
    }


def _signed(
    files: dict[str, bytes], said: dict[str, Any], key: Ed25519PrivateKey
) -> dict[str, bytes]:
    content = {
        **said,
        "algorithm": sampling.ALGORITHM,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()
    return {"manifest.json": text, "manifest.sig": key.sign(PURPOSE + text).hex().encode()}


def _whole(text: str, least: int, most: int) -> int | None:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    return number if number is not None and least <= number <= most else None
