import shutil

import pytest

from app.documents.layout import FontBook, FontsMissing, GlyphMissing, render, standard_folders
from app.documents.layout.pen import Pen

from .sheets import request

NOT_A_HANZI_OF_ANY_FONT = "\U0001f004"


def test_latin_and_digits_come_from_the_latin_face(fonts) -> None:
    assert fonts.pick("A", "fangsong").family.startswith("latin-")
    assert fonts.pick("文", "fangsong").family == "fangsong-0"


def test_the_font_of_a_unit_wins(fonts, tmp_path) -> None:
    shutil.copy(fonts.first("kai").source, tmp_path / "fangsong.otf")
    book = FontBook((tmp_path, *standard_folders()), tmp_path / "cache")
    assert book.first("fangsong").source == (tmp_path / "fangsong.otf").resolve()


def test_a_machine_without_fonts_is_told_which(tmp_path) -> None:
    with pytest.raises(FontsMissing) as refused:
        FontBook((tmp_path,), tmp_path / "cache")
    assert "仿宋" in refused.value.message
    assert "小标宋" in refused.value.message


def test_a_character_from_a_substitute_is_named(fonts) -> None:
    pen = Pen(fonts)
    file = fonts.pick("喆", "fangsong")
    if file is None or file is fonts.first("fangsong"):
        pytest.skip("needs a 仿宋 without 喆 and Noto Serif CJK SC as its substitute")
    assert f'class="{file.family}"' in pen.spans("喆", "fangsong")
    (said,) = pen.notices
    assert "“喆”（U+5586）" in said
    assert file.source.stem in said


def test_the_substitute_drawn_is_the_face_looked_up(fonts, rendered) -> None:
    file = fonts.pick("喆", "fangsong")
    if file is None or file is fonts.first("fangsong"):
        pytest.skip("needs a 仿宋 without 喆 and Noto Serif CJK SC as its substitute")
    result = rendered(request(paragraphs=(*request().paragraphs, "张喆同志到会。")))
    assert any("喆" in said for said in result.notices)
    assert file.path.exists()


def test_a_missing_glyph_is_refused_by_name_and_code_point(fonts) -> None:
    with pytest.raises(GlyphMissing) as refused:
        render(request(paragraphs=(f"祝{NOT_A_HANZI_OF_ANY_FONT}。",)), fonts)
    assert f"“{NOT_A_HANZI_OF_ANY_FONT}”（U+1F004）" in refused.value.message
    assert refused.value.code == "glyph_missing"


def test_text_is_escaped(fonts) -> None:
    markup = Pen(fonts).spans('<img src="x">&', "fangsong")
    assert "<img" not in markup
    assert "&lt;img src=&quot;x&quot;&gt;&amp;" in markup


def test_a_font_is_opened_once_for_the_ink_of_its_characters(fonts, monkeypatch) -> None:
    """Each opening costs forty megabytes: an office that sets documents all day must not grow."""
    file = fonts.first("biaosong")
    first = file.ink("江洲县水务局文件")
    monkeypatch.setattr(file, "_open", lambda: pytest.fail("opened again"))
    assert file.ink("江洲县水务局文件") == first
    assert file.ink("文件")[0] >= first[0]
    assert file.ink("") == (0.0, 0.0)
