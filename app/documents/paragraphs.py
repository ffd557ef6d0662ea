"""The blocks of a body as paragraphs, with the level that their numbering shows (7.3.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.documents import text
from app.documents.text.plain import APPENDED

LONGEST_HEADING = 54
"""Characters, two printed lines; a longer first sentence is text."""

_NUMERAL = "[一二三四五六七八九十百零〇]+"
_LEVELS = (
    re.compile(f"{_NUMERAL}、"),
    re.compile(f"[（(]{_NUMERAL}[）)]"),
    re.compile(r"\d{1,3}[.．、](?!\d)"),
    re.compile(r"[（(]\d{1,3}[）)]"),
)
_CHAPTER = re.compile(f"第{_NUMERAL}[编章节]\\s*[^。；：]{{0,26}}")
_ARTICLE = re.compile(f"第{_NUMERAL}条(?=\\s|$)")


@dataclass(frozen=True)
class Paragraph:
    """One block of a body that is not blank.

    part   text; title of an appended text; chapter (第一章) or article (第一条) of a regulation
    level  1 一、 2 （一） 3 1. 4 （1）; 0 without numbering
    head   what stands out: the heading that begins a numbered one, the number of an article, all
           of a title or chapter; "" else. ``head`` and ``rest`` together are the line as typed,
           without the blanks around it and the ``# `` of a title
    block  the table, image or page break, of which ``part`` is the type; None of words
    """

    part: str
    level: int
    head: str
    rest: str
    block: text.Block | None = None

    @property
    def text(self) -> str:
        return self.head + self.rest


def paragraphs(blocks: Sequence[text.Block]) -> tuple[Paragraph, ...]:
    """The paragraphs in order; blank lines only part them.

    In a text made of articles the numbered paragraphs are items, not headings. Each appended text
    is judged by itself: a notice may have headings and the 办法 that it issues articles.
    """
    found: list[Paragraph] = []
    for part in _texts(blocks):
        of_articles = any(_ARTICLE.match(line) for _, line in part if line)
        found += (_of_block(block, line, of_articles) for block, line in part if line != "")
    return tuple(found)


def _texts(blocks: Sequence[text.Block]) -> list[list[tuple[text.Block, str | None]]]:
    """The covering text, and each appended one with its title; each block with its line."""
    texts: list[list[tuple[text.Block, str | None]]] = [[]]
    for block in blocks:
        if isinstance(block, text.Title):
            texts.append([])
        texts[-1].append((block, _line(block)))
    return texts


def _line(block: text.Block) -> str | None:
    """The words of a block without the blanks around them; None of one that has no line."""
    if isinstance(block, text.Title):
        return f"{APPENDED}{block.text.strip()}"
    return block.text.strip() if isinstance(block, text.Paragraph) else None


def _of_block(block: text.Block, line: str | None, of_articles: bool) -> Paragraph:
    if line is None:
        return Paragraph(block.type, 0, "", "", block)
    level = block.level if isinstance(block, text.Paragraph) else None
    return _paragraph(line, of_articles) if level is None else _of_level(line, level)


def _of_level(line: str, level: int) -> Paragraph:
    """What the drafter says it is: 1 to 4 make the first sentence a heading, 0 makes it text."""
    head = "".join(line.partition("。")[:2]) if level else ""
    return Paragraph("text", level, head, line[len(head) :])


def _paragraph(line: str, of_articles: bool) -> Paragraph:
    if line.startswith(APPENDED):
        return Paragraph("title", 0, line.removeprefix(APPENDED).strip(), "")
    if _CHAPTER.fullmatch(line):
        return Paragraph("chapter", 0, line, "")
    article = _ARTICLE.match(line)
    if article:
        return Paragraph("article", 0, article.group(), line[article.end() :])
    level = next((n for n, each in enumerate(_LEVELS, start=1) if each.match(line)), 0)
    head = _heading(line) if level and not of_articles else ""
    return Paragraph("text", level, head, line[len(head) :])


def _heading(line: str) -> str:
    """What a numbered line begins with, or "" if it is an item of a list or a single sentence."""
    sentence, stop, rest = line.partition("。")
    if len(sentence) > LONGEST_HEADING or "；" in sentence:
        return ""
    if (stop and not rest) or (not stop and sentence[-1] in "，："):
        return ""
    return sentence + stop
