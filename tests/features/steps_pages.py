"""A leader on the road: the same pages, asked for by a mobile telephone."""

import io

import pikepdf
from pytest_bdd import parsers, step, then

from tests.features.story import API, Story
from tests.web.desk import Desk, Page

TELEPHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36 Chrome/126 Mobile Safari"


@step(parsers.parse('"{who}"用手机登录'), target_fixture="telephone")
def sign_in(story: Story, password: str, who: str) -> Desk:
    desk = Desk(story.app, who, password, at=story.at)
    desk.client.environ_base["HTTP_USER_AGENT"] = TELEPHONE
    assert desk.sign_in().status == 303
    return desk


@step(parsers.parse('他在手机上打开待办"{at}"'), target_fixture="page")
def open_to_do(story: Story, telephone: Desk, at: str) -> Page:
    (path,) = {
        link.get("href")
        for link in telephone.get("/").root.cssselect("a[href^='/tasks/']")
        if link.get("href") == f"/tasks/{story.stay(at, telephone.login).id}"
    }
    return telephone.get(path)


@then(parsers.parse('页面适合手机，写着"{title}"和正文"{words}"'))
def fits(page: Page, title: str, words: str) -> None:
    (viewport,) = page.root.cssselect("meta[name=viewport]")
    assert "width=device-width" in viewport.get("content")
    assert title in page.text("h1")
    assert words in page.root.text_content()


@step(parsers.parse('他在手机上选"{outcome}"，意见"{opinion}"，提交'))
def decide(story: Story, telephone: Desk, page: Page, outcome: str, opinion: str) -> None:
    (form,) = page.root.cssselect("form[data-draft]")
    (label,) = [each for each in form.cssselect("label") if each.text_content() == outcome]
    (choice,) = form.cssselect(f"#{label.get('for')}")
    typed = {**page.form("form[data-draft]"), "outcome": choice.get("value"), "opinion": opinion}
    with story.change():
        answer = telephone.post(form.get("action"), typed)
    assert answer.status == 303, answer.answer.text


@then("发出的文件是PDF，每页都是A4")
def sent_as_pdf(story: Story) -> None:
    path = f"{API}/documents/{story.paper.document}/document.pdf"
    answer = story.look(story.registry, path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.data)) as opened:
        boxes = [[float(each) for each in page.mediabox] for page in opened.pages]
    assert boxes
    assert all([round(each * 25.4 / 72) for each in box] == [0, 0, 210, 297] for box in boxes)
