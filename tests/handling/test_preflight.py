"""发前检查 at the acts: what is known only there, and what is left behind."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit.models import AuditEntry
from app.documents import proofs
from app.documents.models import Document
from app.documents.numbering import series
from app.documents.preflight import PreflightFailed, explanations, policies
from app.documents.preflight.paper import Relation
from app.documents.preflight.reading import of_document
from app.documents.proofs import DRAFT
from app.errors import Invalid
from app.handling import equipment, preflight
from app.handling.models import Task
from app.handling.views.paper import subject_of
from app.organization import Actor
from tests.features.rows import all_rows
from tests.world import REQUEST, World

UNTITLED = "关于冬季堤防巡查的通知"
RARE = "\U0002a6d6"


class WithoutRare:
    """Fonts that draw every character but one."""

    fingerprint = "without"

    def pick(self, character: str, _face: str) -> object | None:
        return None if character == RARE else object()


@pytest.fixture
def without_rare(world: World) -> Iterator[None]:
    before = equipment.equipment()
    equipment.use(replace(before, fonts=WithoutRare()))  # type: ignore[arg-type]  # all it asks
    yield
    equipment.use(before)


def first(world: World, **fields: Any) -> Task:
    return world.draft(**fields).opened[0]


def refused(world: World, task: Task, login: str, **given: Any) -> list[str]:
    """Rules that stop an act; nothing has changed by it."""
    before = all_rows(world.session)
    with pytest.raises(PreflightFailed) as refusal:
        world.complete(task, login, **given)
    assert all_rows(world.session) == before
    return [each.rule.key for each in refusal.value.findings]


def test_a_reason_stays_on_the_document_and_in_the_record(world: World) -> None:
    task = first(world, title=UNTITLED)
    assert refused(world, task, "drafter") == ["title_parts"]
    world.complete(task, "drafter", explanations={"title_parts": "沿用历年标题。"})
    document = world.document(world.case_of(task))
    (kept,) = explanations(document)
    assert (kept.rule, kept.text) == ("title_parts", "沿用历年标题。")
    assert kept.by == world.actor("drafter").name
    query = sa.select(AuditEntry.body).where(AuditEntry.action == "task.completed")
    (body,) = world.session.scalars(query)
    assert "沿用历年标题。" in body
    assert audit.verify(world.session).ok


def test_the_signatory_is_not_asked_again_for_what_was_explained(world: World) -> None:
    done = world.draft(title=UNTITLED)
    reason = {"title_parts": "沿用历年标题。"}
    signed = world.run(done, until="register_number", draft={"explanations": reason})
    assert signed is not None
    assert world.document(done.case).state == "signed"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title_parts": "长" * 201}, "最多 200 字"),
        ({"title_parts": "有\x00字"}, "控制字符"),
        ({"title_parts": "机密★一年"}, "国家秘密"),
        ({"no_such_rule": "理由"}, "没有“no_such_rule”这一项"),
    ],
)
def test_reasons_are_checked(world: World, given: dict[str, str], words: str) -> None:
    task = first(world, title=UNTITLED)
    before = all_rows(world.session)
    with pytest.raises(Invalid, match=words):
        world.complete(task, "drafter", explanations=given)
    assert all_rows(world.session) == before


def test_a_blank_reason_is_none(world: World) -> None:
    task = first(world, title=UNTITLED)
    assert refused(world, task, "drafter", explanations={"title_parts": " \u3000"}) == [
        "title_parts"
    ]


def test_only_the_head_signs_upward(world: World) -> None:
    """On the free route a leader in charge could be asked to (条例第二十二条)."""
    done = world.draft(**REQUEST, process="outgoing_free")
    world.complete(world.open(done.case)[0], "drafter", "sign", next=["leader"])
    (task,) = world.open(done.case)
    assert refused(world, task, "leader", outcome="to_handler") == ["signed_by_head"]
    reason = {"signed_by_head": "局长外出，受委托主持工作（局发〔2026〕6号）。"}
    world.complete(task, "leader", "to_handler", explanations=reason)
    assert world.document(done.case).signatory == world.actor("leader").name


def test_the_agent_of_the_head_signs_upward(world: World) -> None:
    world.delegate("unit.head", "leader2")
    task = world.run(world.request(), until="unit_head_sign")
    assert task is not None
    world.complete(task, "leader2")
    assert world.document(world.case_of(task)).state == "signed"


def _choose(session: Session, by: Actor, own: dict[str, str], given: dict[str, str]) -> None:
    at = clock.now(session)
    policies.choose(session, by.unit_id, own, given["reason"], by, at, source=given["source"])


def test_an_objection_is_settled_before_the_sign_off_where_the_unit_wants_it(world: World) -> None:
    done = world.draft(countersigners=["leader2"])
    world.run(done, until="sign")
    world.complete(world.open(done.case)[0], "leader2", "object", opinion="经费没有来源。")
    task = world.run(done, until="leader_sign")
    assert task is not None
    given = {"reason": "试行", "source": "局办〔2026〕9号"}
    own = {"objections": "warn"}
    world._act(_choose, world.actor("system.admin"), own, given)
    assert refused(world, task, "leader") == ["objections"]
    world.complete(task, "leader", explanations={"objections": "11 月 23 日局长办公会议定。"})
    assert world.document(done.case).state == "signed"


@pytest.mark.usefixtures("without_rare")
def test_a_character_that_cannot_be_printed_stops_the_document(world: World) -> None:
    task = first(world, body=f"请{RARE}字村做好巡查。")
    assert refused(world, task, "drafter") == ["glyphs"]


def test_what_setting_the_page_has_shown_stops_this_very_text(world: World) -> None:
    task = first(world, body="这份正文的首页排不下。")
    page = subject_of(world.session, world.document(world.case_of(task)), DRAFT)
    proofs.judge(world.session, page, ("首页排不下正文，请精简标题。",), world.at)
    world.session.commit()
    assert refused(world, task, "drafter") == ["page"]
    other = first(world, body="另一份正文。")
    world.complete(other, "drafter")


def test_the_tree_of_units_and_the_files_are_read_in_one_statement(world: World) -> None:
    document = world.session.get_one(Document, world.draft().case.document_id)
    paper, severities = of_document(world.session, document, "")
    relations = {each.name: each.relation for each in paper.kin.others}
    assert paper.kin.own.name == "江洲县水务局"
    assert relations == {"江洲市水务局": Relation.SUPERIOR, "东湖区水务局": Relation.OTHER}
    assert severities == {}
    city = world.session.get_one(Document, world.draft("city.drafter").case.document_id)
    kin = of_document(world.session, city, "")[0].kin
    assert {each.relation for each in kin.others} == {Relation.SUBORDINATE}


def test_a_kind_that_no_series_numbers_is_said_before_the_sign_off(world: World) -> None:
    document = world.document(world.draft().case)
    assert "series" not in {each.rule.key for each in preflight.findings(world.session, document)}
    admin = world.actor("process.admin")
    letters = series.Plan("函件", ["函"], code="江水函")
    series.define(world.session, admin, world.at, letters)
    series.change(world.session, admin, world.at, "江水", series.Plan("发文", ["函"]))
    found = {each.rule.key: each for each in preflight.findings(world.session, document)}
    assert "没有适用于“通知”的发文字号序列" in found["series"].spot.sentence
