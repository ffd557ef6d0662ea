"""Tables as files: what is written is what is read, and nothing of it runs."""

import io
import zipfile

import lxml.etree

from app.documents.tables import Sheet, as_xlsx

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_texts_of_a_workbook_stay_texts_and_numbers_numbers() -> None:
    texts = ["=1+1", "0012", "http://oa.example.cn", "@SUM(A1)"]
    book = as_xlsx([Sheet("甲", ("名称", "件次"), [(each, 7) for each in texts], (20, 10))])
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        shared = lxml.etree.fromstring(opened.read("xl/sharedStrings.xml"))
        cells = lxml.etree.fromstring(opened.read("xl/worksheets/sheet1.xml"))
    assert [each.text for each in shared.iter(f"{SHEET}t")] == ["名称", "件次", *texts]
    assert not [*cells.iter(f"{SHEET}f"), *cells.iter(f"{SHEET}hyperlink")]
    numbers = [each for each in cells.iter(f"{SHEET}c") if each.get("t") is None]
    assert [each[0].text for each in numbers] == ["7"] * len(texts)


def test_an_empty_sheet_has_its_head() -> None:
    book = as_xlsx([Sheet("甲", ("名称",), [], (20,))])
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        assert "名称" in opened.read("xl/sharedStrings.xml").decode()
