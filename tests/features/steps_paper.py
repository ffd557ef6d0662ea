"""What the page of a document looks like, measured in the PDF that the application gives."""

from pytest_bdd import parsers, step, then

from app.handling.equipment import equipment
from tests.documents.layout.read_back import ReadBack
from tests.features.story import API, Story
from tests.features.words import outgoing


@step(parsers.parse('"{who}"拟一份正文有{rows:d}行表格、表头"{head}"的下行文通知'))
def draft_with_table(story: Story, who: str, rows: int, head: str) -> None:
    lines = [[{"text": f"第{n}站"}, {"text": f"{n}.5"}] for n in range(1, rows + 1)]
    table = {"type": "table", "head": 1, "rows": [[{"text": head}, {"text": "雨量"}], *lines]}
    body = [{"type": "paragraph", "text": "现将雨量通报如下。"}, table]
    body.append({"type": "paragraph", "text": "请密切关注。"})
    given = outgoing("下行文", "通知") | {"body": body}
    story.started(story.act(who, "POST", f"{API}/documents", json=given))


@then(parsers.parse('"{who}"打开的版面首页，"{mark}"的上边缘距纸上边{wanted:d}毫米'))
def mark_begins(story: Story, who: str, mark: str, wanted: int) -> None:
    page = paper(story, who)
    top, _ = page.ink(page.find(mark, 1))
    assert abs(top - wanted) < 0.1


@then(parsers.parse('"{who}"打开的版面首页有{count:d}条红色线'))
def red_lines(story: Story, who: str, count: int) -> None:
    red = [rule for rule in paper(story, who).rules(1) if rule.red]
    assert len(red) == count


@then(parsers.parse('"{who}"打开的版面第2页、第3页都有表头"{head}"'))
def head_repeated(story: Story, who: str, head: str) -> None:
    page = paper(story, who)
    assert page.find(head, 2).face == page.find(head, 3).face == "hei"


@then(parsers.parse('"{who}"打开的版面首页写着"{words}"'))
def says(story: Story, who: str, words: str) -> None:
    lines = "".join(line.text for line in paper(story, who).lines[0])
    assert words in lines


@then(parsers.parse('"{who}"打开的版面写着"{words}"'))
def page_says(story: Story, who: str, words: str) -> None:
    assert words in _text(story, who)


@then(parsers.parse('"{who}"打开的版面没有"{words}"'))
def page_does_not_say(story: Story, who: str, words: str) -> None:
    assert words not in _text(story, who)


def paper(story: Story, who: str) -> ReadBack:
    answer = story.look(who, f"{API}/documents/{story.paper.document}/document.pdf")
    assert answer.status_code == 200, answer.json
    with story.app.app_context():
        fonts = equipment().fonts
    assert fonts is not None
    return ReadBack(answer.data, fonts)


def _text(story: Story, who: str) -> str:
    """What stands on the pages, without blanks between lines and pieces."""
    lines = (line.text for page in paper(story, who).lines for line in page)
    return "".join("".join(lines).split())
