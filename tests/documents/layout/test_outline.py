import pytest

from app.documents.layout.outline import faces
from app.documents.paragraphs import Paragraph, paragraphs
from app.documents.text import Paragraph as Typed
from app.documents.text import from_lines


def outline(lines: list[str]) -> tuple[Paragraph, ...]:
    return paragraphs(from_lines("\n".join(lines)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、总体要求", ["hei"]),
        ("一、提高认识。各单位要高度重视。", ["hei", "fangsong"]),
        ("（一）渗水段。共 5 处。", ["kai", "fangsong"]),
        ("1.规范格式。各单位应当执行。", ["fangsong"]),
        ("（1）规范格式。各单位应当执行。", ["fangsong"]),
        ("（一）负责管理和维护工作；", ["fangsong"]),
        ("现将有关情况请示如下。", ["fangsong"]),
        ("第一条 为提高效率，制定本办法。", ["hei", "fangsong"]),
        ("第一条规定的情形除外。", ["fangsong"]),
        ("第一章 总 则", ["hei"]),
    ],
)
def test_faces_follow_the_numbering(text: str, expected: list[str]) -> None:
    (found,) = outline([text])
    assert [run.face for run in faces(found).runs] == expected


def test_items_of_an_article_are_no_headings() -> None:
    _, item = outline(["第八条 保障单位职责：", "（一）保障线路的及时恢复工作。"])
    assert [run.face for run in faces(item).runs] == ["fangsong"]


def test_chapters_are_centred_and_headings_stay_with_their_text() -> None:
    lines = ["第二章 职责分工", "二、加固方案", "共五处。"]
    chapter, heading, text = map(faces, outline(lines))
    assert (chapter.centred, chapter.heading) == (True, True)
    assert (heading.centred, heading.heading) == (False, True)
    assert (text.centred, text.heading) == (False, False)


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0, ["fangsong"]), (1, ["hei", "fangsong"]), (2, ["kai", "fangsong"]), (3, ["fangsong"])],
)
def test_the_drafter_can_say_what_the_numbering_does_not(level: int, expected: list[str]) -> None:
    typed = Typed(type="paragraph", text="（一）渗水段。共 5 处。", level=level)
    (found,) = paragraphs([typed])
    assert [run.face for run in faces(found).runs] == expected
