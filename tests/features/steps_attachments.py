"""Attachments: their kind, looking at them, and taking each other's place."""

import io
from typing import Any

from pytest_bdd import parsers, step, then
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.documents import files
from tests.features.story import API, Story
from tests.features.words import incoming


def bytes_of(name: str) -> bytes:
    """A small file of the type that the name says."""
    ending = name.rpartition(".")[2]
    if ending in files.MAIN:
        return files.office(ending)
    if ending in _PICTURES:
        return files.picture(_PICTURES[ending])
    return files.pdf() if ending == "pdf" else "附件内容".encode()


_PICTURES = {"jpg": "JPEG", "tif": "TIFF", "bmp": "BMP", "gif": "GIF"}


@step(parsers.parse('"{who}"添加附件"{name}"'))
def attach(story: Story, who: str, name: str) -> None:
    _send(story, who, name, bytes_of(name))


@step(parsers.parse('"{who}"把"{real}"改名为"{name}"添加为附件'))
def attach_renamed(story: Story, who: str, real: str, name: str) -> None:
    _send(story, who, name, bytes_of(real))


@step(parsers.parse('"{who}"用"{name}"替换附件"{old}"'))
def replace(story: Story, who: str, name: str, old: str) -> None:
    _send(story, who, name, bytes_of(name), replaces=str(_file(story, old)["id"]))


@step(parsers.parse('"{who}"添加{size:d}兆字节的附件"{name}"'))
def attach_large(story: Story, who: str, size: int, name: str) -> None:
    _send(story, who, name, b"x" * (size << 20))


@step(parsers.parse('"{who}"为本单位选定附件"{key}"为"{text}"，原因"{reason}"，依据"{source}"'))
def choose(story: Story, who: str, key: str, text: str, reason: str, source: str) -> None:
    body = {"own": {key: text}, "reason": reason, "source": source}
    story.act(who, "POST", f"{API}/attachment-rules", json=body)


@then(parsers.parse('附件"{name}"的类别代码是"{code}"'))
def has_code(story: Story, name: str, code: str) -> None:
    assert _file(story, name)["category"] == code


@then(parsers.parse('现行附件是"{name}"'))
def in_force(story: Story, name: str) -> None:
    found = story.document()["attachments"]
    assert [each["name"] for each in found if each["in_force"]] == [name]


@then(parsers.parse('附件"{name}"替换的是"{old}"'))
def has_replaced(story: Story, name: str, old: str) -> None:
    assert _file(story, name)["replaces"] == _file(story, old)["id"]


@then(parsers.parse('"{who}"预览附件"{name}"，看到"{words}"'))
def reads(story: Story, who: str, name: str, words: str) -> None:
    shown = story.see(who, _file(story, name)["preview"])
    assert words in [each.get("text") for each in shown["items"]]


@then(parsers.parse('"{who}"预览附件"{name}"，看到图像'))
def sees_picture(story: Story, who: str, name: str) -> None:
    answer = story.look(who, _file(story, name)["preview"])
    assert (answer.status_code, answer.mimetype.partition("/")[0]) == (200, "image")


@then(parsers.parse('"{who}"不能预览附件"{name}"'))
def may_not_look(story: Story, who: str, name: str) -> None:
    assert story.look(who, _file(story, name)["preview"]).status_code == 404


def _send(story: Story, who: str, name: str, content: bytes, **more: str) -> None:
    sent = {"file": FileStorage(io.BytesIO(content), name), **more}
    boundary, body = encode_multipart(sent)  # in memory: the client leaves its own file open
    path = f"{API}/documents/{story.paper.document}/attachments"
    kind = f"multipart/form-data; boundary={boundary}"
    story.act(who, "POST", path, data=body, content_type=kind)


def _file(story: Story, name: str) -> dict[str, Any]:
    found = [each for each in story.document()["attachments"] if each["name"] == name]
    assert len(found) == 1, found
    return dict(found[0])


@step(parsers.parse('"{who}"登记了来文，原件是"{name}"'))
def registered_with_original(story: Story, who: str, name: str) -> None:
    story.started(story.act(who, "POST", f"{API}/incoming", json=incoming()))
    attach(story, who, name)


@step(parsers.parse('"{who}"把来文的"{name}"作为附件'))
def enclose(story: Story, who: str, name: str) -> None:
    path = f"{API}/documents/{story.papers[0].document}"
    files = story.see("secretary", path)["attachments"]
    (number,) = [each["id"] for each in files if each["name"] == name]
    path = f"{API}/documents/{story.paper.document}/attachments/received"
    story.act(who, "POST", path, json={"attachment": number})


@then(parsers.parse('附件"{name}"注明来自该来文，"{who}"可以打开收文登记'))
def leads_to_record(story: Story, name: str, who: str) -> None:
    received = _file(story, name)["received"]
    assert received == story.papers[0].document
    assert story.see(who, f"{API}/documents/{received}")["flow"] == "incoming"


@then(parsers.parse('流转记录写着"{words}"'))
def record_says(story: Story, words: str) -> None:
    assert words in [each["action_label"] for each in story.history()]
