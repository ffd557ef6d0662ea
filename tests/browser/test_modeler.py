"""流程设计: the canvas, the route as a table, forms, and a legal review put in by a new hand."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from app.database import db
from app.organization.models import Appointment, Role
from app.workflow import checks, drafts, trial
from app.workflow.drafts import Origin
from app.workflow.models import DefinitionRow, ProcessDraft
from tests.browser.acts import Sit
from tests.browser.conftest import AXE, DESK, PHONE, Desk
from tests.world import MONDAY, World


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial in a process of its own is proved elsewhere, and slow beside a browser."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.fixture
def base(app: Flask) -> str:
    """The outgoing route in force; one person in the unit reviews law."""
    with app.app_context():
        world = World(db.session())
        reviewer = world.actor("secretary")
        world.session.add(Role(key="legal-reviewer", label="法规审核员", scope="unit", position=50))
        world.session.flush()
        world.session.add(
            Appointment(
                person_id=reviewer.person_id,
                role_key="legal-reviewer",
                unit_id=reviewer.unit_id,
                title="法规审核员",
                in_charge=False,
                since=MONDAY,
            )
        )
        which = sa.select(DefinitionRow.sha256).where(DefinitionRow.process_id == "outgoing")
        found = world.session.scalars(which).one()
        world.session.commit()
        db.session.remove()
    return found


@pytest.fixture
def draft(app: Flask, base: str) -> int:
    """A draft begun from it."""
    with app.app_context():
        world = World(db.session())
        by = world.actor("city.process.admin")
        made = drafts.start(world.session, origin=Origin(sha256=base), by=by, at=MONDAY)
        world.session.commit()
        found = made.id
        db.session.remove()
    return found


def files(app: Flask, draft: int) -> dict[str, str]:
    with app.app_context():
        found = db.session.get_one(ProcessDraft, draft).files
        db.session.remove()
    return dict(found)


PATHS = (
    "/table",
    "/steps/dept_review",
    "/steps/dept_review/removal",
    "/steps/dept_review/ways",
    "/new-step?after=dept_review_to_office_check",
    "/ways/upward",
    "/forms",
    "/forms/office_check",
    "/check",
    "",
)
EXCEPT_EDITORS = """axe.run({exclude: [['[data-canvas]'], ['[data-panel]'], ['[data-editor]']]})"""
KINDS = """() => {
    const by = {};
    m.get('elementRegistry').forEach((each) => {
        by[each.type + (each.labelTarget ? ' label' : '')] ??= each.id;
    });
    return [...Object.values(by), 'office_check', 'countersign'];
}"""
LATIN = """() => {
    const found = new Set();
    const keep = (text) => {
        if (/[A-Za-z]{2}/.test(text ?? '') && !/[\u4e00-\u9fff]/.test(text)) found.add(text.trim());
    };
    for (const each of document.querySelectorAll('.modeler *')) {
        const out = !each.getClientRects().length;
        if (out || each.closest('.djs-element, script, .bjs-powered-by')) continue;
        for (const node of each.childNodes) if (node.nodeType === 3) keep(node.data);
        for (const name of ['title', 'placeholder', 'aria-label']) keep(each.getAttribute(name));
    }
    return [...found];
}"""
OPEN_ALL = """() => document.querySelectorAll('.bio-properties-panel-group-header:not(.open)')
    .forEach((each) => each.click())"""
MENU = """(id) => {
    const element = m.get('elementRegistry').get(id);
    if (m.get('popupMenu').isEmpty(element, 'bpmn-replace')) return false;
    m.get('popupMenu').open(element, 'bpmn-replace', { x: 100, y: 100 });
    return true;
}"""
ON_TOP = """(selector) => {
    const mark = document.querySelector(selector);
    mark.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = mark.getBoundingClientRect();
    return width > 20 && [[0.2, 0.3], [0.5, 0.5], [0.8, 0.7]].every(([x, y]) =>
        mark.contains(document.elementFromPoint(left + width * x, top + height * y)));
}"""
READY = {"": "[data-modeler][data-shown=yes]", "/forms/office_check": ".fjs-palette"}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])
def test_every_page_is_without_barriers(desk: Sit, draft: int, size: dict[str, int]) -> None:
    """The canvas and the editor of forms excepted: the table and the text are the way past them."""
    found = desk("city.process.admin", size=size)
    for path in PATHS:
        page = found.go(f"/process/drafts/{draft}{path}")
        page.wait_for_selector(READY.get(path, "h1"))
        page.wait_for_timeout(300)
        found.shot(f"draft{path.replace('/', '-').split('?')[0]}-{size['width']}")
        page.evaluate(AXE.read_text("utf-8"))
        told = page.evaluate(EXCEPT_EDITORS)
        assert [each["id"] for each in told["violations"]] == [], path
        assert not found.overflows(), path


@pytest.fixture
def canvas(desk: Sit, draft: int) -> Desk:
    """The drawing of the outgoing route, open."""
    found = desk("city.process.admin")
    found.go(f"/process/drafts/{draft}").wait_for_selector(READY[""])
    found.page.evaluate("window.m = document.querySelector('[data-modeler]').modeler")
    return found


def select(page: Page, element: str) -> None:
    page.evaluate("id => m.get('selection').select(m.get('elementRegistry').get(id))", element)
    page.wait_for_timeout(60)


def change(page: Page, element: str, **said: str) -> None:
    page.evaluate(
        """([id, said]) => m.get('modeling').updateProperties(
            m.get('elementRegistry').get(id), said)""",
        [element, {name.replace("__", ":"): value for name, value in said.items()}],
    )


def test_every_visible_word_is_chinese(canvas: Desk) -> None:
    page = canvas.page
    seen: set[str] = set()
    for element in page.evaluate(KINDS):
        select(page, element)
        page.evaluate(OPEN_ALL)
        page.wait_for_timeout(120)
        seen |= set(page.evaluate(LATIN))
        if page.evaluate(MENU, element):
            page.wait_for_timeout(120)
            seen |= set(page.evaluate(LATIN))
            page.evaluate("m.get('popupMenu').close()")
    page.evaluate("m.get('toggleMode').toggleMode(true)")
    page.wait_for_timeout(300)
    assert seen | set(page.evaluate(LATIN)) == set()


def test_the_mark_of_the_library_lies_open(canvas: Desk, draft: int) -> None:
    assert canvas.page.evaluate(ON_TOP, ".bjs-powered-by")
    page = canvas.go(f"/process/drafts/{draft}/forms/office_check")
    page.wait_for_selector(".fjs-powered-by-link")
    assert page.evaluate(ON_TOP, ".fjs-powered-by-link")


def test_the_panel_shows_our_fields_and_none_of_the_stock_ones(canvas: Desk) -> None:
    select(canvas.page, "dept_review")
    shown = canvas.page.locator(".bio-properties-panel-group-header-title")
    expect(shown).to_have_text(
        [
            *("基本", "说明", "模板", "办理人", "时限", "表单与意见", "结论", "退回与撤回"),
            *("相邻同人、空缺、起草人", "依据条款"),
        ]
    )


def test_a_drawing_that_cannot_be_written_is_said_and_saved_later(canvas: Desk) -> None:
    page, status = canvas.page, canvas.page.locator("[data-status]")
    page.evaluate("() => { m.kept = m.saveXML; m.saveXML = () => Promise.reject(new Error('x')); }")
    change(page, "draft", name="起草")
    page.keyboard.press("Control+s")
    expect(status).to_contain_text("没有存上")
    page.evaluate("() => { m.saveXML = m.kept; }")
    page.keyboard.press("Control+s")
    expect(status).to_contain_text("草稿已存")


def test_what_is_drawn_is_saved_and_a_newer_draft_is_not_overwritten(
    canvas: Desk, app: Flask, draft: int
) -> None:
    page, status = canvas.page, canvas.page.locator("[data-status]")
    change(page, "draft", name="起草")
    expect(status).to_contain_text("尚未保存")
    page.keyboard.press("Control+s")
    expect(status).to_contain_text("草稿已存")
    assert 'name="起草"' in files(app, draft)["outgoing.bpmn"]
    with app.app_context():
        db.session.get_one(ProcessDraft, draft).revision += 1
        db.session.commit()
        db.session.remove()
    change(page, "draft", name="撰稿")
    page.get_by_role("button", name="保存草稿").click()
    expect(status).to_contain_text("您的改动没有保存")
    assert 'name="起草"' in files(app, draft)["outgoing.bpmn"]


def test_a_new_step_comes_with_our_template(canvas: Desk) -> None:
    made = canvas.page.evaluate(
        """() => { const step = m.get('elementFactory').createShape({ type: 'bpmn:UserTask' });
        const place = m.get('elementRegistry').get('draft').parent;
        m.get('modeling').createShape(step, { x: 700, y: 60 }, place);
        return step.businessObject.get('camunda:modelerTemplate') }"""
    )
    assert made == "gongwen.step"


def test_findings_and_differences_lead_to_their_element(canvas: Desk) -> None:
    page = canvas.page
    change(page, "dept_review", name="科室核稿", camunda__candidateGroups="nobody-there")
    page.get_by_role("link", name="① 检查").click()
    dock = page.locator("[data-dock]")
    expect(dock.get_by_role("heading")).to_contain_text("处要改", timeout=20_000)
    dock.get_by_role("link", name="科室核稿").first.click()
    assert page.evaluate("m.get('selection').get().map((each) => each.id)") == ["dept_review"]
    expect(page.locator("[data-element-id=dept_review].is-found")).to_have_count(1)
    page.get_by_role("link", name="② 比较").click()
    expect(dock.get_by_role("heading")).to_contain_text("比较")
    expect(page.locator("[data-element-id=dept_review].is-changed")).to_have_count(1)
    canvas.shot("modeler-comparison")


OUTCOMES = ((1, "同意", ""), (2, "修改后再审", "dept_review"), (3, "不同意", "draft"))


def test_a_new_hand_adds_a_legal_review_and_a_document_goes_over_it(
    desk: Sit, app: Flask, base: str
) -> None:
    """Begun, drawn, checked, compared, agreed to by a second person: all of it on pages."""
    found = desk("city.process.admin")
    page = found.go("/process/drafts/new")
    page.get_by_role("radio", name="现有的版本").check()
    page.get_by_label("版本", exact=True).select_option(base)
    page.get_by_role("button", name="新建草稿").click()
    page.wait_for_selector(READY[""])
    here = page.url.removeprefix(found.server)
    page = found.go(f"{here}/forms")
    page.get_by_label("表单编号").fill("legal_review")
    page.get_by_role("button", name="新建表单").click()
    page.wait_for_selector(".fjs-palette")
    page.locator(".fjs-palette-field[data-field-type=textarea]").press("Enter")
    page.wait_for_selector("[data-seen] textarea")
    page.get_by_role("button", name="保存表单").click()
    expect(page.get_by_text("已保存表单“legal_review”。")).to_be_visible()

    page = found.go(f"{here}/table")
    page.locator("tr#row-dept_review").get_by_role("link", name="加环节").click()
    page.get_by_label("环节名称").fill("法规审核")
    for number, label, target in OUTCOMES:
        page.get_by_label(f"第 {number} 个结果", exact=True).fill(label)
        page.locator(f"#target{number}").select_option(target)
    page.get_by_label("办理角色").select_option(label="法规审核员")
    page.get_by_label("时限（工作日）").fill("2")
    page.get_by_label("表单", exact=True).select_option("legal_review")
    page.get_by_label("依据条款").fill("OUT-06")
    page.get_by_role("button", name="加环节").click()
    expect(page.get_by_text("已加环节“法规审核”。")).to_be_visible()
    found.shot("table-with-legal-review")

    page = found.go(here)
    page.wait_for_selector(READY[""])
    page.get_by_role("link", name="① 检查").click()
    expect(page.locator("[data-dock]")).to_contain_text("可以提交", timeout=20_000)
    page.get_by_role("link", name="② 比较").click()
    expect(page.locator("[data-dock]").get_by_role("heading")).to_contain_text("处改动")
    expect(page.locator("[data-dock]")).to_contain_text("“法规审核”新增于")
    found.shot("modeler-with-legal-review")
    page.get_by_role("link", name="④ 提交发布").click()
    page.get_by_label("修改理由").fill("规范性文件须经合法性审核。")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("等另一位流程管理员启用").first).to_be_visible(timeout=20_000)
    second = desk("city.process.admin2").go(page.url.removeprefix(found.server))
    expect(second.get_by_text("“法规审核”新增于")).to_be_visible()
    second.get_by_role("button", name="启用", exact=True).click()
    expect(second.get_by_role("status").first).to_contain_text("启用")
    finish_one(app)


def finish_one(app: Flask) -> None:
    """A new document goes over the new step, and to its end."""
    with app.app_context():
        world = World(db.session())
        done = world.draft(title="江洲县水务局关于印发管理办法的通知")
        task = world.run(done, until="outgoing_step_1")
        assert task is not None
        assert task.step_name == "法规审核"
        assert world.holders(task) == ["secretary"]
        assert world.run(done, outgoing_step_1={"outcome": "approve"}) is None
        db.session.remove()


REACHED = """(selector) => {
    const editor = document.querySelector('.form-editor');
    const part = editor.querySelector(selector);
    editor.scrollLeft = editor.scrollWidth;
    const outer = editor.getBoundingClientRect(), inner = part.getBoundingClientRect();
    return {
        scrolls: editor.scrollLeft > 0,
        width: document.documentElement.scrollWidth,
        reached: inner.right <= outer.right + 1 && inner.left >= outer.left - 1,
        inner: [inner.left, inner.right, inner.width], outer: [outer.left, outer.right],
        sizes: [editor.scrollWidth, editor.clientWidth, editor.scrollHeight, editor.clientHeight],
    };
}"""


def test_the_editor_of_forms_scrolls_in_itself_on_a_phone(desk: Sit, draft: int) -> None:
    seat = desk("city.process.admin", size=PHONE)
    page = seat.go(f"/process/drafts/{draft}/forms/office_check")
    page.wait_for_selector(READY["/forms/office_check"])
    found = page.evaluate(REACHED, ".fjs-properties-container")
    seat.shot("draft-forms-scrolled-390")
    assert (found["scrolls"], found["reached"]) == (True, True), found
    assert found["width"] <= PHONE["width"]
