"""附件: what the text names is there, what is there is named, and the text itself is no file."""

import re
from collections.abc import Iterator

from app.documents.preflight.findings import Spot
from app.documents.preflight.paper import Paper

_NAMED = re.compile(r"附件\s*(\d{1,2})?|附后|见附[表图]")
_TYPED_LIST = re.compile(r"^附\s*件\s*\d{0,2}\s*[：:]\s*(?:\d{1,2}\s*[.．、]\s*)?(?P<name>.*)$")
_OUTER_NAME = re.compile(r"^(附件|扫描|新建|未命名|img|scan|doc|image)[\W_]*\d*$", re.IGNORECASE)
_THE_TEXT = ("正文", "公文", "文稿", "定稿", "送审稿", "清样")
_OWN_WORDS = ("docx", "txt")
"""Types that a drafter writes himself; what came from others is scanned or set."""

_POINTING = re.compile(r"[正文具体内容详情况请]*[见如]附件\d*|\W")
_SHORTEST = 6
"""Characters; a text that has fewer besides pointing to a file says nothing itself."""


def named_but_missing(paper: Paper) -> Iterator[Spot]:
    numbers = [0]
    mentioned = False
    for line in paper.covering:
        for found in _NAMED.finditer(line):
            mentioned = True
            numbers.append(int(found[1] or 0))
    there = len(paper.files) + paper.has_annex
    if mentioned and not there:
        yield Spot("attachments", "正文提到附件，但没有添加附件。请添加附件，或者改正文。")
    elif max(numbers) > max(there, 1):
        yield Spot(
            "attachments",
            f"正文提到附件{max(numbers)}，现有附件 {there} 个。请补齐附件，或者改正文。",
        )


def there_but_unnamed(paper: Paper) -> Iterator[Spot]:
    if paper.files and not any(_NAMED.search(line) for line in paper.covering):
        names = "、".join(each.title for each in paper.files)
        yield Spot("body", f"有附件（{names}），正文没有提到。请在正文有关的地方写“（见附件）”。")


def list_typed(paper: Paper) -> Iterator[Spot]:
    """附件说明 is printed from the names of the files; a typed one would stand there twice."""
    titles = [each.title for each in paper.files]
    for line in paper.covering:
        found = _TYPED_LIST.match(line)
        if not found:
            continue
        name = found["name"].strip("。；; ")
        other = "" if not name or name in titles else f"（“{name}”与附件的名称也不一致）"
        yield Spot("body", f"附件说明由系统按附件的名称排印{other}，请从正文中删去“{line[:20]}”。")


def names_say_something(paper: Paper) -> Iterator[Spot]:
    for each in paper.files:
        if _OUTER_NAME.match(each.title):
            yield Spot(
                "attachments",
                f"附件说明印的就是文件名，“{each.title}”看不出内容。请改名后重新添加。",
            )


def text_as_file(paper: Paper) -> Iterator[Spot]:
    title = re.sub(r"\s", "", paper.plain_title)
    for each in paper.files:
        name = re.sub(r"\s", "", each.title)
        if name in _THE_TEXT or (title and name == title):
            yield Spot(
                "attachments",
                f"正文不得作为附件添加，请把“{each.name}”的内容写入正文，并移除这个附件；"
                "已在系统外办完的，由收发员办理扫描件发文。",
            )
    words = "".join(paper.covering)
    if paper.files and _NAMED.search(words) and len(_POINTING.sub("", words)) < _SHORTEST:
        yield Spot("body", "正文只是指向附件。正文不得用附件代替，请把内容写入正文。")


def still_admitted(paper: Paper) -> Iterator[Spot]:
    """A unit may have narrowed its 附件规则 since the file was attached."""
    for each in paper.files:
        if not each.admitted:
            yield Spot(
                "attachments",
                f"本单位现在接收的附件是 {paper.takes}，“{each.name}”不在其内。请转换后替换。",
            )


def own_annex(paper: Paper) -> Iterator[Spot]:
    for each in paper.files:
        if each.own and each.type in _OWN_WORDS:
            yield Spot(
                "attachments",
                f"自己撰写的附件（“{each.name}”）直接附于正文之后：另起一行，以“# ”加标题开头，"
                "审稿人可以修改。别的机关的来文才用添加附件。",
            )
