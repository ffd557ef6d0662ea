"""预演 on pages and through the API."""

from collections.abc import Callable

from app.handling.models import Task
from app.workflow.queries import in_force
from tests.handling.editions import inserted, kept, limited, removed
from tests.web.conftest import At, Caller
from tests.world import NOTICE, World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


def test_it_says_of_each_case_what_would_become_of_it(at: At, world: World, review: Task) -> None:
    new = kept(world.session, LEGAL, limited("dept_review", "P3D"))
    admin = at("process.admin")
    listed = admin.get("/process/rehearsals/")
    assert "待启用" in listed.text("table.list")
    page = admin.get(f"/process/rehearsals/{new.sha256}")
    row = page.text("table.list tbody tr")
    for words in ("堤防巡查", "部门负责人核稿", "多办：法规审核", "时限：", "规则：DRF-17"):
        assert words in row
    assert "多环节 1" in page.text("nav.filters")
    assert str(NOTICE["body"]).split("\n")[1] not in page.answer.text
    narrowed = admin.get(f"/process/rehearsals/{new.sha256}?kind=limit&after=x")
    assert "堤防巡查" in narrowed.text("table.list tbody")


def test_what_cannot_be_moved_names_the_element(at: At, world: World, review: Task) -> None:
    new = kept(world.session, removed("dept_review"))
    page = at("process.admin").get(f"/process/rehearsals/{new.sha256}?kind=cannot")
    assert "无法迁移：“部门负责人核稿”正在办理" in page.text("table.list tbody tr")


def test_a_version_without_other_cases(at: At, world: World) -> None:
    present = in_force(world.session, "outgoing").sha256
    page = at("process.admin").get(f"/process/rehearsals/{present}")
    assert "不影响任何在办件" in page.text(".empty")
    assert at("process.admin").get("/process/rehearsals/" + "0" * 64).status == 404
    assert at("drafter").get("/process/rehearsals/").status == 403


def test_the_api_says_the_same(call: Callable[[str], Caller], world: World) -> None:
    task = world.run(world.draft(), until="dept_review")
    assert task is not None
    new = kept(world.session, LEGAL)
    path = f"/api/v1/definitions/{new.sha256}/rehearsal"
    found = call("process.admin").get(path).json
    assert found is not None
    assert (found["total"], found["counts"]["more"], found["next"]) == (1, 1, None)
    (case,) = found["items"]
    assert case["more"] == [{"step": "legal_review", "name": "法规审核"}]
    assert case["kinds"] == ["more", "rules"]
    assert call("drafter").get(path).status_code == 403
    assert call("process.admin").get(path[:-20] + "x/rehearsal").status_code in (404, 422)


def test_units_below_are_a_table_of_numbers(at: At, world: World, review: Task) -> None:
    new = kept(world.session, LEGAL, removed("dept_review"))
    address = f"/process/rehearsals/{new.sha256}"
    above = at("city.process.admin")
    assert "0 件 下级单位 1 件" in above.get("/process/rehearsals/").text(
        f'tr:has([href="{address}"])'
    )
    page = above.get(address)
    assert "用其他版本的在办件 0 件，下级单位另有 1 件" in page.text(".case-head")
    assert "本单位没有用其他版本的在办件。" in page.text(".empty")
    heads = page.texts(".card table.list th")
    assert heads == ["单位", "在办", "所在环节已取消", "无法迁移", "无法迁移的原因"]
    (row,) = page.texts("table.list tbody tr")
    assert row.startswith("江洲县水务局 1 1 1 ▲ “部门负责人核稿”正在办理")
    assert row.endswith("：1 件")
    assert "堤防" not in page.answer.text
    assert page.root.cssselect("[name=cases]") == []
    assert "下级单位" not in at("process.admin").get(address).text("main")


def test_the_api_says_the_same_of_units_below(
    call: Callable[[str], Caller], world: World, review: Task
) -> None:
    new = kept(world.session, removed("dept_review"))
    path = f"/api/v1/definitions/{new.sha256}/rehearsal"
    found = call("city.process.admin").get(path).json
    assert found is not None
    assert (found["total"], found["items"], found["elsewhere"]) == (0, [], 0)
    (county,) = found["below"]
    assert (county["unit"], county["total"]) == ("江洲县水务局", 1)
    assert {kind: count for kind, count in county["counts"].items() if count} == {
        "gone": 1,
        "cannot": 1,
    }
    (why,) = county["obstacles"]
    assert (why["element"], why["gone"], why["count"]) == ("dept_review", True, 1)
    assert call("process.admin").get(path).json["below"] == []
    described = call("process.admin").get("/api/v1/openapi.json").json["components"]["schemas"]
    assert {"Below", "ObstacleBelow"} <= described.keys()
    assert "below" in described["Rehearsal"]["required"]
