"""Attachments with what they took the place of: nothing that was replaced is lost (ATT-03)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.queries import AttachmentLine


@dataclass(frozen=True)
class Chain:
    """A file and its earlier ones, newest first; the newest may have been taken off since."""

    files: tuple[AttachmentLine, ...]

    @property
    def newest(self) -> AttachmentLine:
        return self.files[0]

    @property
    def numbered(self) -> list[tuple[int, AttachmentLine]]:
        """Each with its number, counted from 1 for the first that was added."""
        return list(zip(range(len(self.files), 0, -1), self.files, strict=True))


def chains(files: Sequence[AttachmentLine]) -> tuple[Chain, ...]:
    """One for each file, those in force first, then in the order in which they were added."""
    by_id = {each.id: each for each in files}
    replaced = {each.replaces_id for each in files}
    found = [Chain(_back(each, by_id)) for each in files if each.id not in replaced]
    return tuple(sorted(found, key=lambda chain: not chain.newest.in_force))


def _back(newest: AttachmentLine, by_id: dict[int, AttachmentLine]) -> tuple[AttachmentLine, ...]:
    found, older = [newest], newest.replaces_id
    while older is not None:
        found.append(by_id[older])
        older = by_id[older].replaces_id
    return tuple(found)
