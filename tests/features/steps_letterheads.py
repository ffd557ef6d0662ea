"""红头模板: what a dispatcher makes, and what drafters are offered."""

from typing import Any

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story

FORMATS = {"文件": "江洲县水务局文件", "信函": "江洲县水务局", "纪要": "江洲县水务局会议纪要"}


def letterhead(name: str, form: str, kinds: str | None, words: str | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "description": "印刷厂电子版",
        "format": form,
        "words": words or FORMATS[form],
        "signature": "江洲县水务局",
        "printed_by": "江洲县水务局办公室",
        "kinds": kinds.split("、") if kinds else [],
    }


MADE = (
    r'"(?P<who>[^"]+)"制作红头模板"(?P<name>[^"]*)"，格式"(?P<form>[^"]+)"'
    r'(?:，用于"(?P<kinds>[^"]+)")?(?:，标志"(?P<words>[^"]+)")?'
)


@step(parsers.re(MADE))
def make(
    story: Story, who: str, name: str, form: str, kinds: str | None, words: str | None
) -> None:
    story.act(who, "POST", f"{API}/letterheads", json=letterhead(name, form, kinds, words))


@step(parsers.parse('"{who}"停用红头模板"{name}"'))
def withdraw(story: Story, who: str, name: str) -> None:
    story.act(who, "POST", f"{API}/letterheads/{_found(story, who, name)['id']}/withdraw", json={})


@step(parsers.parse('"{who}"把红头模板"{name}"的标志改为"{words}"'))
def change(story: Story, who: str, name: str, words: str) -> None:
    present = _found(story, who, name)
    given = letterhead(name, present["format"], "、".join(present["kinds"]), words)
    body = {**given, "version": present["version"]}
    story.act(who, "PUT", f"{API}/letterheads/{present['id']}", json=body)


@then(parsers.parse('"{who}"可以选用的红头模板是"{names}"'))
def offered(story: Story, who: str, names: str) -> None:
    found = [each["name"] for each in story.see(who, f"{API}/letterheads")["items"]]
    assert found == [name for name in names.split("、") if name != "无"]


def _found(story: Story, who: str, name: str) -> dict[str, Any]:
    items = story.see(who, f"{API}/letterheads")["items"]
    return next(each for each in items if each["name"] == name)
