"""Numbers as Word prints them, by the names that its numbering gives to the formats."""

from collections.abc import Callable, Mapping

_DIGITS = "〇一二三四五六七八九"
_ROUND = "○一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def numeral(number: int, form: str) -> str:
    """``number`` in the format ``form`` of Word; a format that is not known is decimal."""
    if number < 0:
        return str(number)
    return FORMATS.get(form, str)(number)


def _counted(digits: str, units: str) -> Callable[[int], str]:
    """一百零五, with the units of tens, hundreds, thousands and ten thousands."""

    def write(number: int) -> str:
        if number >= 10_000:
            high, low = divmod(number, 10_000)
            joint = digits[0] if 0 < low < 1000 else ""
            return write(high) + "万" + (joint + write(low) if low else "")
        text, gap = "", False
        for place in (3, 2, 1, 0):
            digit = number // 10**place % 10
            if digit:
                text += (digits[0] if gap and text else "") + digits[digit]
                text += units[place - 1] if place else ""
            gap = not digit
        return text or digits[0]

    return write


_thousand = _counted("零" + _DIGITS[1:], "十百千")
_legal = _counted(_LEGAL, "拾佰仟")


def _chinese(number: int) -> str:
    """十一, not 一十一."""
    text = _thousand(number)
    return text[1:] if text.startswith("一十") else text


def _counting(number: int) -> str:
    """By words up to 99, digit by digit from there on."""
    return _chinese(number) if number < 100 else _each(_ROUND)(number)


def _each(digits: str) -> Callable[[int], str]:
    return lambda number: "".join(digits[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letters(number: int) -> str:
    """A to z, then aa, bb and so on."""
    if not 0 < number <= 780:
        return str(number)
    turn, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (turn + 1)


def _circled(number: int) -> str:
    for first, start, last in ((1, 0x2460, 20), (21, 0x3251, 35), (36, 0x32B1, 50)):
        if first <= number <= last:
            return chr(start + number - first)
    return str(number)


def _from(start: int, most: int) -> Callable[[int], str]:
    """Characters that stand one after another, the first for one."""
    return lambda number: chr(start + number - 1) if 0 < number <= most else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02d}",
    "numberInDash": lambda number: f"- {number} -",
    "decimalFullWidth": _each("０１２３４５６７８９"),
    "decimalFullWidth2": _each("０１２３４５６７８９"),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from(0x2474, 20),
    "decimalEnclosedFullstop": _from(0x2488, 20),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": _each(_DIGITS),
    "taiwaneseDigital": _each(_ROUND),
    "japaneseDigitalTenThousand": _each(_DIGITS),
    "ideographEnclosedCircle": _from(0x3280, 10),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
}
