"""Heads and ends of the formats in millimetres; see measures.py."""

from collections.abc import Iterator

from app.documents.layout.letterhead import mark_text
from app.documents.layout.sheet import letterhead_text, long_date

from .measures import (
    BOTTOM,
    LEFT,
    RIGHT,
    ROW,
    THREE,
    TOP,
    Measure,
    Specimen,
    of_colophon,
    of_page,
    of_page_numbers,
    of_text,
    of_title,
)
from .read_back import CELL, Piece, Rule

MIDDLE = (LEFT + RIGHT) / 2


def all_measures(its: Specimen) -> list[Measure]:
    """Everything that this document allows to be measured."""
    head = {"文件": document_head, "信函": letter_head, "命令": order_head, "纪要": minutes_head}
    return [
        *of_page(its),
        *of_page_numbers(its),
        *head[its.sheet.format](its),
        *of_text(its),
        *signature(its),
        *of_colophon(its),
    ]


def document_head(its: Specimen) -> Iterator[Measure]:
    yield from letterhead(its, TOP + 35)
    yield from number(its)
    line = red_line(its)
    end = its.read.top(number_piece(its), ROW) + ROW
    yield Measure("红色分隔线在发文字号之下", "7.2.7", 4, line.top - end, 0.05)
    yield from line_size(line)
    yield from of_title(its, line.bottom)


def letterhead(its: Specimen, ink_top: float) -> Iterator[Measure]:
    sheet, read = its.sheet, its.read
    clause = {"文件": "7.2.4", "信函": "10.1", "命令": "10.2", "纪要": "10.3"}[sheet.format]
    stack = len(sheet.letterheads) > 1 and sheet.format == "文件"
    names = sheet.letterheads if stack else (letterhead_text(sheet),)
    pieces = [read.find(name, 1) for name in names]
    yield Measure("发文机关标志上边缘", clause, ink_top, read.ink(pieces[0])[0])
    yield Measure("发文机关标志为红色（是=1）", clause, 1, float(pieces[0].chars[0].red), 0)
    if not stack:
        middle = pieces[0].middle
        yield Measure("发文机关标志居中（距版心中线）", clause, 0, middle - MIDDLE, 0.3)
        return
    mark = read.find(mark_text(sheet), 1)
    whole = (pieces[0].left + mark.right) / 2
    yield Measure("联合标志居中（距版心中线）", clause, 0, whole - MIDDLE, 0.5)
    rows = (pieces[0].baseline + pieces[-1].baseline) / 2
    yield Measure("“文件”以联署机关名称上下居中", clause, rows, mark.baseline)
    for piece in pieces:
        yield Measure("联署机关名称左端对齐", clause, pieces[0].left, piece.left, 0.05)
        yield Measure("联署机关名称右端对齐", clause, pieces[0].right, piece.right, 0.15)


def number_piece(its: Specimen) -> Piece:
    return its.read.find(its.sheet.number or "", 1)


def number(its: Specimen) -> Iterator[Measure]:
    sheet, found = its.sheet, number_piece(its)
    yield Measure("发文字号字号（3号）", "7.2.5", CELL, found.size, 0.01)
    if not sheet.upward:
        yield Measure("发文字号居中（距版心中线）", "7.2.5", 0, found.middle - MIDDLE)
        yield from below_letterhead(its, its.read.top(found, ROW), "7.2.5")
        return
    names = [its.read.find(name[0], 1) for name in sheet.signatories]
    label = its.read.find("签发人：", 1)
    yield Measure("上行文发文字号左空一字", "7.2.5", CELL, found.left - LEFT, 0.05)
    level = max(its.rendered.positions[f"signatory-{i}"].top for i in range(1, len(names) + 1))
    top = its.rendered.positions["number"].top
    yield Measure("发文字号与最后一个签发人同一行", "7.2.5", level, top, 0.05)
    widest = max(its.read.find(name[-1], 1).right for name in sheet.signatories[:2])
    longest = max(len(name) for name in sheet.signatories)
    if all(len(name) == longest for name in sheet.signatories[:2]) or longest <= 3:
        yield Measure("签发人右空一字", "7.2.6", CELL, RIGHT - widest, 0.1)
    yield from below_letterhead(its, its.read.top(label, ROW), "7.2.6")


def below_letterhead(its: Specimen, top: float, clause: str) -> Iterator[Measure]:
    mark = its.rendered.positions["letterhead"]
    yield Measure("发文机关标志之下空二行", clause, 2 * its.pitch, top - mark.bottom)


def red_line(its: Specimen) -> Rule:
    (line,) = [rule for rule in its.read.rules(1) if rule.red]
    return line


def line_size(line: Rule) -> Iterator[Measure]:
    yield Measure("红色分隔线长", "7.2.7", 156, line.right - line.left)
    yield Measure("红色分隔线粗（标准未定，取 0.7）", "7.2.7", 0.7, line.weight, 0.02)


def letter_head(its: Specimen) -> Iterator[Measure]:
    read, found = its.read, number_piece(its)
    yield from letterhead(its, 30)
    outer = [rule for rule in read.rules(1) if rule.red and rule.weight > 1]
    upper, lower = outer
    ink = read.ink(read.find(letterhead_text(its.sheet), 1))
    yield Measure("信函第一条双线在标志之下", "10.1", 4, upper.top - ink[1])
    for line in outer:
        yield Measure("信函双线长", "10.1", 170, line.right - line.left)
        yield Measure("信函双线居中（距纸张中线）", "10.1", 0, (line.left + line.right) / 2 - 105)
    yield Measure("信函第二条双线距下页边", "10.1", 20, 297 - lower.bottom)
    yield Measure("信函发文字号齐版心右边缘", "10.1", RIGHT, found.right, 0.05)
    below = 7 / 8 * THREE
    yield Measure(
        "信函发文字号在双线之下 7/8 字", "10.1", below, read.top(found, ROW) - upper.bottom
    )
    last = max(line.baseline for line in read.body(1))
    end = last - its.fonts.first("fangsong").baseline(CELL, CELL) + CELL
    room = lower.top - end
    yield Measure("信函首页正文与第二条双线至少 7/8 字（是=1）", "10.1", 1, float(room >= below), 0)
    numbers = [line for line in read.lines[0] if line.text == "—1—"]
    yield Measure("信函首页页码（个）", "10.1", 0, len(numbers), 0)
    rows = [found]
    rows += [read.find(text, 1) for text in (its.sheet.copy_number, its.sheet.urgency) if text]
    yield from of_title(its, max(read.top(row, ROW) for row in rows) + ROW)


def order_head(its: Specimen) -> Iterator[Measure]:
    found = number_piece(its)
    yield from letterhead(its, TOP + 20)
    yield Measure("令号居中（距版心中线）", "10.2", 0, found.middle - MIDDLE)
    yield from below_letterhead(its, its.read.top(found, ROW), "10.2")
    end = its.read.top(found, ROW) + ROW
    top = its.read.top(its.text, its.pitch)
    yield Measure("令号之下空二行", "10.2", 2 * its.pitch, top - end)


def minutes_head(its: Specimen) -> Iterator[Measure]:
    sheet, read = its.sheet, its.read
    yield from letterhead(its, TOP + 35)
    yield Measure("纪要编号居中（距版心中线）", "10.3", 0, number_piece(its).middle - MIDDLE)
    yield from line_size(red_line(its))
    yield from of_title(its, red_line(its).bottom)
    for label, _ in sheet.attendance:
        found = read.find(f"{label}：")
        yield Measure("出席、请假、列席左空二字", "10.3", 2 * CELL, found.left - LEFT, 0.05)
        yield Measure("出席、请假、列席为黑体（是=1）", "10.3", 1, float(found.face == "hei"), 0)
    first = read.find(f"{sheet.attendance[0][0]}：")
    lines = [line for line in read.body(first.page) if line.baseline < first.baseline - 1]
    if lines:
        step = first.baseline - lines[-1].baseline
        yield Measure("出席之上空一行", "10.3", 2 * its.pitch, step)


def signature(its: Specimen) -> Iterator[Measure]:
    sheet, read = its.sheet, its.read
    if sheet.format == "纪要" or not sheet.date:
        return
    page = its.rendered.positions["date"].page
    # the date may stand in the text too; that of the signature is the last before the 版记
    places = [
        line
        for line in read.body(page)
        if long_date(sheet.date) in line.text and line.left > LEFT + 8 * CELL
    ]
    day = places[-1]
    yield Measure(
        "成文日期与正文末行同页（页）", "7.3.5", its.rendered.positions["text-end"].page, page, 0
    )
    if sheet.posts:
        yield from stamps(its, day)
    elif sheet.sealed:
        yield from seals(its, day)
    else:
        units = [read.find(name, page, size=CELL, last=True) for name in sheet.signing_units]
        yield Measure("成文日期比署名右移二字", "7.3.5.2", 2 * CELL, day.left - units[0].left, 0.05)
        right = max(day.right, *(each.right for each in units))
        yield Measure("不加盖印章右空二字", "7.3.5.2", 2 * CELL, RIGHT - right, 0.1)
        step = units[0].baseline - line_before(its, units[0])
        yield Measure("署名上空一行", "7.3.5.2", 2 * its.pitch, step)
    if sheet.note and day.page == its.rendered.positions["note"].page:
        note = read.find(f"（{sheet.note.lstrip('（')[:6]}", page)
        yield Measure("附注左空二字", "7.3.6", 2 * CELL, note.left - LEFT, 0.05)
        yield Measure("附注在成文日期下一行", "7.3.6", its.pitch, note.baseline - day.baseline)


def line_before(its: Specimen, piece: Piece) -> float:
    lines = its.read.body(piece.page)
    return max(line.baseline for line in lines if line.baseline < piece.baseline - 1)


def seals(its: Specimen, day: Piece) -> Iterator[Measure]:
    sheet, places = its.sheet, its.rendered.positions
    units = [its.read.find(name, day.page, size=CELL, last=True) for name in sheet.signing_units]
    yield Measure("成文日期右空四字", "7.3.5.1", 4 * CELL, RIGHT - day.right, 0.1)
    yield Measure("署名以成文日期居中", "7.3.5.1", day.middle, units[-1].middle)
    names = [f"seal-{i}" for i in range(1, len(units) + 1)] if len(units) > 1 else ["seal"]
    boxes = [places[name] for name in names]
    text_end = places["text-end"].bottom
    gap = boxes[0].top - text_end
    letter = sheet.format == "信函" and day.page == 1
    bottom = places["lower-line"].top - 7 / 8 * THREE if letter else BOTTOM
    near = 0 <= gap <= its.pitch
    yield Measure("印章顶端距正文一行之内（是=1）", "7.3.5.1", 1, float(near), 0)
    for unit, box in zip(units, boxes, strict=True):
        centre = (box.left + box.right) / 2
        yield Measure("印章居中下压署名", "7.3.5.1", unit.middle, centre, 0.1)
        inside = box.left >= LEFT and box.right <= RIGHT and box.bottom <= bottom
        yield Measure("印章不超出版心（是=1）", "7.3.5.1", 1, float(inside), 0)
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            dx = (one.left + one.right - other.left - other.right) / 2
            dy = (one.top + one.bottom - other.top - other.bottom) / 2
            apart = (dx**2 + dy**2) ** 0.5 > sheet.seal_diameter
            yield Measure("印章互不相交或相切（是=1）", "7.3.5.1", 1, float(apart), 0)


def stamps(its: Specimen, day: Piece) -> Iterator[Measure]:
    sheet, places = its.sheet, its.rendered.positions
    yield Measure("签名章下成文日期右空四字", "7.3.5.3", 4 * CELL, RIGHT - day.right, 0.1)
    for i, post in enumerate(sheet.posts, start=1):
        found, stamp = its.read.find(post, day.page, last=True), places[f"stamp-{i}"]
        yield Measure("签名章右空四字", "7.3.5.3", 4 * CELL, RIGHT - stamp.right)
        yield Measure("职务在签名章左空二字", "7.3.5.3", 2 * CELL, stamp.left - found.right)
        middle = its.read.top(found, CELL) + CELL / 2
        yield Measure(
            "职务以签名章上下居中", "7.3.5.3", (stamp.top + stamp.bottom) / 2, middle, 0.2
        )
    above = places["unit"]
    text_end = places["text-end"].bottom
    yield Measure("签名章上空二行", "7.3.5.3", 2 * its.pitch, above.top - text_end)
    top = its.read.top(day, its.pitch)
    yield Measure("成文日期上空一行", "7.3.5.3", its.pitch, top - above.bottom)
