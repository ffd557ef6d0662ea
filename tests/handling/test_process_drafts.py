"""Drafts: begun from anything, saved by one after the other, checked, and proposed."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry, signed_by_rule
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import routes, terms
from app.handling.views import definitions, deliveries
from app.organization import role_labels
from app.organization.models import Appointment
from app.workflow import checks, drafts, queries, trial
from app.workflow.drafts import Origin, StaleDraft
from app.workflow.errors import (
    AlreadyDecided,
    BadDiagram,
    LosesRules,
    NoDefinition,
    SecondPersonNeeded,
    SetForLater,
)
from app.workflow.models import DefinitionRow, ProcessDraft, ProcessTerm
from app.workflow.played import ChangedMeanwhile
from app.workflow.publishing import publish, put_in_force
from app.workflow.rights import OutOfReach
from tests.workflow.drawing import line
from tests.world import World

ADMIN, SECOND = "city.process.admin", "city.process.admin2"
COUNTY, COUNTY_SECOND = "process.admin", "process.admin2"
EAST = "east.process.admin"


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def begin(world: World, by: str = ADMIN, **origin: object) -> ProcessDraft:
    return drafts.start(
        world.session,
        origin=Origin(**origin),  # type: ignore[arg-type]
        by=world.actor(by),
        at=world.at,
    )


def shipped(world: World) -> str:
    return queries.in_force(world.session, "outgoing").sha256


def test_a_blank_process_has_no_fault(world: World) -> None:
    draft = begin(world, process_id="my_route", name="督查件办理")
    assert (draft.process_id, draft.name, draft.base_sha256) == ("my_route", "督查件办理", None)
    assert drafts.check(world.session, draft) == []


def test_a_version_comes_with_what_it_calls_and_its_forms(world: World) -> None:
    draft = begin(world, sha256=shipped(world))
    assert {"outgoing.bpmn", "countersign.bpmn", "opinion.form"} <= draft.files.keys()
    assert drafts.check(world.session, draft) == []


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ({"process_id": "P", "name": "甲"}, "小写字母开头"),
        ({"process_id": "p", "name": " "}, "流程名称"),
        ({"files": {"a.exe": b"x"}}, "只能是流程图"),
        ({"files": {"../a.bpmn": line("a")}}, "文件名"),
        ({"files": {"a.bpmn": b"<!DOCTYPE a><a/>"}}, "DOCTYPE"),
        ({"files": {"a.bpmn": b"<a/>"}}, "不是可以打开的"),
        ({"files": {"a.bpmn": b"\xff\xfe"}}, "UTF-8"),
        ({"files": {}}, "没有可以读取的流程"),
    ],
)
def test_what_cannot_be_begun_from(world: World, origin: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        begin(world, **origin)
    assert world.session.scalar(sa.select(sa.func.count(ProcessDraft.id))) == 0


def test_what_cannot_run_still_opens_and_is_refused_at_submitting(world: World) -> None:
    drawing = line("a").replace(b"userTask", b"scriptTask")
    draft = begin(world, files={"甲.bpmn": drawing})
    assert draft.process_id == "p"
    with pytest.raises(BadDiagram):
        drafts.submit(world.session, draft.id, "试试", None, world.actor(ADMIN), world.at)


def test_who_saves_second_is_told_who_was_first(world: World) -> None:
    draft = begin(world, process_id="p", name="甲")
    admin = world.actor(ADMIN)
    files = {"p.bpmn": line("a").decode()}
    saved = drafts.save(world.session, draft.id, 1, files, admin, world.at)
    assert (saved.revision, saved.name) == (2, "测试")
    second = world.actor(SECOND)
    with pytest.raises(StaleDraft, match=f"{admin.name}已于 11-23 09:00 保存"):
        drafts.save(world.session, draft.id, 1, files, second, world.at)
    assert drafts.save(world.session, draft.id, 2, files, second, world.at).revision == 3


def test_a_half_drawn_process_is_saved_under_its_name(world: World) -> None:
    draft = begin(world, process_id="p", name="甲")
    saved = drafts.save(
        world.session, draft.id, 1, {"p.bpmn": "<half"}, world.actor(ADMIN), world.at
    )
    assert (saved.process_id, saved.name) == ("p", "甲")
    assert [fault.element for fault in drafts.check(world.session, saved)] == [""]


def test_submitting_proposes_and_a_second_person_puts_in_force(world: World) -> None:
    draft = begin(world, process_id="p", name="甲")
    admin, second = world.actor(ADMIN), world.actor(SECOND)
    with pytest.raises(Invalid, match="理由"):
        drafts.submit(world.session, draft.id, " ", None, admin, world.at)
    day = world.at.date() - timedelta(days=1)
    with pytest.raises(Invalid, match="启用日期"):
        drafts.submit(world.session, draft.id, "补上督查", day, admin, world.at)
    world.session.rollback()
    draft = begin(world, process_id="p", name="甲")
    row = drafts.submit(world.session, draft.id, "补上督查", None, admin, world.at)
    assert (row.version, row.state, draft.state, draft.sha256) == (
        1,
        "submitted",
        "submitted",
        row.sha256,
    )
    with pytest.raises(Conflict, match="已经提交"):
        drafts.save(world.session, draft.id, 1, dict(draft.files), admin, world.at)
    with pytest.raises(SecondPersonNeeded):
        put_in_force(world.session, row.sha256, admin.signature(), world.at)
    put_in_force(world.session, row.sha256, second.signature(), world.at)
    assert queries.in_force(world.session, "p").sha256 == row.sha256
    with pytest.raises(AlreadyDecided):
        put_in_force(world.session, row.sha256, second.signature(), world.at)
    world.session.commit()
    found = world.session.scalars(
        sa.select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(4)
    )
    assert list(found) == [
        "definition.put_in_force",
        "process_draft.submitted",
        "definition.submitted",
        "process_draft.started",
    ]


def test_a_checked_revision_is_not_played_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin(world, process_id="p", name="甲")
    monkeypatch.setattr(trial, "limited_walks", None)
    admin, same = world.actor(ADMIN), drafts.look(world.session, draft).sha256
    with pytest.raises(StaleDraft):
        drafts.submit(
            world.session, draft.id, "改", None, admin, world.at, checked=drafts.Checked(2, same)
        )
    passed = drafts.Checked(1, same)
    assert drafts.submit(world.session, draft.id, "改", None, admin, world.at, checked=passed)


def test_what_holds_already_is_not_submitted_again(world: World) -> None:
    admin = world.actor(ADMIN)
    draft = begin(world, sha256=shipped(world))
    with pytest.raises(AlreadyDecided, match="正在启用"):
        drafts.submit(world.session, draft.id, "照旧", None, admin, world.at)
    assert draft.state == "open"


def test_drafts_of_a_unit_are_its_own_and_of_those_above(world: World) -> None:
    county, city, east = (world.actor(each) for each in (COUNTY, ADMIN, EAST))
    draft = begin(world, COUNTY, process_id="p", name="甲", unit_id=county.unit_id)
    office = begin(world, process_id="q", name="乙")
    assert [each.id for each in drafts.open_drafts(world.session, county)] == [draft.id]
    assert {each.id for each in drafts.open_drafts(world.session, city)} == {draft.id, office.id}
    assert list(drafts.open_drafts(world.session, east)) == []
    for refused in (
        lambda: drafts.get(world.session, draft.id, east),
        lambda: drafts.discard(world.session, draft.id, east, world.at),
        lambda: drafts.get(world.session, office.id, county),
    ):
        with pytest.raises(NotFound):
            refused()
    assert drafts.get(world.session, draft.id, city) is draft
    with pytest.raises(OutOfReach, match="不是江洲县水务局及其上级单位的流程管理员"):
        begin(world, EAST, process_id="p", name="甲", unit_id=county.unit_id)
    with pytest.raises(OutOfReach, match="不是江洲市水务局及其上级单位的流程管理员"):
        begin(world, COUNTY, process_id="p", name="甲", unit_id=city.unit_id)
    with pytest.raises(OutOfReach, match="全机关的流程由江洲市水务局的流程管理员管理"):
        begin(world, "drafter", process_id="p", name="甲")


def test_a_discarded_draft_is_offered_no_more(world: World) -> None:
    draft = begin(world, process_id="p", name="甲")
    drafts.discard(world.session, draft.id, world.actor(ADMIN), world.at)
    assert drafts.open_drafts(world.session, world.actor(ADMIN)) == []
    with pytest.raises(Conflict, match="已经放弃"):
        drafts.discard(world.session, draft.id, world.actor(ADMIN), world.at)


def test_from_a_day_on_and_exactly_once(world: World) -> None:
    row = submitted(world, world.at.date() + timedelta(days=2))
    routes.put_in_force(world.session, world.actor(SECOND), row.sha256, world.at)
    world.session.commit()
    assert row.state == "submitted"
    world.later(days=1)
    world.sweep()
    with pytest.raises(NoDefinition):
        queries.in_force(world.session, "p")
    world.at = world.at.replace(hour=0, minute=1) + timedelta(days=1)
    world.sweep()
    world.sweep()
    assert queries.in_force(world.session, "p").sha256 == row.sha256
    begun = sa.select(AuditEntry).where(AuditEntry.action == "definition.put_in_force")
    last = world.session.scalars(begun.order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert json.loads(last.body)["authority"] == "按设定的日期启用"


def test_what_was_set_for_a_day_is_called_off(world: World) -> None:
    row = submitted(world, world.at.date() + timedelta(days=1))
    routes.put_in_force(world.session, world.actor(SECOND), row.sha256, world.at)
    term = world.session.scalars(sa.select(ProcessTerm).where(ProcessTerm.process_id == "p")).one()
    with pytest.raises(Invalid, match="理由"):
        routes.refuse(world.session, world.actor(SECOND), term.id, "", world.at)
    routes.refuse(world.session, world.actor(SECOND), term.id, "推迟", world.at)
    world.session.commit()
    world.later(days=2)
    world.sweep()
    with pytest.raises(NoDefinition):
        queries.in_force(world.session, "p")
    with pytest.raises(AlreadyDecided):
        routes.refuse(world.session, world.actor(SECOND), term.id, "再退", world.at)


def test_two_people_roll_back_with_a_reason(world: World) -> None:
    admin, second = world.actor(ADMIN), world.actor(SECOND)
    old = shipped(world)
    draft = begin(world, sha256=old)
    files = dict(draft.files)
    files["outgoing.bpmn"] = files["outgoing.bpmn"].replace('name="拟稿"', 'name="起草"', 1)
    drafts.save(world.session, draft.id, 1, files, admin, world.at)
    row = drafts.submit(world.session, draft.id, "改名", None, admin, world.at)
    routes.put_in_force(world.session, second, row.sha256, world.at)
    assert shipped(world) == row.sha256
    with pytest.raises(Invalid, match="理由"):
        routes.propose(world.session, second, old, "", world.at)
    routes.propose(world.session, second, old, "新版有误", world.at)
    with pytest.raises(SecondPersonNeeded):
        routes.put_in_force(world.session, second, old, world.at)
    routes.put_in_force(world.session, admin, old, world.at)
    assert shipped(world) == old
    assert row.state == "retired"


def test_a_unit_follows_its_own_version_then_the_one_above(world: World) -> None:
    county, city = world.actor(COUNTY), world.actor(ADMIN)
    office = shipped(world)
    draft = begin(world, sha256=office, unit_id=city.unit_id)
    files = dict(draft.files)
    files["outgoing.bpmn"] = files["outgoing.bpmn"].replace('name="拟稿"', 'name="起草"', 1)
    drafts.save(world.session, draft.id, 1, files, city, world.at)
    row = drafts.submit(world.session, draft.id, "市局另行规定", None, city, world.at)
    with pytest.raises(NotAllowed):
        routes.put_in_force(world.session, county, row.sha256, world.at)
    put_in_force(world.session, row.sha256, county.signature(), world.at)
    assert queries.in_force(world.session, "outgoing", city.unit_id).sha256 == row.sha256
    assert queries.in_force(world.session, "outgoing", county.unit_id).sha256 == row.sha256
    east = world.actor("east.drafter").unit_id
    assert queries.in_force(world.session, "outgoing", east).sha256 == row.sha256
    assert shipped(world) == office
    world.session.commit()
    assert world.draft().case.process_version == row.version


def submitted(world: World, day: date | None = None) -> DefinitionRow:
    draft = begin(world, process_id="p", name="甲")
    return drafts.submit(world.session, draft.id, "改", day, world.actor(ADMIN), world.at)


def drawn(world: World, old: str, new: str, unit_id: int | None = None) -> ProcessDraft:
    """A draft of the outgoing route with something in it replaced once."""
    draft = begin(world, sha256=shipped(world), unit_id=unit_id)
    files = dict(draft.files)
    assert old in files["outgoing.bpmn"]
    files["outgoing.bpmn"] = files["outgoing.bpmn"].replace(old, new, 1)
    return drafts.save(world.session, draft.id, 1, files, world.actor(ADMIN), world.at)


def test_a_draft_that_loses_a_guarantee_is_not_submitted(world: World) -> None:
    draft = drawn(world, 'name="sign_off" value="yes"', 'name="sign_off" value="no"')
    with pytest.raises(BadDiagram) as refused:
        drafts.submit(world.session, draft.id, "省一步", None, world.actor(ADMIN), world.at)
    assert "改动后不再保证：签发后方可登记编号（OUT-09）" in str(refused.value.faults[0].message)
    files = {name: text.encode() for name, text in draft.files.items()}
    with pytest.raises(BadDiagram):
        routes.submit(world.session, world.actor(ADMIN), files, world.at)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('camunda:formKey="draft"', "", "没有表单"),
        ('name="outcome" value="submit"', 'name="other" value="submit"', "没有处理结果"),
        ('name="limit" value="P1D"', 'name="limit" value=""', "没有时限"),
        ('candidateGroups="office-head"', 'candidateGroups="archivist"', "没有人担任“档案员”"),
        ("OUT-01 DRF-01", "OUT-01 DRF-99", "没有编号为“DRF-99”的条款"),
    ],
)
def test_what_an_office_needs_besides(world: World, old: str, new: str, words: str) -> None:
    dismiss_all(world, "archivist")
    found = drafts.check(world.session, drawn(world, old, new), tries=False)
    assert any(words in fault.message and fault.mend for fault in found), found
    assert all(fault.warning == ("没有时限" in words) for fault in found if words in fault.message)


def test_units_without_somebody_are_named(world: World) -> None:
    county = world.actor(COUNTY).unit_id
    dismiss_all(world, "seal-keeper", county)
    draft = begin(world, sha256=shipped(world))
    found = drafts.check(world.session, draft, tries=False)
    assert [(fault.element, fault.warning) for fault in found] == [("seal", True)]
    assert found[0].message.startswith("江洲县水务局没有人担任“印章管理员”")
    own = begin(world, sha256=shipped(world), unit_id=county)
    found = drafts.check(world.session, own, tries=False)
    assert [(fault.element, fault.warning) for fault in found] == [("seal", False)]


def dismiss_all(world: World, role: str, unit_id: int | None = None) -> None:
    ended = sa.update(Appointment).where(Appointment.role_key == role)
    if unit_id is not None:
        ended = ended.where(Appointment.unit_id == unit_id)
    world.session.execute(ended.values(until=world.at))
    world.session.commit()


def test_a_new_delivery_shows_what_both_sides_changed(world: World) -> None:
    """Ours, theirs and the delivery that both came from."""
    admin, second = world.actor(ADMIN), world.actor(SECOND)
    limit = '"limit" value="P1D"'
    ours = drawn(world, limit, limit.replace("P1D", "P2D"))
    row = drafts.submit(world.session, ours.id, "放宽", None, admin, world.at)
    routes.put_in_force(world.session, second, row.sha256, world.at)
    lines = definitions.versions(world.session, admin, "outgoing")
    assert deliveries.update(world.session, lines) is None
    files = definitions.files_of(world.session, lines[-1].sha256)
    text = files["outgoing.bpmn"].decode()
    text = text.replace(limit, limit.replace("P1D", "P3D"), 1)
    files["outgoing.bpmn"] = text.replace('name="用印"', 'name="盖章"', 1).encode()
    delivered = publish(
        world.session,
        files,
        signed_by_rule("shipped"),
        world.at,
        roles=role_labels(world.session),
        forms={},
        shipped=True,
    )
    assert delivered.state == "submitted"
    found = deliveries.update(world.session, definitions.versions(world.session, admin, "outgoing"))
    assert found is not None
    assert (found.base.version, found.ours.version, found.theirs.version) == (1, 2, 3)
    assert found.both == ["“拟稿”"]
    assert len(found.own.changes) == 1
    assert len(found.delivered.changes) == 2


WEAKER = ('name="sign_off" value="yes"', 'name="sign_off" value="no"')


def kept(world: World, draft: ProcessDraft) -> DefinitionRow:
    """A version of it by a door that asks for no guarantee, proposed by nobody in the office."""
    row = publish(
        world.session,
        {name: text.encode() for name, text in draft.files.items()},
        world.actor(ADMIN).signature(),
        world.at,
        roles=role_labels(world.session),
        forms={},
        unit_id=draft.unit_id,
    )
    world.session.commit()
    return row


def test_a_weaker_version_comes_in_by_no_door(world: World) -> None:
    """Proposed again where it never held, or agreed to after a stronger one came into force."""
    second, city = world.actor(SECOND), world.actor(ADMIN)
    weak = kept(world, drawn(world, *WEAKER))
    with pytest.raises(LosesRules, match=r"OUT-09.*另建草稿"):
        routes.put_in_force(world.session, second, weak.sha256, world.at)
    with pytest.raises(LosesRules, match="OUT-09"):
        routes.propose(world.session, city, weak.sha256, "试", world.at, unit_id=city.unit_id)
    put_in_force(world.session, weak.sha256, second.signature(), world.at)
    routes.propose(world.session, city, weak.sha256, "试", world.at, unit_id=city.unit_id)


def test_two_days_do_not_cross(world: World) -> None:
    """What is agreed to now is not ended by what was set for later before."""
    second = world.actor(SECOND)
    day = world.at.date() + timedelta(days=3)
    first = submitted(world, day)
    routes.put_in_force(world.session, second, first.sha256, world.at)
    other = begin(world, process_id="p", name="乙")
    row = drafts.submit(world.session, other.id, "改", None, world.actor(ADMIN), world.at)
    with pytest.raises(SetForLater, match=rf"第 1 版已定于 {day} 启用.*请先取消"):
        routes.put_in_force(world.session, second, row.sha256, world.at)
    term = world.session.scalars(sa.select(ProcessTerm).filter_by(sha256=first.sha256)).one()
    routes.refuse(world.session, second, term.id, "改日", world.at)
    routes.put_in_force(world.session, second, row.sha256, world.at)
    third = begin(world, process_id="p", name="丙")
    row = drafts.submit(world.session, third.id, "改", day, world.actor(ADMIN), world.at)
    routes.put_in_force(world.session, second, row.sha256, world.at)
    fourth = begin(world, process_id="p", name="丁")
    after = day + timedelta(days=1)
    row = drafts.submit(world.session, fourth.id, "改", after, world.actor(ADMIN), world.at)
    routes.put_in_force(world.session, second, row.sha256, world.at)


def test_what_may_not_begin_on_its_day_goes_back(world: World) -> None:
    second = world.actor(SECOND)
    weak = kept(world, drawn(world, *WEAKER))
    term = world.session.scalars(sa.select(ProcessTerm).filter_by(sha256=weak.sha256)).one()
    term.in_force_from = world.at.date() + timedelta(days=1)
    put_in_force(world.session, weak.sha256, second.signature(), world.at)
    terms.watch(world.session, term)
    world.session.commit()
    world.later(days=2)
    world.sweep()
    world.session.refresh(term)
    assert (term.state, term.decided_by) == ("proposed", None)
    assert "OUT-09" in (term.answer or "")
    assert shipped(world) != weak.sha256
    noted = sa.select(AuditEntry.action).order_by(AuditEntry.seq.desc())
    assert "definition.not_begun" in world.session.scalars(noted.limit(5)).all()
    routes.refuse(world.session, second, term.id, "不用", world.at)


def test_who_drew_it_is_not_the_second_person(world: World) -> None:
    admin, second = world.actor(ADMIN), world.actor(SECOND)
    draft = begin(world, process_id="p", name="甲")
    row = drafts.submit(world.session, draft.id, "代为提交", None, second, world.at)
    with pytest.raises(SecondPersonNeeded, match="是您绘制的"):
        routes.put_in_force(world.session, admin, row.sha256, world.at)
    term = world.session.scalars(sa.select(ProcessTerm).filter_by(sha256=row.sha256)).one()
    routes.refuse(world.session, second, term.id, "由绘制人提请", world.at)
    routes.propose(world.session, admin, row.sha256, "请启用", world.at)
    routes.put_in_force(world.session, second, row.sha256, world.at)
    assert queries.in_force(world.session, "p").sha256 == row.sha256


def test_what_was_played_is_compared_with_what_is_submitted(world: World) -> None:
    draft = begin(world, sha256=shipped(world))
    looked = drafts.look(world.session, draft)
    admin = world.actor(ADMIN)
    given = (world.session, draft.id, "试", None, admin, world.at)
    checked = drafts.Checked(draft.revision, "0" * 64)
    with pytest.raises(ChangedMeanwhile, match="再提交一次"):
        drafts.submit(*given, checked=checked)
    assert draft.state == "open"
    with pytest.raises(AlreadyDecided):  # it holds already: what was played is what is there
        drafts.submit(*given, checked=drafts.Checked(draft.revision, looked.sha256))


def test_a_route_of_ones_own_is_what_was_played(world: World) -> None:
    files = {"p.bpmn": line("a").replace(b"clerk", b"office-head")}
    looked = routes.look(world.session, world.actor(ADMIN), files)
    with pytest.raises(ChangedMeanwhile):
        routes.submit(world.session, world.actor(ADMIN), files, world.at, played="0" * 64)
    row = routes.submit(world.session, world.actor(ADMIN), files, world.at, played=looked.sha256)
    assert row.sha256 == looked.sha256 != looked.definition.sha256
