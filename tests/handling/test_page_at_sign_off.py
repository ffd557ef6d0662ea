"""Nothing is signed on a page that nobody has set, or that does not fit (DRF-16)."""

from dataclasses import replace

import pytest

from app.documents import proofs
from app.documents.layout import DoesNotFit, Rendered, Sheet
from app.documents.layout.sheet import Box
from app.documents.preflight import PreflightFailed
from app.documents.proofs import DRAFT
from app.handling import equipment
from app.handling.act import look_at_task
from app.handling.acts.preflighting import signatory
from app.handling.errors import PageNotSet
from app.handling.models import Task
from app.handling.views import paper
from tests.features.rows import all_rows
from tests.world import World

LACK = "首页排不下正文，请精简标题。"
SIGNATORY = "leader"


@pytest.fixture
def stay(world: World) -> Task:
    """At the sign-off; from here on no page counts as set."""
    task = world.run(world.draft(), until="leader_sign")
    assert task is not None
    world.pages_fit = False
    return task


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """What is set, by a quick hand."""
    done: list[Sheet] = []

    def quick(sheet: Sheet, _fonts: object, **_more: object) -> Rendered:
        done.append(sheet)
        return Rendered(b"%PDF", 1, (), {"number": Box(1, 0, 0, 1, 1)}, 10.2)

    monkeypatch.setattr(paper, "render", quick)
    monkeypatch.setattr(paper, "_pages", {})
    return done


def prove(world: World, task: Task) -> None:
    """As the page does before it hands the act on."""
    printed = paper.to_sign(world.session, world.actor(SIGNATORY), task.id)
    world.session.rollback()
    assert printed is not None
    printed.prove()


def in_his_name(world: World, task: Task) -> str:
    act = look_at_task(world.session, world.actor(SIGNATORY), task.id)
    return str(signatory(act))


def judge(world: World, task: Task, name: str, *unfit: str) -> None:
    page = paper.subject_of(world.session, world.document(world.case_of(task)), name)
    proofs.judge(world.session, page, unfit, world.at)
    world.session.commit()


def test_nothing_is_signed_on_a_page_that_nobody_has_set(world: World, stay: Task) -> None:
    before = all_rows(world.session)
    with pytest.raises(PageNotSet, match="还没有排出"):
        world.complete(stay, SIGNATORY)
    assert all_rows(world.session) == before


def test_it_is_signed_once_the_page_is_set(world: World, stay: Task, sheets: list[Sheet]) -> None:
    prove(world, stay)
    (sheet,) = sheets
    assert (sheet.draft, sheet.number, sheet.printed_on) == (False, None, None)
    assert sheet.signatories == (world.actor(SIGNATORY).name,)
    world.complete(stay, SIGNATORY)
    assert world.document(world.case_of(stay)).state == "signed"


def test_a_page_known_to_fit_is_not_set_again(
    world: World, stay: Task, sheets: list[Sheet]
) -> None:
    prove(world, stay)
    paper._pages.clear()  # another process
    prove(world, stay)
    assert len(sheets) == 1


def test_a_page_that_cannot_be_set_is_never_signed(
    world: World, stay: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Rendered:
        raise DoesNotFit(LACK)

    monkeypatch.setattr(paper, "render", refuse)
    prove(world, stay)
    with pytest.raises(PreflightFailed, match=LACK):
        world.complete(stay, SIGNATORY)


def test_what_another_process_found_wanting_stops_the_sign_off(world: World, stay: Task) -> None:
    judge(world, stay, in_his_name(world, stay), LACK)
    with pytest.raises(PreflightFailed, match=LACK):
        world.complete(stay, SIGNATORY)


def test_what_was_wanting_is_set_again_and_may_fit_then(
    world: World, stay: Task, sheets: list[Sheet]
) -> None:
    judge(world, stay, in_his_name(world, stay), LACK)
    prove(world, stay)
    assert len(sheets) == 1
    world.complete(stay, SIGNATORY)


@pytest.mark.parametrize("name", [DRAFT, "别人"])
def test_a_draft_or_the_page_of_another_name_is_not_enough(
    world: World, stay: Task, name: str
) -> None:
    judge(world, stay, name)
    with pytest.raises(PageNotSet):
        world.complete(stay, SIGNATORY)


def test_other_fonts_set_another_page(world: World, stay: Task) -> None:
    judge(world, stay, in_his_name(world, stay))
    before = equipment.equipment()
    equipment.use(replace(before, fonts=None))
    try:
        with pytest.raises(PageNotSet):
            world.complete(stay, SIGNATORY)
    finally:
        equipment.use(before)


def test_who_signs_nothing_has_no_page_to_set(world: World, stay: Task) -> None:
    drafter, task = world.actor("drafter"), world.draft().opened[0]
    assert paper.to_sign(world.session, drafter, task.id) is None
    assert paper.to_sign(world.session, drafter, stay.id) is None
