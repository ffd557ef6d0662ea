"""A case that changed its version is replayed on each version in its time."""

import pytest

from app.audit import case_entries
from app.handling.replaying.rebuilding import rebuild
from tests.handling.editions import Edit, inserted, limited, timed
from tests.handling.live import by_the_record, by_the_tables
from tests.handling.migrating.migrating import in_force, moved, stand, undo
from tests.world import World

EDITS = {
    "a step more": inserted("dept_review_to_office_check", "legal_review", "法规审核"),
    "another limit": limited("dept_review", "P2D"),
    "a timer": timed("dept_review"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_moved_and_put_back(world: World, edit: Edit) -> None:
    case = world.case_of(stand(world, "dept_review"))
    old = rebuild(case_entries(world.session, case.id, case.document_id)).diagram
    new = in_force(world, edit)
    plan = moved(world, new, case, with_limits=True)
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    entries = case_entries(world.session, case.id, case.document_id)
    assert rebuild(entries).diagram == new.sha256
    assert rebuild(entries, entries[-2].seq).diagram == old
    undo(world, plan)
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    assert rebuild(case_entries(world.session, case.id, case.document_id)).diagram == old
