"""What a Word file says: text, numbers as Word prints them, tables, and what is lost."""

import io
import zipfile
from typing import Any

import pytest

from app.documents import readers
from app.documents.errors import (
    Classified,
    DocumentError,
    TooLarge,
    Unreadable,
    WrongType,
)
from app.documents.readers.word.numerals import numeral
from app.documents.text import plain, stored
from app.documents.word import Imported, read_in
from app.documents.word.importing import of_words
from app.errors import Invalid
from tests.documents import files
from tests.documents.word import wordfiles as wf
from tests.documents.word.wordfiles import cell, centred, docx, level, p, row, run, table


def said(content: bytes) -> dict[str, Any]:
    """By the reader in this process."""
    return readers.words(io.BytesIO(content), "docx")


def texts(content: bytes) -> list[str]:
    return [item["text"] for item in said(content)["items"] if item["kind"] == "paragraph"]


def kinds(content: bytes) -> list[str]:
    return [item["kind"] for item in said(content)["items"]]


def noted(content: bytes) -> list[tuple[str, str, str]]:
    return [tuple(note.values()) for note in said(content)["notes"]]


def imported(content: bytes) -> Imported:
    return of_words(said(content))


NUMERALS = [
    ("decimal", 12, "12"),
    ("decimalZero", 7, "07"),
    ("chineseCounting", 10, "十"),
    ("chineseCounting", 11, "十一"),
    ("chineseCounting", 20, "二十"),
    ("chineseCounting", 99, "九十九"),
    ("chineseCounting", 101, "一○一"),
    ("chineseCountingThousand", 10, "十"),
    ("chineseCountingThousand", 12, "十二"),
    ("chineseCountingThousand", 105, "一百零五"),
    ("chineseCountingThousand", 110, "一百一十"),
    ("chineseCountingThousand", 1010, "一千零一十"),
    ("chineseCountingThousand", 12_003, "一万二千零三"),
    ("chineseLegalSimplified", 15, "壹拾伍"),
    ("ideographDigital", 10, "一〇"),
    ("decimalEnclosedCircleChinese", 3, "③"),
    ("decimalEnclosedCircle", 21, "㉑"),
    ("decimalEnclosedParen", 2, "⑵"),
    ("decimalEnclosedFullstop", 20, "⒛"),
    ("decimalFullWidth", 12, "１２"),
    ("upperLetter", 28, "BB"),
    ("lowerRoman", 14, "xiv"),
    ("upperRoman", 1999, "MCMXCIX"),
    ("ideographTraditional", 4, "丁"),
    ("none", 3, ""),
    ("hebrew1", 3, "3"),
    ("decimalEnclosedParen", 21, "21"),
]


@pytest.mark.parametrize(("form", "number", "text"), NUMERALS)
def test_numerals(form: str, number: int, text: str) -> None:
    assert numeral(number, form) == text


def test_the_four_levels_are_counted_and_begin_anew() -> None:
    numbered = [(0, "甲"), (1, "乙"), (1, "丙"), (2, "丁"), (3, "戊"), (0, "己"), (1, "庚")]
    body = [wf.numbered(text, level=at) for at, text in numbered]
    found = texts(docx(*body, parts={"numbering": wf.numbering(*wf.OFFICIAL)}))
    assert found == ["一、甲", "（一）乙", "（二）丙", "1.丁", "①戊", "二、己", "（一）庚"]


def test_numbers_of_higher_levels_in_one_label() -> None:
    levels = (level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = [wf.numbered("总则"), wf.numbered("目的", level=1), wf.numbered("依据", level=1)]
    found = texts(docx(*body, parts={"numbering": wf.numbering(*levels)}))
    assert found == ["第一章　总则", "1.1 目的", "1.2 依据"]


def test_a_list_may_begin_with_another_number_or_anew() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    listed = wf.numbering(level(0, "decimal", "%1.", start=5), more=again)
    body = [wf.numbered("甲"), wf.numbered("乙"), wf.numbered("丙", 2), wf.numbered("丁", 3)]
    assert texts(docx(*body, parts={"numbering": listed})) == ["5.甲", "6.乙", "1.丙", "2.丁"]


def test_a_level_may_go_on_counting_under_the_next_heading() -> None:
    levels = (
        level(0, "chineseCounting", "%1、"),
        level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>'),
    )
    body = [wf.numbered("甲"), wf.numbered("乙", level=1), wf.numbered("丙")]
    body.append(wf.numbered("丁", level=1))
    found = texts(docx(*body, parts={"numbering": wf.numbering(*levels)}))
    assert found == ["一、甲", "1.乙", "二、丙", "2.丁"]


def test_a_style_may_bring_the_number() -> None:
    styles = wf.STYLES + (
        '<w:style w:type="paragraph" w:styleId="L2"><w:name w:val="二级"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="L2b"><w:name w:val="二级变"/>'
        '<w:basedOn w:val="L2"/></w:style>'
    )
    levels = (
        level(0, "decimal", "%1."),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="L2"/>'),
    )
    styled = [p("甲", properties='<w:pStyle w:val="L2"/>')]
    styled.append(p("乙", properties='<w:pStyle w:val="L2b"/>'))
    off = '<w:pStyle w:val="L2"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    styled.append(p("丙", properties=off))
    found = texts(docx(*styled, parts={"numbering": wf.numbering(*levels), "styles": styles}))
    assert found == ["（一）甲", "（二）乙", "丙"]


def test_signs_of_a_list_become_a_dot() -> None:
    body = wf.numbered("甲")
    listed = wf.numbering(level(0, "bullet", "\uf06c"))
    assert texts(docx(body, parts={"numbering": listed})) == ["·甲"]


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        p(
            run("各镇"),
            '<w:del w:id="1"><w:r><w:delText>应</w:delText></w:r></w:del>',
            '<w:ins w:id="2"><w:r><w:t>必须</w:t></w:r></w:ins>',
            '<w:moveFrom w:id="3"><w:r><w:t>旧处</w:t></w:r></w:moveFrom>',
            run("报告"),
        ),
        p("前段", properties='<w:rPr><w:del w:id="4"/></w:rPr>'),
        p("后段"),
        table(row(cell("留")), row(cell("去"), properties='<w:del w:id="5"/>')),
    )
    found = said(docx(*body))
    assert texts(docx(*body)) == ["各镇必须报告", "前段后段"]
    assert [[each["text"] for each in cells] for cells in found["items"][-1]["rows"]] == [["留"]]
    assert {note["what"] for note in found["notes"]} == {"tracked"}


def test_fields_show_what_they_show_and_links_their_words() -> None:
    begin, middle, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    code = "<w:r><w:instrText> REF a </w:instrText></w:r>"
    link = '<w:hyperlink r:id="rIdX"><w:r><w:t>网址</w:t></w:r></w:hyperlink>'
    body = p(run("见"), begin, code, middle, run("附表一"), end, run("，"), link)
    assert texts(docx(body)) == ["见附表一，网址"]
    assert [what for what, _, _ in noted(docx(body))] == ["link"]


def test_breaks_part_pages_and_lines() -> None:
    page = '<w:r><w:br w:type="page"/></w:r>'
    body = (
        p(run("前"), page, run("后")),
        p(page),
        p(run("上"), "<w:r><w:br/></w:r>", run("下")),
        p("新页", properties="<w:pageBreakBefore/>"),
        p("节末", properties='<w:sectPr><w:type w:val="nextPage"/></w:sectPr>'),
    )
    assert kinds(docx(*body)) == [
        *("paragraph", "page_break", "paragraph", "page_break", "paragraph"),
        *("page_break", "paragraph", "paragraph", "page_break"),
    ]
    assert plain(imported(docx(*body)).blocks).split("\n") == [
        *("前", "［分页］", "后", "［分页］", "上", "下", "［分页］", "新页", "节末", "［分页］"),
    ]


def test_a_table_with_merged_cells() -> None:
    restart, below = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    made = table(
        row(
            cell("名称", properties=restart),
            cell("任务", properties='<w:gridSpan w:val="2"/>'),
            properties="<w:tblHeader/>",
        ),
        row(cell("", properties=below), cell("甲"), cell("乙"), properties="<w:tblHeader/>"),
        row(cell("东山镇"), cell("一", "二"), cell("")),
        widths=(2000, 1000, 1000),
    )
    (block,) = stored(imported(docx(made)).blocks)
    assert block == {
        "type": "table",
        "head": 2,
        "widths": [2, 1, 1],
        "rows": [
            [{"text": "名称", "down": 2}, {"text": "任务", "across": 2}],
            [{"text": "甲"}, {"text": "乙"}],
            [{"text": "东山镇"}, {"text": "一\n二"}, {}],
        ],
    }


def test_short_rows_are_filled_and_nested_tables_become_lines() -> None:
    inner = table(row(cell("内一"), cell("内二")))
    nesting = f"<w:tc><w:tcPr/>{p('外')}{inner}{p('')}</w:tc>"
    made = table(
        row(cell("a"), cell("b"), cell("c")), row(nesting, properties='<w:gridBefore w:val="1"/>')
    )
    (block,) = stored(imported(docx(made)).blocks)
    assert block["rows"][1] == [{}, {"text": "外\n内一　内二"}, {}]
    assert noted(docx(made))[0][:2] == ("nested", "第 1 个表格第 2 行")


def test_a_table_too_large_becomes_lines() -> None:
    made = table(row(*[cell("字" * 10) for _ in range(45)]), row(cell("尾")))
    found = imported(docx(made))
    assert [block.type for block in found.blocks] == ["paragraph", "paragraph"]
    assert any("每行改成了一段文字" in note.text for note in found.notes)


def test_pictures_are_given_back_and_others_made_png() -> None:
    gif = files.picture("GIF")
    pictures = {"a.png": wf.png(), "b.gif": gif, "c.emf": b"\x01\x00\x00\x00EMF"}
    keys = (wf.PICTURE_ID, f"{wf.PICTURE_ID}1", f"{wf.PICTURE_ID}2")
    body = [p(run("图"), wf.drawing(key)) for key in keys]
    content = docx(*body, pictures=pictures)
    found = said(content)
    shown = [item for item in found["items"] if item["kind"] == "picture"]
    assert len(shown) == len(found["pictures"]) == 2
    assert (shown[0]["width"], shown[0]["alt"]) == (50, "平面图")
    assert found["notes"][0]["what"] == "picture"
    kept: list[bytes] = []
    taken = of_words(found, lambda data: kept.append(data) is None)
    assert kept[0] == wf.png()
    assert kept[1].startswith(b"\x89PNG")
    assert [block.type for block in taken.blocks].count("image") == 2
    lost = [note.text for note in imported(content).notes if note.kind == "lost"]
    assert "第 1 幅图片没有保留，请另作附件上传。" in lost


LOST = {
    "formula": p(run("长"), "<m:oMath><m:r><m:t>x=y</m:t></m:r></m:oMath>"),
    "embedded": p("<w:r><w:object/></w:r>"),
    "drawing": p("<w:r><w:drawing><wp:inline/></w:drawing></w:r>"),
    "hidden": p(run("暗", "<w:vanish/>")),
    "symbol": p('<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>'),
    "shifted": p(run("a"), run("n", '<w:vertAlign w:val="subscript"/>')),
    "look": p(run("红", '<w:color w:val="FF0000"/>')),
    "contents": p("目录项", properties='<w:pStyle w:val="T1"/>'),
    "section": p("横", properties='<w:sectPr><w:pgSz w:orient="landscape"/></w:sectPr>'),
    "text_box": p(
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{p('框内')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{p('框内')}"
        "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    ),
}


@pytest.mark.parametrize("what", LOST)
def test_what_is_lost_is_named_once_with_its_place(what: str) -> None:
    found = noted(docx("第一段。", LOST[what]))
    assert [each for each, _, _ in found] == [what]
    assert "段" in found[0][1]
    assert imported(docx("第一段。", LOST[what])).notes


def test_what_is_missing_is_seen_in_the_text() -> None:
    assert texts(docx(LOST["formula"])) == ["长〓"]
    assert texts(docx(LOST["symbol"])) == ["〓"]


def test_squares_and_cubes_stay() -> None:
    raised = run("2", '<w:vertAlign w:val="superscript"/>')
    assert texts(docx(p(run("30 m"), raised))) == ["30 m²"]


def test_remarks_and_heads_of_pages_are_named_with_their_words() -> None:
    found = imported(wf.official())
    lost = [note.text for note in found.notes if note.kind == "lost"]
    assert "第 9 段“落实到人、到岗。”的批注没有保留：请核对数字" in lost
    assert "第 11 段“任务见下表。”的脚注没有保留：指县城建成区。" in lost
    assert "页眉的文字没有保留：内部资料 注意保存" in lost


def test_a_file_with_very_many_losses_says_how_many_more() -> None:
    body = [p(run(f"第{i}处", "<w:vanish/>")) for i in range(400)]
    assert any("另有 100 处" in note.text for note in imported(docx("正文。", *body)).notes)


BAD: dict[str, tuple[str, bytes, type[Invalid], str]] = {
    "old": ("稿.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, WrongType, "另存为 .docx"),
    "wps": ("稿.wps", b"\xd0\xcf\x11\xe0" + b"\0" * 600, WrongType, "另存为 .docx"),
    "locked": ("稿.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, WrongType, "加了密码"),
    "pdf": ("稿.pdf", files.pdf(), WrongType, "只能导入 .docx"),
    "no zip": ("稿.docx", b"PK\x03\x04" + b"\0" * 600, Unreadable, "损坏"),
    "table": ("稿.docx", files.office("xlsx"), WrongType, "不是 docx 文档"),
    "macros": (
        "稿.docx",
        docx("甲", main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        DocumentError,
        "宏",
    ),
    "secret": ("稿.docx", docx(centred("秘密★1年", 16), "正文"), Classified, "涉及国家秘密"),
    "secret name": ("机密★通知.docx", docx("正文"), Classified, "涉及国家秘密"),
    "secret in a table": ("稿.docx", docx(table(row(cell("绝密★")))), Classified, "国家秘密"),
    "bomb": (
        "稿.docx",
        docx("甲", files={"word/media/x.bin": b"0" * (60 << 20)}),
        TooLarge,
        "展开后过大",
    ),
    "nothing in it": ("稿.docx", docx(p("")), Unreadable, "没有可以读入的文字"),
    "empty": ("稿.docx", b"", Unreadable, "空文件"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_the_reason(case: str) -> None:
    name, content, error, words = BAD[case]
    with pytest.raises(error, match=words):
        read_in(name, io.BytesIO(content))


def with_doctype(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + data
                data = data.replace("甲".encode(), b"&a;")
            new.writestr(name, data)
    return out.getvalue()


def test_entities_are_not_resolved() -> None:
    with pytest.raises(readers.Refused):
        said(with_doctype(docx("甲")))


def test_objects_and_links_in_a_file_are_left_where_they_are() -> None:
    """They keep a file from being an attachment; of this one only the words are taken."""
    found = imported(docx("正文。", files={"word/embeddings/oleObject1.bin": b"MZ", "x/y": b"a"}))
    assert plain(found.blocks) == "正文。"


def test_a_deep_or_broken_file_ends_in_a_sentence() -> None:
    deep = "<w:sdt><w:sdtContent>" * 3000 + p("甲") + "</w:sdtContent></w:sdt>" * 3000
    for content in (docx(deep), docx("<w:p>")):
        with pytest.raises(readers.Refused) as refused:
            said(content)
        assert refused.value.code == "unreadable"
