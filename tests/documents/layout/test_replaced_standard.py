"""Values and words of the text of 1999 that must not come back into the layout."""

from pathlib import Path

import pytest

import app.documents.layout
from app.documents.layout.letterhead import INK_TOP
from app.documents.layout.sheet import long_date

from .sheets import request

SOURCES = sorted(Path(app.documents.layout.__file__).parent.glob("*.*"))


@pytest.mark.parametrize("word", ["主题词", "反线", "武文线", "文武线", "此件", "抄报"])
def test_words_of_1999_are_gone(word: str) -> None:
    assert [file.name for file in SOURCES if word in file.read_text(encoding="utf-8")] == []


def test_the_letterhead_stands_where_it_stands_since_2012() -> None:
    assert INK_TOP == {"文件": 35.0, "纪要": 35.0, "命令": 20.0, "信函": -7.0}


def test_dates_are_in_arabic_digits() -> None:
    assert long_date(request().date) == "2026年3月20日"
