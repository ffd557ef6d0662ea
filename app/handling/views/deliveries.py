"""What goes out of the office and comes in: packages, and new deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.handling.views.definitions import VersionLine, differences, files_of, labels
from app.handling.views.term_lines import OFFICE
from app.handling.whatif import exchange
from app.workflow.differing import Differences
from app.workflow.models import DefinitionRow, TermState
from app.workflow.packages import Package

TEMPLATES = Path(__file__).parents[3] / "processes" / ".camunda" / "element-templates"


def package(session: Session, sha256: str) -> Package:
    """A version as one file, with the tests of its process and the desktop modeler's templates."""
    row = session.get(DefinitionRow, sha256)
    if row is None:
        raise NotFound("没有这个流程版本，请从流程列表中选择。")
    templates = {path.name: path.read_bytes() for path in sorted(TEMPLATES.glob("*.json"))}
    files = files_of(session, sha256)
    tests = exchange.export(session, row.process_id)
    return Package(row.process_id, row.name, row.version, files, tests, templates)


@dataclass(frozen=True)
class Update:
    """A delivery that an own version kept from coming into force (ours, theirs, base).

    own, delivered  what each of the two changed against the delivery that both came from
    both            labels of elements that both changed: to be looked at by a person
    """

    base: VersionLine
    ours: VersionLine
    theirs: VersionLine
    own: Differences
    delivered: Differences
    both: Sequence[str]


def update(session: Session, lines: Sequence[VersionLine]) -> Update | None:
    """What a new delivery of a process would bring; None where nothing waits."""
    ours = next((each for each in lines if _holds_in_office(each) and not each.shipped), None)
    theirs = next((each for each in lines if each.shipped), None)
    if ours is None or theirs is None or theirs.terms:
        return None
    base = next((each for each in lines if each.shipped and each.terms), None)
    if base is None:
        return None
    sides = [files_of(session, each.sha256) for each in (base, ours, theirs)]
    own = differences(session, sides[0], sides[1])
    delivered = differences(session, sides[0], sides[2])
    meant = [
        {ident for ident, kind in each.marks.items() if kind != "moved"}
        for each in (own, delivered)
    ]
    names = labels(sides[0]) | labels(sides[1]) | labels(sides[2])
    both = [names.get(each, each) for each in sorted(meant[0] & meant[1])]
    return Update(base, ours, theirs, own, delivered, both)


def _holds_in_office(line: VersionLine) -> bool:
    return any(each.state == TermState.IN_FORCE and each.where == OFFICE for each in line.terms)
