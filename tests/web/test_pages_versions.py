"""流程, its versions and drafts on pages: two people publish, compare, and roll back."""

import io
import json

import pytest

from app import clock
from app.workflow import checks, packages, queries, trial
from tests.handling.test_process_drafts import SECOND, begin, drafts, drawn, routes
from tests.web.conftest import At
from tests.world import World

LIMIT = 'name="limit" value="P1D"'


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def test_a_draft_is_submitted_and_put_in_force_by_another(at: At, world: World) -> None:
    draft = drawn(world, LIMIT, LIMIT.replace("P1D", "P2D"))
    world.session.commit()
    admin, second = at("city.process.admin"), at("city.process.admin2")
    assert "发文办理" in admin.get("/process/definitions").text("main")
    here = f"/process/drafts/{draft.id}/summary"
    page = admin.get(here)
    assert "没有问题" in page.text("section[aria-labelledby=checks]")
    told = page.text("section[aria-labelledby=differences]")
    assert "“拟稿”时限由 1 个工作日改为 2 个工作日" in told
    refused = admin.press(here, "form[aria-labelledby=submit]", do="submit", reason="")
    assert refused.status == 422
    assert "请写明修改的理由" in refused.text("#reason-error")
    done = admin.press(here, "form[aria-labelledby=submit]", do="submit", reason="放宽拟稿")
    assert done.status == 303
    version = done.answer.headers["Location"]
    assert "等另一位流程管理员启用" in admin.get(version).text("main")
    assert "流程 1" in second.get("/process/definitions").text("nav.tabs")
    form = "form[action*=terms\\/]"
    assert second.press(version, form, agree="no", answer="").status == 422
    assert second.press(version, form, agree="yes").status == 303
    assert "启用中" in second.get(version).text("ul.rows")
    listed = second.get("/process/definitions").text("main")
    assert "第 2 版" in listed
    assert queries.in_force(world.session, "outgoing").version == 2


def test_rolling_back_on_the_page(at: At, world: World) -> None:
    draft = drawn(world, LIMIT, LIMIT.replace("P1D", "P2D"))
    row = drafts.submit(
        world.session, draft.id, "改", None, world.actor("city.process.admin"), world.at
    )
    old = queries.in_force(world.session, "outgoing").sha256
    routes.put_in_force(world.session, world.actor(SECOND), row.sha256, world.at)
    world.session.commit()
    admin, second = at("city.process.admin"), at("city.process.admin2")
    here = f"/process/versions/{old}"
    form = "form[action$=terms]"
    assert admin.press(here, form, reason="").status == 422
    assert admin.press(here, form, reason="改", in_force_from="x").status == 422
    assert admin.press(here, form, reason="新版有误").status == 303
    assert second.press(here, "form[action*=terms\\/]", agree="yes").status == 303
    assert "第 1 版" in second.get("/process/definitions/outgoing").text("table.list")
    assert queries.in_force(world.session, "outgoing").version == 1


def test_a_draft_is_begun_from_a_version_a_file_or_nothing(at: At, world: World) -> None:
    admin = at("city.process.admin")
    new, form = "/process/drafts/new", "form[enctype]"
    assert admin.press(new, form).status == 422
    blank = {"from": "blank", "name": "督查件办理", "process_id": "supervise"}
    done = admin.press(new, form, **blank)
    assert done.status == 303
    canvas = done.answer.headers["Location"]
    assert "督查件办理" in admin.get(canvas).text("h1")
    summary = f"{canvas}/summary"
    assert "督查件办理" in admin.get(summary).text("h1")
    sha256 = queries.in_force(world.session, "incoming").sha256
    assert admin.press(new, form, **{"from": "version", "base": sha256}).status == 303
    assert admin.press(new, form, **{"from": "files"}).status == 422
    page = admin.get(summary)
    token = page.root.cssselect("form[enctype] input[name=csrf_token]")[0].get("value")
    once = page.root.cssselect("form[enctype] input[name=once]")[0].get("value")
    bad = {
        "csrf_token": token,
        "once": once,
        "do": "replace",
        "revision": "1",
        "files": (io.BytesIO(b"<half"), "supervise.bpmn"),
    }
    with clock.moved_to(admin.at):
        answer = admin.client.post(summary, data=bad)
    assert answer.status_code == 303
    assert "不是完整的 XML" in admin.get(summary).text("section[aria-labelledby=checks]")
    assert admin.press(summary, "form[enctype]", do="discard").status == 303
    assert "督查件" not in admin.get("/process/definitions").text("main")


def test_only_process_administrators_see_them(at: At, world: World) -> None:
    draft = begin(world, process_id="p", name="甲")
    world.session.commit()
    for path in ("definitions", "definitions/outgoing", "drafts/new", f"drafts/{draft.id}/summary"):
        assert at("drafter").get(f"/process/{path}").status == 403
    assert at("city.process.admin").get(f"/process/versions/{'0' * 64}").status == 404
    assert at("city.process.admin").get("/process/definitions/nothing").status == 404


def test_tests_of_a_package_join_those_that_are_there(at: At, world: World) -> None:
    draft = begin(world, sha256=queries.in_force(world.session, "outgoing").sha256)
    world.session.commit()
    admin, here = at("city.process.admin"), f"/process/drafts/{draft.id}/summary"
    scenario = {"starter": "drafter", "at": "2026-11-23T01:00:00Z"}
    test = {"name": "新来的", "scenario": scenario, "expected": {"finished": False, "lines": []}}
    tests = json.dumps({"format": 1, "process": "outgoing", "tests": [test]}).encode()
    files = {name: text.encode() for name, text in draft.files.items()}
    package = packages.Package("outgoing", "发文办理", 1, files, {"outgoing.tests.json": tests}, {})
    for said in ("并入 1 项推演测试", "没有并入推演测试“新来的”（已有同名的测试）"):
        form = admin.get(here).root.cssselect("form[enctype]")[0]
        hidden = {each.get("name"): each.get("value") for each in form.cssselect("input[name]")}
        zipped = io.BytesIO(packages.write(package))
        sent = {**hidden, "do": "replace", "files": (zipped, "outgoing.zip")}
        with clock.moved_to(admin.at):
            assert admin.client.post(here, data=sent).status_code == 303
        assert said in admin.get(here).text("body")
