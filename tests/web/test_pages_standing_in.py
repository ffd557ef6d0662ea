"""外出与委托 as a page: two forms, what one has given and received, and the mark 代."""

from tests.web.conftest import At
from tests.web.handling import waiting
from tests.world import World

AWAY = 'form[action$="/absences"]'
GIVE = 'form[action$="/delegations"]'
TYPED = {"agent": "secretary", "since": "2026-11-23", "until": "2026-11-27", "reason": "赴省厅开会"}


def test_an_absence_is_entered_and_ended(at: At) -> None:
    head = at("office.head")
    typed = {"away_since": "2026-11-23", "away_until": "2026-11-27", "words": "赴省厅开会"}
    assert head.press("/standing-in", AWAY, **typed).leads_to == "/standing-in"
    page = head.get("/standing-in")
    assert "11月23日至27日 赴省厅开会" in page.text("section[aria-labelledby=away] li")
    assert head.press("/standing-in", 'form[action$="/end"]').status == 303
    assert "没有登记外出" in head.get("/standing-in").texts("#away ~ .in p.hint")[0]


def test_what_was_typed_wrongly_is_kept_and_named_at_its_field(at: At) -> None:
    head = at("office.head")
    page = head.press("/standing-in", AWAY, away_until="2026-11-20", words="开会")
    assert page.status == 422
    assert "已经过去" in page.text("#away_until-error")
    assert page.form(AWAY)["words"] == "开会"
    page = head.press("/standing-in", GIVE, **{**TYPED, "until": "明天", "agent": ""})
    assert page.status == 422
    assert "请填写委托的结束日期" in page.text("#until-error")
    assert page.form(GIVE)["reason"] == "赴省厅开会"
    page = head.press("/standing-in", GIVE, **{**TYPED, "matter": "kind:小说"})
    assert "请选择委托哪一流程或文种" in page.text("#matter-error")
    for year in ("0001", "9999"):
        page = head.press("/standing-in", GIVE, **{**TYPED, "until": f"{year}-12-31"})
        assert page.status == 422


def test_a_delegation_is_given_marked_and_ended(at: At, world: World) -> None:
    task = waiting(world, world.run(world.draft(), "office_check"))
    head, agent = at("office.head"), at("secretary")
    name = world.actor("office.head").name
    assert head.press("/standing-in", GIVE, **TYPED, with_inbox="on").status == 303
    assert "已委托杨晓燕代办，即时生效" in head.get("/standing-in").text(".message.done")
    assert "含此前的待办" in head.get("/standing-in").text(
        "section[aria-labelledby=given] td[data-label=范围]"
    )
    refused = head.press("/standing-in", GIVE, **TYPED)
    assert refused.status == 409
    assert "您已委托杨晓燕代办" in refused.text("main > .message.bad[role=alert]")
    listed = agent.get("/")
    assert f"代{name}" in listed.text("td.title .tag")
    assert "我代办的 1" in " ".join(listed.texts(".pick"))
    assert "我代办的" in agent.get("/?agent=1").text("h1")
    page = agent.get(f"/tasks/{task.id}")
    assert page.text(".own .tag") == f"代{name}"
    assert f"代{name}办理" in page.text("#decision")
    received = agent.get("/standing-in").text("section[aria-labelledby=received]")
    assert f"{name} 11月23日至27日" in received
    assert not agent.get("/standing-in").root.cssselect("section[aria-labelledby=received] form")
    assert head.press("/standing-in", 'form[action$="/end"]').status == 303
    assert agent.get(f"/tasks/{task.id}").status in (200, 404)
    assert "没有待办" in agent.get("/").text(".empty")


def test_ones_own_only(at: At, world: World) -> None:
    given = world.delegate("office.head", "secretary")
    agent = at("secretary")
    form = agent.get("/standing-in").form(GIVE)
    address = f"/standing-in/delegations/{given.id}/end"
    assert agent.post(address, form).status == 404
    assert agent.get(address).leads_to == "/standing-in"


def test_the_sender_sees_who_is_away_before_choosing(at: At, world: World) -> None:
    task = waiting(world, world.run(world.draft(), "dept_review"))
    world.delegate("office.head", "secretary")
    typed = {"away_since": "2026-11-23", "away_until": "2026-11-27", "words": "开会"}
    at("office.head").press("/standing-in", AWAY, **typed)
    page = at("dept.head").get(f"/tasks/{task.id}")
    assert page.text(".outcome .warn-line") == "▲ 赵文涛 11月28日前外出，由杨晓燕代办，记“代”。"
