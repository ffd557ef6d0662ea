"""While a text is written: who has it in hand, tables and pictures in it, through the API."""

import hashlib
import io
from datetime import timedelta

from pytest_bdd import parsers, step, then

from app.handling.views.history import ACTIONS
from tests.documents.files import picture
from tests.features.story import API, Story
from tests.features.words import FIELDS, outgoing


def _lock(story: Story, rest: str = "") -> str:
    return f"{API}/documents/{story.paper.document}/lock{rest}"


@step(parsers.parse('"{who}"开始修改'))
def begin(story: Story, who: str) -> None:
    story.act(who, "POST", _lock(story), json={})


@step(parsers.parse("过了{minutes:d}分钟"))
def wait(story: Story, minutes: int) -> None:
    story.at += timedelta(minutes=minutes)


@step(parsers.parse('"{who}"请求接手修改'))
def ask(story: Story, who: str) -> None:
    story.act(who, "POST", _lock(story, "/ask"), json={})


@step(parsers.parse('"{who}"答复"{words}"'))
def answer(story: Story, who: str, words: str) -> None:
    story.act(who, "POST", _lock(story, "/answer"), json={"consent": words == "同意"})


@step(parsers.parse('"{who}"从第 {version:d} 版把"{field}"改为"{value}"'))
def revise_from(story: Story, who: str, version: int, field: str, value: str) -> None:
    body = {"version": version, FIELDS[field]: value}
    story.act(who, "PATCH", f"{API}/documents/{story.paper.document}", json=body)


@step(parsers.parse('"{who}"在正文后面加一个表格"{row}"'))
def add_table(story: Story, who: str, row: str) -> None:
    found = story.document()
    table = {"type": "table", "rows": [[{"text": cell} for cell in row.split("｜")]]}
    body = {"version": found["version"], "body": [*found["text"], table]}
    story.act(who, "PATCH", f"{API}/documents/{story.paper.document}", json=body)


@step(parsers.parse('"{who}"上传了一张正文图片'))
def upload(story: Story, who: str) -> None:
    data = {"file": (io.BytesIO(picture("PNG")), "平面图.png")}
    story.act(who, "POST", f"{API}/pictures", data=data, content_type="multipart/form-data")
    assert story.answer is not None
    assert story.answer.status_code == 201


@step(parsers.parse('"{who}"拟一份正文带这张图片的下行文通知'))
def draft_with_picture(story: Story, who: str) -> None:
    body = {**outgoing("下行文", "通知"), "body": [{"type": "image", "sha256": _sha256()}]}
    story.started(story.act(who, "POST", f"{API}/documents", json=body))


def _sha256() -> str:
    return hashlib.sha256(picture("PNG")).hexdigest()


@then(parsers.parse('"{who}"可以修改'))
def holds(story: Story, who: str) -> None:
    assert _latest(story)["mine"]


@then(parsers.parse('"{who}"看到"{holder}"正在修改'))
def sees_holder(story: Story, who: str, holder: str) -> None:
    found = _latest(story)
    assert (found["mine"], found["holder"]) == (False, story.name(holder))
    assert f"{story.name(holder)}正在修改此件" in found["words"]


@then(parsers.parse('"{who}"还在等"{holder}"答复'))
def waits(story: Story, who: str, holder: str) -> None:
    found = _latest(story)
    assert (found["asking"], found["holder"]) == (True, story.name(holder))


@then(parsers.parse('"{who}"看到"{asker}"请求接手'))
def sees_asker(story: Story, who: str, asker: str) -> None:
    found = _latest(story)
    assert (found["mine"], found["asker"]) == (True, story.name(asker))


@then(parsers.parse('流转记录先后记下"{acts}"'))
def recorded(story: Story, acts: str) -> None:
    labels = [ACTIONS.get(each["action"], "") for each in story.history()]
    wanted = acts.split("、")
    assert [each for each in labels if each in wanted] == wanted


@then(parsers.parse('正文的最后一块是表格"{row}"'))
def ends_with_table(story: Story, row: str) -> None:
    last = story.document()["text"][-1]
    assert [[cell["text"] for cell in each] for each in last["rows"]] == [row.split("｜")]


@then(parsers.re(r'"(?P<who>[^"]+)"看(?P<how>得|不)到这张图片'))
def sees_picture(story: Story, who: str, how: str) -> None:
    status = story.look(who, f"{API}/pictures/{_sha256()}").status_code
    assert status == (200 if how == "得" else 404)


def _latest(story: Story) -> dict[str, object]:
    assert story.answer is not None
    assert story.answer.status_code == 200, story.answer.json
    found: dict[str, object] = story.answer.json
    return found
