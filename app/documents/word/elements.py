"""The elements of a 公文 that stand in a Word file beside its text.

What is unmistakable is taken out of the text and offered for its own field; what the system writes
itself, such as number and 落款, is taken out and named. Everything else stays in the text.
"""

import re
from collections.abc import Sequence

from app.documents import kinds
from app.documents.word import names
from app.documents.word.closing import take_closing
from app.documents.word.found import Found
from app.documents.word.items import Item, showable
from app.documents.word.recipients import parted

HEAD = 15
"""Lines of a file among which its title is looked for."""

LONGEST_TITLE, LONGEST_RECIPIENTS, LONGEST_NAME = 120, 300, 100
TITLE_LINES = 5

_NUMBER = re.compile(r"\S{1,30}[〔\[【（(]\s*\d{4}\s*[〕\]】）)]\s*第?\s*\d+\s*号")
_SIGNATORY = re.compile("签\\s*发\\s*人\\s*[：:]")
_COPY_NUMBER = re.compile(r"(?:№|份号[：:]?)?\s*\d{6}")
_UNIT = re.compile(
    "(?:府|局|委|办|处|部|厅|院|会|所|站|室|科|股|镇|乡|村|街道|中心|公司|集团|学校|大学|中学|小学"
    "|单位|部门|机关|企业|公室|支队|大队|中队|总队|银行|支行|分行|园区|管区|开发区|社区|农场|林场"
    "|水库|灌区|协会|学会|联社|合作社|总社|总站|馆|台|社|区|县|市|省|州|旗|盟|同志)$"
)
_URGENCIES = {label: key for key, label in kinds.URGENCIES.items() if key != "none"}


def find_elements(items: Sequence[Item]) -> Found:
    """By the styles of this system where the file has them, else by how a 公文 looks."""
    found = Found(list(items))
    if any(item.style in (names.LETTERHEAD, names.TITLE, names.RECIPIENTS) for item in items):
        _by_styles(found)
    else:
        _take_title(found)
        take_closing(found)
    found.items = _without_blank_ends(found.items)
    return found


def _by_styles(found: Found) -> None:
    rest: list[Item] = []
    for item in found.items:
        words = item.line
        if item.style == names.TITLE:
            found.elements["title"] = showable(words)
        elif item.style == names.RECIPIENTS:
            found.elements["main_recipients"] = parted(words)
        elif item.style == names.NOTE:
            found.elements["note"] = showable(words.removeprefix("（").removesuffix("）"))
        elif item.style in (names.COLOPHON, names.PLAIN_COLOPHON):
            _take_our_copies(found, item)
        elif item.style == names.URGENCY and words in _URGENCIES:
            found.elements["urgency"] = _URGENCIES[words]
        elif item.style not in names.SET_BY_SYSTEM:
            rest.append(item)
    found.items = rest


def _take_our_copies(found: Found, colophon: Item) -> None:
    for row in (colophon.own or {}).get("rows", ()):
        for cell in row:
            if cell["text"].startswith("抄送："):
                copies = cell["text"].removeprefix("抄送：").removesuffix("。")
                found.elements["copy_recipients"] = parted(copies, "，")


def _take_title(found: Found) -> None:
    """Title, what stands above it, and 主送 below it."""
    place = _title_place(found.items)
    if place is None:
        return
    lines, end = [found.items[place].line], place + 1
    while end < len(found.items) and len(lines) < TITLE_LINES:
        item = found.items[end]
        if not item.as_title or abs(item.size - found.items[place].size) > 1:
            break
        lines.append(item.line)
        end += 1
    title = showable("\n".join(lines))
    if len(title) > LONGEST_TITLE:
        return
    found.elements["title"] = title
    above, below = found.items[:place], found.items[end:]
    found.items = [*_without_head(found, above), *below]
    _take_recipients(found)


def _title_place(items: Sequence[Item]) -> int | None:
    lines = 0
    for place, item in enumerate(items):
        lines += bool(item.line)
        if lines > HEAD or item.kind != "paragraph":
            return None
        if not item.line or _is_head(item) or _stands_over_number(items, place):
            continue
        if item.as_title or _ends_in_kind(item):
            return place
    return None


def _stands_over_number(items: Sequence[Item], place: int) -> bool:
    """A 发文机关标志 without the word 文件: its next line is the number."""
    below = (item.line for item in items[place + 1 :] if item.line)
    return bool(_NUMBER.search(next(below, "")))


def _ends_in_kind(item: Item) -> bool:
    """A centred line such as …关于…的通知, in whatever size."""
    named = kinds.kind_of_title(item.line) is not None and "关于" in item.line
    return item.align == "center" and not item.numbered and named


def _is_head(item: Item) -> bool:
    """A line of the 版头, which the system sets by itself."""
    words = item.line
    if _NUMBER.search(words) or _SIGNATORY.search(words) or _COPY_NUMBER.fullmatch(words):
        return True
    return words in _URGENCIES or (item.align == "center" and words.endswith("文件"))


def _without_head(found: Found, above: Sequence[Item]) -> list[Item]:
    """The lines above the title that are not of the 版头, with what those of it say."""
    rest = []
    for item in above:
        words = item.line
        if words and not (_is_head(item) or item.as_title):
            rest.append(item)
        elif words in _URGENCIES:
            found.elements["urgency"] = _URGENCIES[words]
        elif words:
            found.tell(f"“{words[:40]}”由系统写入版头，没有读入正文。")
    return rest


def _take_recipients(found: Found) -> None:
    for place, item in enumerate(found.items):
        if item.blank:
            continue
        words = item.line
        if words[-1:] in ("：", ":") and _names_units(words[:-1]) and not item.numbered:
            found.elements["main_recipients"] = parted(words[:-1])
            del found.items[: place + 1]
        return


def _names_units(words: str) -> bool:
    if not 0 < len(words) <= LONGEST_RECIPIENTS or re.search("[。；：:！？]", words):
        return False
    names_of = parted(words)
    return all(len(each) <= LONGEST_NAME and _is_unit(each) for each in names_of)


def _is_unit(name: str) -> bool:
    """Ends as units do, a remark in brackets aside; 各镇要做到 does not."""
    return _UNIT.search(re.sub("（[^）]*）$|\\([^)]*\\)$", "", name)) is not None


def _without_blank_ends(items: list[Item]) -> list[Item]:
    """Blank lines of others that only made room on the paper; those of ours were typed."""
    first, last = 0, len(items)
    while first < last and items[first].blank and not items[first].ours:
        first += 1
    while last > first and items[last - 1].blank and not items[last - 1].ours:
        last -= 1
    return items[first:last]
