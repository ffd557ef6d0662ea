"""A draft as it is saved now, as a version that could run: for rehearsals and what-ifs."""

from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.handling import administering
from app.handling.migrating import targets
from app.handling.migrating.reach import Place
from app.organization import Actor
from app.workflow import drafts
from app.workflow.definitions import Definition, cached, digest
from app.workflow.draft_files import as_bytes
from app.workflow.gathering import gather
from app.workflow.parser import parse

MOST_DIGITS = 18


class BadDraft(Conflict):
    """What has faults cannot be played."""

    code = "bad_draft"


DRAFT = "draft-"


def of_key(session: Session, actor: Actor, key: str) -> Definition:
    """A version by its sha256, or a draft by ``draft-`` and its number.

    Raises NotFound, NotAllowed for who administers nothing, BadDraft.
    """
    administering.units(actor)
    if not key.startswith(DRAFT):
        return targets.target(session, key)
    digits = key.removeprefix(DRAFT)
    if not (digits.isascii() and digits.isdigit() and len(digits) < MOST_DIGITS):
        raise NotFound
    return of_draft(session, actor, int(digits))


def places_of(session: Session, actor: Actor, key: str) -> frozenset[Place] | None:
    """Where a draft is to hold; None for a version, whose terms say so. Raises what it does."""
    if not key.startswith(DRAFT):
        return None
    return frozenset({drafts.get(session, int(key.removeprefix(DRAFT)), actor).unit_id})


def of_draft(session: Session, actor: Actor, draft_id: int) -> Definition:
    """Raises NotFound, NotAllowed, BadDraft naming the first fault."""
    administering.units(actor)
    draft = drafts.get(session, draft_id, actor)
    looked = drafts.look(session, draft)
    faults = [each for each in looked.faults(tries=False) if not each.warning]
    if faults:
        first = faults[0]
        place = looked.gathered.bundle.name_of(first.element) or first.file
        message = f"草稿还有 {len(faults)} 处错误，请先改正再试。“{place}”：{first.message}"
        raise BadDraft(message)
    files = gather(session, as_bytes(draft.files), draft.unit_id).files
    sha256 = digest(f"draft:{draft.process_id}", files)  # never that of a version
    return cached(sha256, lambda: parse(sha256, draft.process_id, 0, draft.name, files))
