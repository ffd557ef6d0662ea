"""见证: copies of the checkpoints outside the database, a line each, in a file for each month.

The folder should lie on other storage, where nobody who owns the database can write: then even a
record that was written anew from its beginning, with right hashes, does not fit what is there.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.checkpoints import Checkpoint, of_json, of_row
from app.audit.models import AuditCheckpoint


def hand_over(session: Session, folder: Path) -> int:
    """Append what the folder does not have yet; how many checkpoints that were.

    Raises OSError where the folder cannot be written: the next time catches up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = _newest(folder)
    query = sa.select(AuditCheckpoint).where(AuditCheckpoint.size > known)
    written = 0
    for row in session.scalars(query.order_by(AuditCheckpoint.size)):
        _append(folder / f"checkpoints-{row.at:%Y-%m}.jsonl", of_row(row))
        written += 1
    return written


def _newest(folder: Path) -> int:
    """Size of the last checkpoint that the folder has, 0 where it has none."""
    for file in sorted(folder.glob("*.jsonl"), reverse=True):
        found = list(_of_file(file))
        if found:
            return found[-1].size
    return 0


def read(places: Iterable[Path]) -> list[Checkpoint]:
    """Every checkpoint in these files and folders, by size.

    Raises ValueError naming the file and line of what is none; OSError for what cannot be read.
    """
    found = [each for place in places for each in _of_place(place)]
    return sorted(found, key=lambda each: each.size)


def _of_place(place: Path) -> Iterator[Checkpoint]:
    files: Sequence[Path] = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    for file in files:
        yield from _of_file(file)


def _of_file(file: Path) -> Iterator[Checkpoint]:
    return of_text(str(file), file.read_text(encoding="utf-8"))


def of_text(name: str, text: str) -> Iterator[Checkpoint]:
    """The checkpoints in the text of a witness's file. Raises ValueError naming file and line."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _of_line(name, number, line)


def _of_line(name: str, number: int, line: str) -> Checkpoint:
    try:
        return of_json(json.loads(line))
    except (ValueError, RecursionError):
        raise ValueError(f"{name} 第 {number} 行不是检查点") from None


def _append(file: Path, checkpoint: Checkpoint) -> None:
    """One write for one line: two schedulers at once give a line twice, never half of one."""
    line = json.dumps(checkpoint.as_json(), sort_keys=True) + "\n"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
