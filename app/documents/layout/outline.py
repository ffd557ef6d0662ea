"""Faces of a paragraph from its numbering: 一、 黑体, （一） 楷体, 1. and （1） 仿宋 (7.3.3)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.layout.units import Run

BODY = "fangsong"
LONGEST_HEADING = 54  # characters, two lines; a longer first sentence is text
_NUMERAL = "[一二三四五六七八九十百千零〇]+"
_CHAPTER = re.compile(rf"第{_NUMERAL}[编章节]\s*[^。；]{{1,26}}")
_ARTICLE = re.compile(rf"(第{_NUMERAL}条)(?=\s)")
_LEVELS = (
    (re.compile(rf"{_NUMERAL}、"), "hei"),
    (re.compile(rf"（{_NUMERAL}）"), "kai"),
)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph ready for the composer.

    centred    a chapter line of a regulation
    heading    stands alone and belongs to what follows: no page ends with it
    """

    runs: list[Run]
    centred: bool = False
    heading: bool = False


def outline(lines: Iterable[str]) -> list[Paragraph]:
    """Recognise headings, chapters and articles.

    In a text made of articles （一） numbers an item, not a heading, and stays 仿宋.
    """
    texts = list(lines)
    of_articles = any(_ARTICLE.match(text) for text in texts)
    return [_paragraph(text, of_articles) for text in texts]


def _paragraph(text: str, of_articles: bool) -> Paragraph:
    if _CHAPTER.fullmatch(text):
        return Paragraph([Run(text, "hei")], centred=True, heading=True)
    if article := _ARTICLE.match(text):
        return Paragraph([Run(article[1], "hei"), Run(text[article.end() :], BODY)])
    face = next((face for pattern, face in _LEVELS if pattern.match(text)), BODY)
    head, stop, rest = text.partition("。")
    if face == BODY or of_articles or not _is_heading(head, bool(stop)):
        return Paragraph([Run(text, BODY)])
    if rest:
        return Paragraph([Run(head + stop, face), Run(rest, BODY)])
    return Paragraph([Run(text, face)], heading=True)


def _is_heading(sentence: str, ended: bool) -> bool:
    """Whether a numbered sentence is a heading; an item of a list ends in ； or goes on."""
    if len(sentence) > LONGEST_HEADING or "；" in sentence:
        return False
    return ended or sentence[-1] not in "，：；"
