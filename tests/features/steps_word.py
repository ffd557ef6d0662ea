"""Word files and the paper, in and out, through the API."""

import io
import re
from typing import Any

import docx
import pdfplumber
from pytest_bdd import parsers, step, then

from tests.documents.word import wordfiles
from tests.features.story import API, Story


@then(parsers.re(r'"(?P<who>[^"]+)"导出的 Word (?P<how>每页标明|没有标明)"(?P<words>[^"]+)"'))
def word_says(story: Story, who: str, how: str, words: str) -> None:
    answer = story.look(who, f"{API}/documents/{story.paper.document}/document.docx")
    assert answer.status_code == 200, answer.json
    section = docx.Document(io.BytesIO(answer.data)).sections[0]
    heads = [section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text]
    assert [words in text for text in heads] == [how == "每页标明"] * 2


@then(parsers.re(r'"(?P<who>[^"]+)"导出的 PDF (?P<no>没有)?标明草稿'))
def paper_says(story: Story, who: str, no: str | None) -> None:
    answer = story.look(who, f"{API}/documents/{story.paper.document}/document.pdf")
    assert answer.status_code == 200, answer.json
    with pdfplumber.open(io.BytesIO(answer.data)) as opened:
        pages = [re.sub(r"\s", "", page.extract_text()) for page in opened.pages]
    assert pages
    assert {"草稿" in page for page in pages} == {no is None}


@then(parsers.re(r'"(?P<who>[^"]+)"导不出 Word，状态(?P<status>\d{3})'))
def no_word(story: Story, who: str, status: str) -> None:
    answer = story.look(who, f"{API}/documents/{story.paper.document}/document.docx")
    assert answer.status_code == int(status)


@step(parsers.parse('"{who}"为此件导入一份 Word 通知'))
def import_word(story: Story, who: str) -> None:
    data = {"file": (io.BytesIO(wordfiles.official()), "通知.docx")}
    path = f"{API}/documents/{story.paper.document}/text/import"
    story.act(who, "POST", path, data=data, content_type="multipart/form-data")


def _read(story: Story) -> Any:
    assert story.answer is not None
    return story.answer.json


@then(parsers.parse('读入的正文有"{words}"和一个表格'))
def text_has(story: Story, words: str) -> None:
    found = _read(story)
    assert words in found["body"].split("\n")
    assert [block["type"] for block in found["text"]].count("table") == 1


@then(parsers.parse('读入时说明"{words}"'))
def notes_say(story: Story, words: str) -> None:
    assert any(words in note["text"] for note in _read(story)["notes"])


@step(parsers.parse('"{who}"把读入的正文保存'))
def save_text(story: Story, who: str) -> None:
    body = {"version": story.document()["version"], "body": _read(story)["text"]}
    story.act(who, "PATCH", f"{API}/documents/{story.paper.document}", json=body)
