"""Word files that go out: set as the standard says, marked until the sign-off, and read back."""

import datetime
import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.errors import FileMissing
from app.documents.layout import SheetTooLarge
from app.documents.layout.sheet import Sheet
from app.documents.readers import words
from app.documents.text import of_stored, stored
from app.documents.word import names, read_in, word_file
from app.documents.word.elements import find_elements
from app.documents.word.items import blocks as blocks_of
from app.documents.word.items import of_reader
from app.documents.word.writing import WIDTH, column_widths
from tests.documents.word.wordfiles import png

PICTURE = png()
SHEET = Sheet(
    letterhead="江洲县水务局",
    direction="downward",
    title="江洲县水务局\n关于做好防汛工作的通知",
    main_recipients=("各镇人民政府", "各街道办事处（农场）"),
    paragraphs=(),
    signature_unit="江洲县水务局",
    number="江水发〔2026〕3号",
    urgency="特急",
    attachments=("防汛办法", "任务清单"),
    date=datetime.date(2026, 11, 3),
    note="联系人：张三",
    copy_recipients=("县政府办公室", "县应急管理局"),
    printed_by="江洲县水务局",
    printed_on=datetime.date(2026, 11, 4),
)
TEXT = [
    {"type": "paragraph", "text": "一、总体要求。认真做好。"},
    {"type": "paragraph", "text": "（一）目标"},
    {"type": "paragraph"},
    {"type": "paragraph", "text": "手工标题", "level": 2},
    {"type": "paragraph", "text": "一、不作标题", "level": 0},
    {
        "type": "table",
        "head": 1,
        "widths": [1, 2],
        "rows": [
            [{"text": "乡镇"}, {"text": "任务", "align": "right"}],
            [{"text": "东山镇"}, {"text": "12\n公里", "align": "center"}],
        ],
    },
    {"type": "page_break"},
    {"type": "title", "text": "防汛办法"},
    {"type": "paragraph", "text": "第一章　总则"},
    {"type": "paragraph", "text": "第一条　为了防汛。"},
]


def picture(sha256: str) -> bytes:
    if sha256 == "0" * 64:
        raise FileMissing("没有")
    return PICTURE


def written(text: Any, sheet: Sheet = SHEET) -> Any:
    return docx.Document(io.BytesIO(word_file(sheet, of_stored(text), picture)))


def test_paper_and_lines_are_those_of_the_standard() -> None:
    document = written(TEXT)
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each.mm, 1) for each in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"
    assert 22 * 28.95 <= 225 / 25.4 * 72
    style = document.styles[names.TEXT]
    assert style.paragraph_format.line_spacing == Pt(28.95)
    assert style.font.size == Pt(16)
    assert document.settings.odd_and_even_pages_header_footer


@pytest.mark.parametrize(
    ("style", "face", "points"),
    [
        (names.TITLE, "方正小标宋简体", 22),
        (names.TEXT, "仿宋_GB2312", 16),
        (names.LEVELS[1], "黑体", 16),
        (names.LEVELS[2], "楷体_GB2312", 16),
        (names.URGENCY, "黑体", 16),
        (names.MARGIN, "宋体", 14),
    ],
)
def test_faces_and_sizes(style: str, face: str, points: float) -> None:
    found = written(TEXT).styles[style]
    fonts = found.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == face
    assert found.font.size == Pt(points)


def faces(paragraph: Any) -> list[tuple[str, str | None]]:
    return [
        (
            run.text,
            fonts.get(qn("w:eastAsia"))
            if (fonts := run._r.find(f".//{qn('w:rFonts')}")) is not None
            else None,
        )
        for run in paragraph.runs
    ]


def test_headings_stand_out_by_their_numbering() -> None:
    by_text = {each.text: each for each in written(TEXT[:3]).paragraphs}
    assert faces(by_text["一、总体要求。认真做好。"]) == [
        ("一、总体要求。", "黑体"),
        ("认真做好。", None),
    ]
    assert faces(by_text["（一）目标"]) == [("（一）目标", "楷体_GB2312")]
    by_text = {each.text: each for each in written(TEXT).paragraphs}
    assert faces(by_text["第一条　为了防汛。"])[0] == ("第一条", "黑体")
    assert by_text["第一章　总则"].style.name == names.CHAPTER


def test_the_head_of_a_table_is_repeated_and_its_columns_keep_their_parts() -> None:
    made = written(TEXT).tables[0]
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in made.rows] == [
        True,
        False,
    ]
    widths = [int(each.get(qn("w:w"))) for each in made._tbl.iter(qn("w:gridCol"))]
    assert widths[1] == 2 * widths[0]
    assert sum(widths) <= round(156 / 25.4 * 1440)


@pytest.mark.parametrize("parts", [(1, 2), (260, 780, 520), (1, 1, 1), (3, 4), (9999, 1)])
def test_columns_fill_the_line_in_their_proportions(parts: tuple[int, ...]) -> None:
    widths = column_widths(parts, len(parts))
    assert WIDTH - 20 <= sum(widths) <= WIDTH
    for width, part in zip(widths, parts, strict=True):
        assert width == pytest.approx(WIDTH * part / sum(parts), abs=8)


def test_elements_stand_in_their_order() -> None:
    text = [each.text for each in written(TEXT).paragraphs if each.text]
    places = [
        text.index(each)
        for each in (
            *("特急", "江洲县水务局文件", "江水发〔2026〕3号", SHEET.title),
            *("各镇人民政府、各街道办事处（农场）：", "一、总体要求。认真做好。"),
            *("附件：1.防汛办法", "2.任务清单", "江洲县水务局", "2026年11月3日"),
            *("（联系人：张三）", "附件1", "防汛办法", "第一章　总则"),
        )
    ]
    assert places == sorted(places)
    colophon = written(TEXT).tables[-1]
    assert colophon.cell(0, 0).text == "抄送：县政府办公室，县应急管理局。"
    assert [cell.text for cell in colophon.rows[1].cells] == ["江洲县水务局", "2026年11月4日印发"]


def test_an_upward_document_names_who_signed() -> None:
    sheet = replace(SHEET, direction="upward", signatories=("李四",))
    (row,) = [each for each in written(TEXT, sheet).paragraphs if each.style.name == names.NUMBER]
    assert row.text == "江水发〔2026〕3号\t签发人：李四"


def test_a_joint_document_is_signed_by_all_and_minutes_by_nobody() -> None:
    joint = written(TEXT, replace(SHEET, issuers=("江洲县水务局", "江洲县应急管理局")))
    signed = [each.text for each in joint.paragraphs if each.style.name == names.UNIT]
    assert signed == ["江洲县水务局", "江洲县应急管理局"]
    minutes = written(TEXT, replace(SHEET, format="纪要", present="张三、李四"))
    text = {each.style.name: each.text for each in minutes.paragraphs}
    assert text[names.ATTENDANCE] == "出席：张三、李四"
    assert names.UNIT not in text
    assert names.DATE not in text


@pytest.mark.parametrize("draft", [True, False])
def test_every_page_of_a_draft_says_that_it_is_one(draft: bool) -> None:
    document = written(TEXT, replace(SHEET, draft=draft, number=None, date=None, printed_on=None))
    section = document.sections[0]
    heads = [section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text]
    assert all(("非正式稿" in text) == draft for text in heads)
    assert (document.core_properties.comments == "非正式稿") == draft


def test_a_picture_goes_along_and_one_that_is_missing_is_named() -> None:
    here, gone = "1" * 64, "0" * 64
    text = [{"type": "image", "sha256": key, "width": 80, "alt": "平面图"} for key in (here, gone)]
    document = written(text)
    (shape,) = document.inline_shapes
    assert shape.width == Mm(80)
    assert "［图片：平面图］" in [each.text for each in document.paragraphs]


def test_a_text_that_no_paper_holds_is_refused() -> None:
    with pytest.raises(SheetTooLarge):
        written(TEXT, replace(SHEET, paragraphs=("字",) * 3001))


TYPED = st.text(
    st.one_of(
        st.sampled_from("一二、。（）1.第条章节# ｜［］\t 　甲乙𠮷é"),
        st.characters(exclude_categories=("Cs", "Cc")),
    ),
    max_size=30,
).filter(lambda text: not set(text) & set("\ufffe\uffff\xad\ufeff\u200e\u200f"))
CELL = st.builds(
    lambda parts, align: {"text": "\n".join(parts), "align": align},
    st.lists(TYPED, max_size=3),
    st.sampled_from(["left", "center", "right"]),
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    found: dict[str, Any] = {
        "type": "table",
        "head": draw(st.integers(0, rows)),
        "rows": [[draw(CELL) for _ in range(columns)] for _ in range(rows)],
    }
    if draw(st.booleans()) and columns > 1:
        found["widths"] = [
            1,
            *draw(st.lists(st.integers(2, 9), min_size=columns - 1, max_size=columns - 1)),
        ]
    if columns > 1 and draw(st.booleans()):  # the first two columns of the first row as one
        found["rows"][0] = [{**found["rows"][0][0], "across": 2}, *found["rows"][0][2:]]
    elif rows > 1 and draw(st.booleans()):  # the last column of the first two rows as one
        found["rows"][0][-1]["down"] = 2
        found["rows"][1].pop()
    return found


BLOCKS = st.lists(
    st.one_of(
        TYPED.map(lambda text: {"type": "paragraph", "text": text}),
        st.builds(
            lambda text, level: {"type": "paragraph", "text": text, "level": level},
            TYPED,
            st.integers(0, 4),
        ),
        TYPED.map(lambda text: {"type": "title", "text": text}),
        st.just({"type": "page_break"}),
        tables(),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(BLOCKS)
def test_what_goes_out_comes_back_as_it_was(text: list[dict[str, Any]]) -> None:
    before = of_stored(text)
    content = word_file(SHEET, before, picture)
    found = find_elements(of_reader(words(io.BytesIO(content), "docx")["items"]))
    after, as_lines = blocks_of(found.items, ())
    assert stored(after) == stored(before)
    assert not as_lines


def test_what_goes_out_comes_back_with_its_elements_and_pictures() -> None:
    text = [*TEXT, {"type": "image", "sha256": "1" * 64, "width": 80, "alt": "平面图"}]
    content = word_file(SHEET, of_stored(text), picture)
    found = read_in("a.docx", io.BytesIO(content), lambda data: data == PICTURE)
    assert found.elements == {
        "urgency": "extra_urgent",
        "title": SHEET.title,
        "main_recipients": list(SHEET.main_recipients),
        "copy_recipients": list(SHEET.copy_recipients),
        "note": SHEET.note,
    }
    *words_of, image = stored(found.blocks)
    assert words_of == TEXT
    assert (image["width"], image["alt"]) == (80, "平面图")
    assert found.notes == ()


ORDER = {
    "pPr": (
        *("pStyle", "pageBreakBefore", "widowControl", "pBdr", "tabs"),
        *("snapToGrid", "spacing", "ind", "jc"),
        "outlineLvl",
    ),
    "rPr": ("rStyle", "rFonts", "snapToGrid", "color", "sz", "szCs"),
    "tblPr": ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar"),
    "tcPr": ("tcW", "gridSpan", "vMerge", "vAlign"),
}
"""Children as the schema of the format orders them; a program that is strict refuses others."""


def test_everything_stands_in_the_order_of_the_schema() -> None:
    sheet = replace(SHEET, direction="upward", signatories=("李四",), draft=True)
    merged = {"type": "table", "rows": [[{"down": 2}, {"across": 2}], [{}, {}]]}
    document = written([*TEXT, merged], sheet)
    section = document.sections[0]
    roots = [document.element.body, section.header._element, section.footer._element]
    ours = [style.element for style in document.styles if style.name.startswith(names.OURS)]
    for root in (*roots, *ours):
        for name, order in ORDER.items():
            for each in root.iter(qn(f"w:{name}")):
                found = [child.tag.rpartition("}")[2] for child in each]
                assert found == sorted(found, key=order.index), (name, found)


def test_every_style_is_known_by_its_name() -> None:
    """Paragraphs name their style by its id; in the file both are the same."""
    styles = [style for style in written([]).styles if style.name.startswith(names.OURS)]
    assert len(styles) > 20
    assert all(style.style_id == style.name for style in styles)
