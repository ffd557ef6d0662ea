"""扫描件发文, through the API: registering, the scan itself, and how the document is marked."""

import io
from typing import Any

from pytest_bdd import parsers, step, then

from tests.documents import files
from tests.features.story import API, Story
from tests.features.words import shown
from tests.world import SCAN

MARKED = ("scanned", "paper_signatory", "signatory")


@step(parsers.re(r'"(?P<who>[^"]+)"登记一份(?:签发人为"(?P<signatory>[^"]*)"的)?扫描件'))
def register(story: Story, who: str, signatory: str | None) -> None:
    typed = {} if signatory is None else {"paper_signatory": shown(signatory)}
    story.started(story.act(who, "POST", f"{API}/scans", json={**SCAN, **typed}))


@step(parsers.re(r'"(?P<who>[^"]+)"上传扫描件"(?P<name>[^"]+)"(?P<false>，内容不是图片)?'))
def upload(story: Story, who: str, name: str, false: str | None) -> None:
    content = b"no picture" if false else files.picture("TIFF")
    data = {"file": (io.BytesIO(content), name)}
    path = f"{API}/documents/{story.paper.document}/attachments"
    story.act(who, "POST", path, data=data, content_type="multipart/form-data")


@then(parsers.parse('此件标明是扫描件，签发人"{name}"为手工录入'))
def marked(story: Story, name: str) -> None:
    found = story.document()
    assert [found[key] for key in MARKED] == [True, name, name]


@then(parsers.parse('"{who}"打不开此件的"{what}"，理由含"{words}"'))
def closed(story: Story, who: str, what: str, words: str) -> None:
    answer = story.look(who, f"{API}/documents/{story.paper.document}/{what}")
    problem: Any = answer.json
    assert answer.status_code == 409
    assert words in problem["detail"]
