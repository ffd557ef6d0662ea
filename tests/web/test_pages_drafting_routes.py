"""流程草稿 on pages without script: the route as a table, its forms, check and submission."""

import json

import pytest
import sqlalchemy as sa

from app.workflow import checks, drafts, trial
from app.workflow.drafts import Origin
from app.workflow.editing import Drawing, Row, rows
from app.workflow.models import DefinitionRow, ProcessDraft
from tests.web.conftest import At
from tests.web.desk import Page
from tests.world import MONDAY, World

LEGAL = {
    "name": "法规审核",
    "label1": "同意",
    "label2": "修改后再审",
    "target2": "dept_review",
    "label3": "不同意",
    "target3": "draft",
    "field.candidateGroups": "office-head",
    "field.limit": "2",
    "field.formKey": "legal_review",
    "field.clause": "规范性文件送签前须经合法性审核。",
}


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.fixture
def draft(world: World) -> ProcessDraft:
    """A draft of the outgoing route, begun from the version in force."""
    which = sa.select(DefinitionRow.sha256).where(DefinitionRow.process_id == "outgoing")
    origin = Origin(sha256=world.session.scalar(which))
    by = world.actor("city.process.admin")
    made = drafts.start(world.session, origin=origin, by=by, at=MONDAY)
    world.session.commit()
    return made


def found(world: World, draft: ProcessDraft) -> dict[str, Row]:
    """The rows of the drawing as it is saved now, by name."""
    world.session.refresh(draft)
    text = draft.files["outgoing.bpmn"]
    world.session.rollback()
    return {row.label: row for row in rows(Drawing(text.encode()))}


PAGES = (
    "",
    "/table",
    "/steps/dept_review",
    "/steps/dept_review/removal",
    "/steps/dept_review/ways",
    "/new-step?after=dept_review_to_office_check",
    "/ways/upward",
    "/forms",
    "/forms/office_check",
    "/check",
    "/difference",
    "/drawing.bpmn",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_administrators_alone(at: At, draft: ProcessDraft, path: str) -> None:
    address = f"/process/drafts/{draft.id}{path}"
    assert at("city.process.admin").get(address).status == 200
    assert at("drafter").get(address).status == 403


def test_only_pages_with_an_editor_allow_style_attributes(at: At, draft: ProcessDraft) -> None:
    admin = at("city.process.admin")
    for path in PAGES:
        got = admin.get(f"/process/drafts/{draft.id}{path}").answer
        policy = got.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert ("unsafe-inline" in policy) == (path in ("", "/forms/office_check")), path


def test_a_legal_review_is_put_in_and_taken_out_without_script(
    at: At, world: World, draft: ProcessDraft
) -> None:
    admin, here = at("city.process.admin"), f"/process/drafts/{draft.id}"
    assert admin.press(f"{here}/forms", "form.card", key="legal_review").status == 303
    place = f"{here}/new-step?after=dept_review_to_office_check"
    done = admin.press(place, "form.card", **LEGAL)
    assert done.status == 303
    row = found(world, draft)["法规审核"]
    assert [(way.name, way.key, way.target) for way in row.ways] == [
        ("同意", "approve", "office_check"),
        ("修改后再审", "revise", "dept_review"),
        ("不同意", "reject", "draft"),
    ]
    assert admin.get(f"{here}/check").text("main h2") == "检查：可以提交"
    assert "法规审核" in " ".join(admin.get(f"{here}/difference").texts("[data-element]"))
    assert admin.press(f"{here}/steps/{row.id}/removal", "form.card").status == 303
    assert "法规审核" not in found(world, draft)


def test_a_step_and_its_ways_are_changed(at: At, world: World, draft: ProcessDraft) -> None:
    admin, here = at("city.process.admin"), f"/process/drafts/{draft.id}"
    step = f"{here}/steps/dept_review"
    done = admin.press(step, "form.card", **{"name": "科室核稿", "field.limit": "3"})
    assert done.status == 303
    assert admin.get(step).form("form.card")["field.limit"] == "3"
    ways = f"{here}/steps/dept_review/ways"
    assert admin.press(ways, "form.card", name="退回", target="draft").status == 303
    row = found(world, draft)["科室核稿"]
    assert [(way.name, way.key) for way in row.ways] == [("同意", "approve"), ("退回", "back")]
    back = f"{here}/ways/{row.ways[1].id}"
    assert admin.press(back, "form.card", name="退回重拟", key="again").status == 303
    assert admin.press(back, "form.card", do="remove").status == 303
    assert [way.name for way in found(world, draft)["科室核稿"].ways] == [""]


def test_steps_to_send_back_to_are_ticked_by_name(
    at: At, world: World, draft: ProcessDraft
) -> None:
    admin, here = at("city.process.admin"), f"/process/drafts/{draft.id}"
    step, name = f"{here}/steps/office_check", "field.return_to"

    def sent(*ticked: str) -> Page:
        return admin.post(step, {**admin.get(step).form("form.card"), name: ["", *ticked]})

    def ticked() -> list[str]:
        boxes = admin.get(step).root.cssselect(f"input[type=checkbox][name='{name}']")
        return [each.get("value") for each in boxes if each.get("checked") is not None]

    labels = admin.get(step).texts("fieldset[id='field.return_to'] li")
    assert "部门负责人核稿" in labels
    assert "办公室负责人把关" not in labels  # itself
    assert sent("draft", "dept_review").status == 303
    assert ticked() == ["draft", "dept_review"]
    assert sent("gone_step").status == 303  # kept until somebody unticks it
    assert ticked() == ["gone_step"]
    both = sent("draft", "none")
    assert (both.status, "就不能再选环节" in both.answer.text) == (422, True)
    assert ticked() == ["gone_step"]
    assert sent("none").status == 303
    assert ticked() == ["none"]
    assert sent().status == 303
    assert ticked() == []


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("/steps/dept_review", {"name": ""}, "请填写环节名称"),
        ("/steps/dept_review", {"field.limit": "两天"}, "时限请填工作日数"),
        ("/steps/dept_review/ways", {"name": "退回", "target": ""}, "请选择这个结果的去向"),
        ("/ways/upward", {"target": "nowhere"}, "请选择去向"),
        ("/ways/draft_to_dept_review", {"do": "remove"}, "唯一的出口"),
        ("/forms", {"key": "9"}, "表单编号应以小写字母开头"),
        ("/forms", {"key": "office_check"}, "草稿中已有编号为"),
        ("/forms/office_check", {"schema": "{"}, "不是 form-js 表单文件"),
        ("/forms/office_check", {"schema": '{"id":"other","components":[]}'}, "不能在此改动"),
    ],
)
def test_what_is_typed_badly_is_refused_and_stays_on_the_page(
    at: At, world: World, draft: ProcessDraft, path: str, typed: dict[str, str], sentence: str
) -> None:
    page = at("city.process.admin").press(f"/process/drafts/{draft.id}{path}", "main form", **typed)
    assert page.status == 422
    assert sentence in " ".join(page.texts("[role=alert]"))
    world.session.refresh(draft)
    assert draft.revision == 1


def test_what_somebody_else_has_saved_is_not_overwritten(
    at: At, world: World, draft: ProcessDraft
) -> None:
    path = f"/process/drafts/{draft.id}/steps/dept_review"
    second = at("city.process.admin2")
    stale = second.get(path).form("form.card") | {"name": "乙"}
    at("city.process.admin").press(path, "form.card", name="甲")
    page = second.post(path, stale)
    assert page.status == 409
    assert "您的改动没有保存" in page.text("[role=alert]")
    assert "甲" in found(world, draft)


def test_a_form_is_shown_as_staff_will_see_it_and_what_is_refused_is_named(
    at: At, draft: ProcessDraft
) -> None:
    admin, here = at("city.process.admin"), f"/process/drafts/{draft.id}/forms/office_check"
    shown = admin.get(here)
    assert shown.texts("[data-seen] legend") == ["会签人"]
    schema = json.dumps(
        {
            "id": "office_check",
            "components": [
                {
                    "type": "number",
                    "key": "copies",
                    "label": "份数",
                    "validate": {"required": True},
                },
                {"type": "html", "id": "x", "content": "<script>alert(1)</script>"},
            ],
        }
    )
    token = {"csrf_token": shown.form("[data-form-editor]")["csrf_token"], "schema": schema}
    seen = admin.post(f"{here}/preview", token)
    assert seen.status == 200
    assert "不支持组件类型 html" in seen.text("[role=alert]")
    assert "份数" in seen.text("label")
    assert not seen.root.cssselect("script")


def test_a_file_that_is_no_whole_xml_is_named_by_the_check(
    at: At, world: World, draft: ProcessDraft
) -> None:
    files = {**draft.files, "outgoing.bpmn": "<broken"}
    by = world.actor("city.process.admin")
    drafts.save(world.session, draft.id, draft.revision, files, by, MONDAY)
    world.session.commit()
    admin, here = at("city.process.admin"), f"/process/drafts/{draft.id}"
    assert "不是完整的 XML 文件" in admin.get(f"{here}/check").text("[data-findings]")
    table = admin.get(f"{here}/table?file=outgoing.bpmn")
    assert table.status == 422
    assert "不是完整的 XML 文件" in table.text("main")
    assert admin.get(f"{here}/table?file=nothing.bpmn").status == 404
