"""What follows the text of a 公文 in a Word file: 附件说明, 落款, 附注 and 版记.

Taken out of the text only where it is unmistakable: a date alone on its line, a unit above it.
"""

import re

from app.documents.word.found import Found
from app.documents.word.items import Item, showable
from app.documents.word.recipients import parted

LONGEST_UNIT = 40
MOST_FILES = 50
"""Characters of a 署名, and lines of a 附件说明."""

_DATE = re.compile(r"(?:\d{4}|[二〇○零一三四五六七八九]{4})年\S{1,3}月\S{1,3}日")
_NOTE = re.compile("[（(].{2,200}[）)]")
_SENTENCE = re.compile("[。；：，、！？]")
_FILES = re.compile("附件\\s*[：:]")
_FILE = re.compile(r"\d{1,2}\s*[.．、]\s*\S")
_COPIES = re.compile("抄\\s*送\\s*[：:]")
_IMPRINT = re.compile("印\\s*发\\s*$")


def take_closing(found: Found) -> None:
    """Take it from the end of the covering text, before whatever is appended to it."""
    end = _covering_end(found.items)
    covering, appended = found.items[:end], found.items[end:]
    appended = _take_colophon(found, appended) if appended else appended
    covering = _take_colophon(found, covering)
    place = _date_place(covering)
    if place is not None:
        _take_note(found, covering[place + 1 :])
        signed = covering[:place]
        _take_unit(found, signed, covering[place].line)
        _take_files(found, signed)
        covering = signed
    found.items = [*covering, *appended]


def _covering_end(items: list[Item]) -> int:
    breaks = (i for i, item in enumerate(items) if item.kind == "page_break" or item.as_title)
    return next(breaks, len(items))


def _take_colophon(found: Found, items: list[Item]) -> list[Item]:
    """Without 抄送 and 印发 at the end, as lines or as a table."""
    rest = list(items)
    while rest:
        item = rest[-1]
        lines = _lines_of_table(item) if item.kind == "table" else [item.line]
        if item.blank:
            rest.pop()
            continue
        if not any(_COPIES.match(line) or _IMPRINT.search(line) for line in lines):
            return rest if len(rest) < len(items) and _was_colophon(items, rest) else list(items)
        for line in lines:
            _take_copies(found, line)
        rest.pop()
    return rest


def _was_colophon(items: list[Item], rest: list[Item]) -> bool:
    return any(not item.blank for item in items[len(rest) :])


def _lines_of_table(item: Item) -> list[str]:
    rows = (item.own or {}).get("rows", ())
    return [line for row in rows for cell in row for line in cell["text"].split("\n")]


def _take_copies(found: Found, line: str) -> None:
    mark = _COPIES.match(line.strip())
    if mark:
        units = line.strip()[mark.end() :].rstrip("。.")
        found.elements["copy_recipients"] = parted(units)


def _date_place(items: list[Item]) -> int | None:
    """Of the date, after which nothing stands but a note in brackets."""
    for place in range(len(items) - 1, -1, -1):
        line = items[place].line
        if _DATE.fullmatch(re.sub(r"\s", "", line)):
            return place
        if line and not _NOTE.fullmatch(line):
            return None
        if items[place].kind != "paragraph":
            return None
    return None


def _take_note(found: Found, items: list[Item]) -> None:
    lines = [item.line for item in items if item.line]
    if lines:
        found.elements["note"] = showable("\n".join(line[1:-1] for line in lines))


def _take_unit(found: Found, items: list[Item], date: str) -> None:
    """The 署名 goes off the end of ``items``."""
    _drop_blanks(items)
    unit = items[-1].line if items else ""
    if unit and not items[-1].numbered and len(unit) <= LONGEST_UNIT and not _SENTENCE.search(unit):
        items.pop()
        found.tell(f"落款“{unit}”“{date}”由系统写入，没有读入正文。")
    else:
        found.tell(f"日期“{date}”由系统在签发时写入，没有读入正文。")


def _take_files(found: Found, items: list[Item]) -> None:
    """附件说明 goes off the end of ``items``; the files themselves have to be uploaded."""
    _drop_blanks(items)
    for place in range(len(items) - 1, max(-1, len(items) - 1 - MOST_FILES), -1):
        line = items[place].line
        if _FILES.match(line):
            files = [item.line for item in items[place:] if item.line]
            del items[place:]
            found.tell(
                f"附件说明写有 {len(files)} 个附件（{'；'.join(files)[:120]}），"
                "没有读入正文。附件请在“附件”一栏上传，说明由系统写入。"
            )
            return
        if line and not _FILE.match(line):
            return


def _drop_blanks(items: list[Item]) -> None:
    while items and items[-1].blank:
        items.pop()
