"""A drawing is read with the database, played without it, and compared by content afterwards.

Playing takes seconds: no transaction waits for it. What was played is told from what is published
by the digest of all that it is made of, called processes and forms included.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Conflict
from app.workflow import publishing, trial
from app.workflow.definitions import Definition, digest
from app.workflow.errors import Fault
from app.workflow.forms import Form
from app.workflow.gathering import Gathered, gather
from app.workflow.parser import parse


class ChangedMeanwhile(Conflict):
    """The drawing, or one that it calls, is another one than was played a moment ago."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__("检查期间这个流程或它调用的流程有改动，没有提交。请再提交一次。")


@dataclass(frozen=True)
class Looked:
    """All that playing needs; nothing of it is in the database.

    office  faults that were found with the database
    """

    gathered: Gathered
    roles: Collection[str]
    forms: Mapping[str, Form]
    office: tuple[Fault, ...] = ()

    def faults(self, *, tries: bool = True) -> list[Fault]:
        """Everything to be said. ``tries``: played at random too, about a second."""
        played = trial.limited_walks if tries else None
        found = publishing.faults_of(self.gathered, self.roles, self.forms, trial=played)
        return sorted({*found, *self.office})

    @property
    def sha256(self) -> str:
        """Of the version that it would become; "" for what is not one process."""
        roots = self.gathered.bundle.roots
        return digest(roots[0].id, self.gathered.files) if len(roots) == 1 else ""

    @property
    def definition(self) -> Definition:
        """To try tests on before it is published; of a sha256 that no version has."""
        (root,) = self.gathered.bundle.roots
        files = self.gathered.files
        sha256 = digest(f"played:{root.id}", files)
        return parse(sha256, root.id, 0, root.name or root.id, files)


def look(
    session: Session,
    files: Mapping[str, bytes],
    roles: Collection[str],
    forms: Mapping[str, Form],
    unit_id: int | None = None,
) -> Looked:
    """Read what the files name; the session is not needed any more afterwards."""
    return Looked(gather(session, files, unit_id), frozenset(roles), dict(forms))


def ensure_same(present: Looked, played: str) -> None:
    """``played``: ``sha256`` of what passed a moment ago. Raises ChangedMeanwhile."""
    if present.sha256 != played:
        raise ChangedMeanwhile
