"""How numbers are written. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_TEXT = re.compile(r"(?P<code>[^〔〕]+)〔(?P<year>[1-9]\d{3})〕(?P<number>[1-9]\d*)号")


@dataclass(frozen=True)
class Form:
    """``yearly``: the numbers start from 1 each year; else they run on over the years."""

    label: str
    pattern: str
    yearly: bool


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "number": Form("发文字号，每年从 1 编起", "{code}〔{year}〕{number}号", yearly=True),
        "order": Form("令号，跨年连续编", "第{number}号", yearly=False),
        "issue": Form("期号，跨年连续编", "第{number}期", yearly=False),
        "issue_of_year": Form("期号，每年从 1 编起", "第{number}期", yearly=True),
    }
)


def number_text(code: str, year: int, number: int, form: str = "number") -> str:
    """江水〔2026〕15号: full year in U+3014 and U+3015, no 第, no leading zero (7.2.5, NUM-03).

    Orders are 第5号, minutes 第5期, whatever the code of their series.
    """
    return FORMS[form].pattern.format(code=code, year=year, number=number)


def parse(text: str) -> tuple[str, int, int] | None:
    """Agency code, year and number of a 发文字号 in its exact form, else None."""
    found = _TEXT.fullmatch(text)
    return found and (found["code"], int(found["year"]), int(found["number"]))
