"""The typed text of a body as paragraphs, with the level that their numbering shows (7.3.3)."""

import re
from dataclasses import dataclass

APPENDED = "# "
"""Begins the title of a text that is issued with the document, such as 办法 after a notice."""

_NUMERAL = "[一二三四五六七八九十百零〇]+"
_LEVELS = (
    re.compile(f"{_NUMERAL}、"),
    re.compile(f"[（(]{_NUMERAL}[）)]"),
    re.compile(r"\d{1,3}[.．、](?!\d)"),
    re.compile(r"[（(]\d{1,3}[）)]"),
)
_CHAPTER = re.compile(f"第{_NUMERAL}[编章节](?=\\s|$)")
_ARTICLE = re.compile(f"第{_NUMERAL}条(?=\\s|$)")


@dataclass(frozen=True)
class Paragraph:
    """One line of a body that is not blank.

    part   text; title of an appended text; chapter (第一章) or article (第一条) of a regulation
    level  1 一、 2 （一） 3 1. 4 （1）; 0 without numbering
    head   what stands out: the first sentence of a numbered one, the number of an article, all of
           a title or chapter; "" else. ``head`` and ``rest`` together are the line as typed,
           without the blanks around it and the ``# `` of a title
    """

    part: str
    level: int
    head: str
    rest: str

    @property
    def text(self) -> str:
        return self.head + self.rest


def paragraphs(body: str) -> tuple[Paragraph, ...]:
    """The paragraphs in order; blank lines only part them."""
    lines = (line.strip() for line in body.split("\n"))
    return tuple(_paragraph(line) for line in lines if line)


def _paragraph(line: str) -> Paragraph:
    if line.startswith(APPENDED):
        return Paragraph("title", 0, line.removeprefix(APPENDED).strip(), "")
    if _CHAPTER.match(line):
        return Paragraph("chapter", 0, line, "")
    article = _ARTICLE.match(line)
    if article:
        return Paragraph("article", 0, article.group(), line[article.end() :])
    for level, numbering in enumerate(_LEVELS, start=1):
        if numbering.match(line):
            head, stop, rest = line.partition("。")
            return Paragraph("text", level, head + stop, rest)
    return Paragraph("text", 0, "", line)
