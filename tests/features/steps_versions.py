"""Versions compared, traced to their writers, and brought back, through the API."""

from collections.abc import Sequence
from typing import Any

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story


def _path(story: Story) -> str:
    return f"{API}/documents/{story.paper.document}"


def _compared(story: Story, who: str, one: str, other: str) -> Any:
    return story.see(who, f"{_path(story)}/versions/{one}/comparison?to={other}")


def _words(side: Any) -> str:
    """The text of one side; what only it has stands in brackets."""
    if side is None:
        return ""
    return "".join(
        run["text"] if run["kind"] == "keep" else f"[{run['text']}]" for run in side["runs"]
    )


@step(parsers.parse('"{who}"把正文改成这些段:'))
def write(story: Story, who: str, datatable: Sequence[Sequence[str]]) -> None:
    _, *rows = datatable
    text = "\n".join(line for (line,) in rows)
    body = {"version": story.document()["version"], "body": text}
    story.act(who, "PATCH", _path(story), json=body)


@then(parsers.parse('"{who}"对照第{one}版和第{other}版，左右各段是:'))
def pairs_are(
    story: Story, who: str, one: str, other: str, datatable: Sequence[Sequence[str]]
) -> None:
    _, *rows = datatable
    found = _compared(story, who, one, other)["pairs"]
    assert [[_words(each["old"]), _words(each["new"])] for each in found] == [list(r) for r in rows]


@then(parsers.parse('"{who}"对照第{one}版和第{other}版，另有"{words}"'))
def elements_differ(story: Story, who: str, one: str, other: str, words: str) -> None:
    assert words in "".join(_compared(story, who, one, other)["changes"])


@then(parsers.parse('"{who}"对照第{one}版和第{other}版，没有不同'))
def nothing_differs(story: Story, who: str, one: str, other: str) -> None:
    found = _compared(story, who, one, other)
    assert found["changes"] == []
    assert {each["kind"] for each in found["pairs"]} == {"keep"}


@then(parsers.parse('"{who}"看到各段由谁写成:'))
def written_by(story: Story, who: str, datatable: Sequence[Sequence[str]]) -> None:
    _, *rows = datatable
    found = story.see(who, f"{_path(story)}/authors")["items"]
    lines = [
        [each["block"]["text"], each["version"], each["author"], each["step"]] for each in found
    ]
    wanted = [[text, int(number), story.name(login), at] for text, number, login, at in rows]
    assert lines == wanted


@then(parsers.re(r'"(?P<who>[^"]+)"看不到各段由谁写成，状态(?P<status>\d{3})'))
def hidden(story: Story, who: str, status: str) -> None:
    assert story.look(who, f"{_path(story)}/authors").status_code == int(status)


@step(parsers.re(r'"(?P<who>[^"]+)"恢复第(?P<number>\d+)版，理由"(?P<reason>[^"]*)"'))
def bring_back(story: Story, who: str, number: str, reason: str) -> None:
    body = {"version": story.document()["version"], "reason": reason}
    story.act(who, "POST", f"{_path(story)}/versions/{number}/restore", json=body)


@then(parsers.parse("公文仍是第{number:d}版"))
def is_still(story: Story, number: int) -> None:
    found = story.document()
    assert (found["version"], len(found["versions"])) == (number, number)


@then(parsers.parse("第{number:d}版是签发稿"))
def is_signed(story: Story, number: int) -> None:
    signed = [each["number"] for each in story.document()["versions"] if each["signed"]]
    assert signed == [number]
