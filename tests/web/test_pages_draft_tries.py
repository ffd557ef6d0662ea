"""A draft is rehearsed and stepped through before it becomes a version."""

from collections.abc import Callable

from app.handling.models import Task
from app.workflow import drafts, queries
from app.workflow.drafts import Origin
from app.workflow.models import DefinitionRow
from tests.handling.editions import Drawing, inserted
from tests.handling.whatif.test_playing import WAY, suppose
from tests.web.conftest import At, Caller
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


def drafted(world: World, *, broken: bool = False) -> int:
    """A draft of the outgoing route with one step more; broken: its role is unknown."""
    drawing = Drawing()
    LEGAL(drawing)
    drawing.put("legal_review", "outcome", "approve")
    drawing.put("legal_review", "outcome_label", "同意")
    files = {name: data.decode() for name, data in drawing.data().items()}
    if broken:
        files = {name: text.replace('"office-head"', '"nobody"') for name, text in files.items()}
    session, by = world.session, world.actor("process.admin")
    sha256 = queries.in_force(session, "outgoing").sha256
    origin = Origin(sha256=sha256, unit_id=by.unit_id)
    draft = drafts.start(session, origin=origin, by=by, at=world.at)
    drafts.save(session, draft.id, draft.revision, {**draft.files, **files}, by, world.at)
    session.commit()
    found = draft.id
    session.rollback()
    return found


def test_a_draft_is_tried_on_the_cases_of_today(
    at: At, call: Callable[[str], Caller], world: World, review: Task
) -> None:
    key = f"draft-{drafted(world)}"
    versions = world.session.query(DefinitionRow).count()
    world.session.rollback()
    page = at("process.admin").get(f"/process/rehearsals/{key}")
    assert "草稿" in page.text(".case-head")
    assert "多办：法规审核" in page.text("table.list tbody tr")
    found = call("process.admin").get(f"/api/v1/definitions/{key}/rehearsal").json
    assert (found["counts"]["more"], found["process_version"]) == (1, 0)
    body = {"scenario": suppose(*WAY[:2]).stored()}
    played = call("process.admin").post(f"/api/v1/definitions/{key}/what-if", body).json
    assert [each["step"] for each in played["open"]] == ["legal_review"]
    assert world.session.query(DefinitionRow).count() == versions


def test_a_draft_with_faults_says_so(at: At, world: World) -> None:
    key = f"draft-{drafted(world, broken=True)}"
    page = at("process.admin").get(f"/process/rehearsals/{key}")
    assert page.status == 409
    assert "处错误" in page.answer.text
    assert "“办公室负责人把关”：没有人担任“nobody”" in page.answer.text
    assert "office_check" not in page.answer.text
    assert at("process.admin").get("/process/rehearsals/draft-999").status == 404
    assert at("process.admin").get("/process/what-if/draft-x").status == 404
