"""A 登记簿 as CSV and on paper, and names of files."""

from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.filenames import LONGEST_TITLE, file_name, is_too_long
from app.documents.layout import FontBook, GlyphMissing, check, standard_folders
from app.documents.numbering import exporting, printing
from app.documents.numbering.register import Line, Register
from app.errors import Invalid
from tests.documents.conftest import AT

BOOK = Register(
    "江水",
    "县水务局发文",
    "number",
    2026,
    [
        Line(1, 1, "江水〔2026〕1号", "skipped", None, "", "", "", "林小雅", AT, "纸质已用"),
        Line(
            *(2, 2, "江水〔2026〕2号", "used", 7),
            *("关于<b>的通知", "通知", "刘国强", "林小雅", AT, ""),
            keywords="水利、堤防",
            copies="30",
            proofreader="陈卫东",
        ),
        Line(3, 3, "江水〔2026〕3号", "void", 8, "=1+1", "函", "刘国强", "林小雅", AT, "印错"),
    ],
)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontBook:
    return FontBook(standard_folders(), tmp_path_factory.mktemp("fonts"))


def book_of(count: int) -> Register:
    first = BOOK.lines[0]
    lines = [replace(first, number=n, text=f"江水〔2026〕{n}号") for n in range(1, count + 1)]
    return replace(BOOK, lines=lines)


def test_the_table_has_every_number_once() -> None:
    head, *lines = exporting.as_csv(BOOK).decode("utf-8-sig").splitlines()
    assert head == ",".join(exporting.HEAD)
    assert lines == [
        "江水〔2026〕1号,跳过,,,,,,,林小雅,2026-11-23 10:00,纸质已用",
        "江水〔2026〕2号,使用,关于<b>的通知,通知,刘国强,水利、堤防,30,陈卫东,"
        "林小雅,2026-11-23 10:00,",
        "江水〔2026〕3号,作废,'=1+1,函,刘国强,,,,林小雅,2026-11-23 10:00,印错",
    ]
    assert exporting.summary(BOOK) == "共 3 号：使用 1 号，作废 1 号，跳过 1 号"


def test_a_book_that_runs_on_names_no_year() -> None:
    orders = replace(BOOK, code="江水令", name="局令", form="order", year=0)
    assert exporting.title(orders) == "局令（江水令）发文字号登记簿"


def test_the_print_holds_what_pages_must(fonts: FontBook) -> None:
    """Everything but A4 upright: a register lies on its side. The same book, the same bytes."""
    pdf = printing.as_pdf(BOOK, "江洲县水务局", AT, fonts)
    failed = [each.claim for each in check(pdf) if not each.holds]
    assert failed == ["every page is A4"]
    assert pdf == printing.as_pdf(BOOK, "江洲县水务局", AT, fonts)


def test_head_and_page_number_stand_on_every_page(fonts: FontBook) -> None:
    pdf = printing.as_pdf(book_of(80), "江洲县水务局", AT, fonts)
    with pdfplumber.open(BytesIO(pdf)) as opened:
        sizes = {(round(page.width), round(page.height)) for page in opened.pages}
        texts = ["".join(page.extract_text().split()) for page in opened.pages]
    assert (sizes, len(texts) > 2) == ({(842, 595)}, True)
    for number, text in enumerate(texts, start=1):
        assert "发文字号状态标题文种签发人主题词份数校对经办人时间用途或原因" in text
        assert f"第{number}页共{len(texts)}页" in text
    assert all(f"江水〔2026〕{n}号" in "".join(texts) for n in range(1, 81))


def test_too_long_a_book_is_printed_in_parts(fonts: FontBook) -> None:
    with pytest.raises(Invalid, match="分段打印"):
        printing.as_pdf(book_of(printing.MOST + 1), "江洲县水务局", AT, fonts)
    part = book_of(printing.MOST + 1).between(501, 900)
    assert [line.number for line in part.lines] == [501]


def test_a_character_without_a_glyph_is_named(fonts: FontBook) -> None:
    odd = replace(BOOK, lines=[replace(BOOK.lines[0], words="\U000e01ff")])
    with pytest.raises(GlyphMissing):
        printing.as_pdf(odd, "江洲县水务局", AT, fonts)


NAMES = [
    ("关于做好防汛工作的通知", "关于做好防汛工作的通知.pdf"),
    ("关于甲/乙\\丙堤段的函", "关于甲_乙_丙堤段的函.pdf"),
    ("关于防汛\n工作的通知", "关于防汛工作的通知.pdf"),
    ("CON", "_CON.pdf"),
    (" ... ", "公文.pdf"),
    ("3.2版说明", "3.2版说明.pdf"),
    ("字" * 200, "字" * 60 + ".pdf"),
]


@pytest.mark.parametrize(("title", "name"), NAMES)
def test_a_file_is_named_by_its_title_and_type(title: str, name: str) -> None:
    """NUM-05."""
    assert file_name(title, "pdf") == name


def test_names_in_one_folder_differ() -> None:
    """NUM-06: also for a file system that does not tell capitals."""
    assert file_name("附件A", "pdf", ["附件a.PDF", "附件A（2）.pdf"]) == "附件A（3）.pdf"


@given(st.text(max_size=300), st.sets(st.text(max_size=5)))
def test_every_name_can_be_saved_anywhere(title: str, taken: set[str]) -> None:
    name = file_name(title, "pdf", taken)
    assert name.endswith(".pdf")
    assert len(name) <= LONGEST_TITLE + len("（9）.pdf")
    assert not set('/\\<>:"|?*\n\0') & set(name)
    assert name == name.strip(" ")
    assert len(name.encode()) <= 255
    assert name.casefold() not in {each.casefold() for each in taken}


def test_a_name_is_too_long_where_it_would_be_cut() -> None:
    assert not is_too_long("C:\\资料\\" + "表" * 60 + ".pdf")
    assert is_too_long("表" * 61 + ".pdf")
    assert is_too_long("x" * 5000 + ".pdf")
    assert not is_too_long("\ud800.pdf")
