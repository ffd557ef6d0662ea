"""Names of uploads, made safe (B4)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.filenames import display_name, extension

NAMES = [
    ("报告.pdf", "报告.pdf", "pdf"),
    ("../../x", "x", ""),
    ("..\\..\\etc\\清单.pdf", "清单.pdf", "pdf"),
    ("C:\\x\\报告.PDF", "报告.PDF", "pdf"),
    ("a\0.pdf", "a.pdf", "pdf"),
    ("a.pdf\0.exe", "a.pdf.exe", "exe"),
    ("CON", "_CON", ""),
    ("con.pdf", "_con.pdf", "pdf"),
    ("LPT1 .pdf", "_LPT1.pdf", "pdf"),
    ("nul.x.pdf", "_nul.x.pdf", "pdf"),
    ("invoice\u202efdp.exe", "invoicefdp.exe", "exe"),
    ("a\u200b.pdf", "a.pdf", "pdf"),
    ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf", "pdf"),
    ('a"<b>|?*.pdf', "a__b____.pdf", "pdf"),
    ("a.pdf. .", "a.pdf", "pdf"),
    ("报告.ＰＤＦ", "报告.ＰＤＦ", "pdf"),
    ("", "附件", ""),
    ("...", "附件", ""),
    ("\ud800.pdf", "pdf", ""),
    ("𠮷野.pdf", "𠮷野.pdf", "pdf"),
]


@pytest.mark.parametrize(("typed", "shown", "ending"), NAMES)
def test_names(typed: str, shown: str, ending: str) -> None:
    assert display_name(typed) == shown
    assert extension(shown) == ending


def test_long_names_keep_their_ending() -> None:
    for typed in ("字" * 300 + ".pdf", "a" * 10_000_000 + ".pdf"):
        shown = display_name(typed)
        assert len(shown.encode()) <= 205
        assert extension(shown) == "pdf"


@given(st.text(max_size=50) | st.text(st.sampled_from('./\\: aCON\u202e\0"字'), max_size=30))
def test_every_name_is_safe_and_stays_so(typed: str) -> None:
    shown = display_name(typed)
    assert shown
    assert shown.encode()
    assert not set('/\\<>:"|?*') & set(shown)
    assert shown == shown.strip(" ")
    assert not any(unicodedata.category(each) in ("Cc", "Cf", "Cs") for each in shown)
    assert display_name(shown) == shown
