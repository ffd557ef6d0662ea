"""发文登记 on pages: the books, their files, and what the registry does with numbers."""

from urllib.parse import quote, unquote

import pytest

from tests.web.conftest import At
from tests.web.desk import Page
from tests.world import World

BOOK = "/numbers/?series=江水"
PAST = {"count": "2", "reason": "启用前已在纸质登记簿使用"}
KEPT = {"count": "1", "purpose": "会议材料", "until": "2026-11-30"}


def nav(page: Page) -> list[str]:
    return page.texts("header nav a")


def rows(page: Page) -> list[str]:
    return page.texts("tbody tr")


def test_who_sees_every_case_and_who_keeps_the_book_come_in(at: At) -> None:
    for login in ("printing", "office.head", "archivist"):
        desk = at(login)
        assert "发文登记" in nav(desk.get("/"))
        page = desk.get("/numbers/")
        assert page.status == 200
        assert ("预留文号" in page.texts("a.btn")) == (login == "printing")
    for login in ("drafter", "leader", "secretary", "process.admin", "auditor", "system.admin"):
        desk = at(login)
        assert "发文登记" not in nav(desk.get("/"))
        for path in ("/numbers/", "/numbers/register.csv", "/numbers/register.pdf"):
            assert desk.get(path).status == 403, (login, path)
        for verb in ("reserve", "skip"):
            path = f"/numbers/{verb}?series=江水"
            assert desk.get(path).status == 403


def test_what_the_registry_does_stands_in_the_book(at: At, world: World) -> None:
    desk = at("printing")
    assert desk.press("/numbers/skip?series=江水", "form.card", **PAST).leads_to == (
        f"/numbers/?series={quote('江水')}"
    )
    desk.press("/numbers/reserve?series=江水", "form.card", **KEPT)
    world.run(world.draft(), "seal")
    page = desk.get(BOOK)
    assert "共 4 号：使用 1 号，预留 1 号，跳过 2 号；下一个号：江水〔2026〕5号" in page.text(
        "h1 ~ p:not(.hint)"
    )
    assert [row.split()[0] for row in rows(page)] == [f"江水〔2026〕{n}号" for n in (4, 3, 2, 1)]
    assert "江洲县水务局关于做好冬季堤防巡查的通知" in rows(page)[0]
    assert page.texts("tbody tr:first-child td.title a")
    assert "会议材料 预留到 2026-11-30" in rows(page)[1]
    assert len(rows(desk.get(f"{BOOK}&state=gaps"))) == 3
    assert len(rows(desk.get(f"{BOOK}&state=used"))) == 1
    assert desk.get(f"{BOOK}&year=2025").status == 404
    assert desk.get("/numbers/?series=江市水").status == 404


def test_a_number_is_voided_released_and_skipped_on_its_own_page(at: At, world: World) -> None:
    desk = at("printing")
    desk.press("/numbers/reserve?series=江水", "form.card", **{**KEPT, "count": "2"})
    world.run(world.draft(), "seal")
    page = desk.get(BOOK)
    links = {a.text_content(): a.get("href") for a in page.root.cssselect("tbody a.btn")}
    void = next(href for words, href in links.items() if words.startswith("作废"))
    refused = desk.press(void, "form.card", reason=" ")
    assert (refused.status, "请填写作废文号的原因" in refused.answer.text) == (422, True)
    assert desk.press(void, "form.card", reason="文号印错").status == 303
    assert "作废" in rows(desk.get(BOOK))[0]
    again = desk.get(void)
    assert "此号的状态已变" in again.answer.text
    release = links["解除江水〔2026〕1号的预留"]
    strike = links["跳过江水〔2026〕2号"]
    assert desk.press(release, "form.card").status == 303
    assert desk.press(strike, "form.card", reason="会议取消").status == 303
    page = desk.get(BOOK)
    assert "下一个号：江水〔2026〕1号" in page.text("h1 ~ p:not(.hint)")
    for login in ("drafter", "city.printing"):
        other = at(login)
        assert other.get(void).status == (403 if login == "drafter" else 404)
    assert at("office.head").get(void).status == 200
    assert at("office.head").press(void, "form.card", reason="印错").status == 403


def test_what_was_typed_is_kept_when_it_is_refused(at: At) -> None:
    desk = at("printing")
    page = desk.press("/numbers/reserve?series=江水", "form.card", **{**KEPT, "count": "99"})
    assert page.status == 422
    assert "1 至 50" in page.text(".errors li")
    assert page.form("form.card")["purpose"] == "会议材料"
    page = desk.press(
        "/numbers/reserve?series=江水", "form.card", count="x", until="bald", purpose=""
    )
    assert len(page.texts(".errors li")) == 3


def test_the_book_as_csv_is_named_and_complete(at: At, world: World) -> None:
    desk = at("printing")
    desk.press("/numbers/skip?series=江水", "form.card", **{**PAST, "reason": "=1+1"})
    world.run(world.draft(), "seal")
    answer = desk.get("/numbers/register.csv?series=江水&year=2026").answer
    name = unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2])
    assert name == "县水务局发文（江水）2026年发文字号登记簿.csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("江水〔2026〕1号,跳过,")
    assert lines[1].endswith(",'=1+1")
    assert lines[3].startswith("江水〔2026〕3号,使用,江洲县水务局关于做好冬季堤防巡查的通知,通知,")


def test_the_book_on_paper(at: At) -> None:
    desk = at("printing")
    desk.press("/numbers/skip?series=江水", "form.card", **PAST)
    answer = desk.get("/numbers/register.pdf?series=江水").answer
    name = unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2])
    assert name == "县水务局发文（江水）2026年发文字号登记簿.pdf"
    assert desk.get("/numbers/register.pdf?series=江水&first=1&last=2").answer.data[:5] == b"%PDF-"


@pytest.mark.parametrize("typed", ["first=x", "last=0", "first=1.5"])
def test_a_wrong_part_is_refused_on_the_page(at: At, typed: str) -> None:
    page = at("printing").get(f"/numbers/register.pdf?series=江水&{typed}")
    assert page.status == 422
    assert "起止号应为数字" in page.text(".errors li")


def test_series_are_set_up_by_the_process_administrator(at: At) -> None:
    admin = at("process.admin")
    assert "文号序列" in admin.get("/process/").texts("nav.tabs a")
    typed = {"code": "江水令", "name": "局令", "form": "order", "kinds": "命令", "role": ""}
    assert admin.press("/process/series/new", "form.card", **typed).status == 303
    again = admin.press("/process/series/new", "form.card", **typed)
    assert (again.status, again.form("form.card")["kinds"]) == (422, "命令")
    edit = "/process/series/edit?series=江水令"
    assert admin.press(edit, "form.card", name="局长令").status == 303
    assert "局长令" in admin.get("/process/series").text("tbody tr:nth-child(2)")
    assert admin.press("/process/series/end?series=江水令", "form.card").status == 303
    assert "停用" in admin.get("/process/series").text("tbody tr:nth-child(2)")
    assert admin.get(edit).status == 404
    assert at("printing").get("/process/series").status == 403


def test_the_last_series_is_not_ended(at: At) -> None:
    refused = at("process.admin").press("/process/series/end?series=江水", "form.card")
    assert refused.status == 409
    assert "唯一的序列" in refused.text(".message.bad p")
