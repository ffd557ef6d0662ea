"""The lines of real notices as they stood, held against a library; and slips of the pen."""

from datetime import date, timedelta

import pytest

from app.deadlines import statutory
from app.deadlines.errors import CalendarRefused
from app.deadlines.notice_text import read

NOTICES = {
    2024: """一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。\
鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2025: """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。\
1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。\
9月28日（周日）、10月11日（周六）上班。""",
    2026: """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。\
2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}


@pytest.mark.parametrize("year", NOTICES)
def test_the_notice_as_it_stood_gives_the_days_that_the_library_has(year: int) -> None:
    found = read(year, NOTICES[year])
    off = {day for period in found.periods for day in period.days()}
    first = date(year, 1, 1)
    dates = [first + timedelta(days=n) for n in range(366 if year == 2024 else 365)]
    worked = [
        day for day in dates if day in found.make_up or (day.weekday() < 5 and day not in off)
    ]
    assert worked == [
        day
        for day in dates
        if day in statutory.MAKE_UP or (day.weekday() < 5 and day not in statutory.OFF)
    ]


def test_names_and_left_out_sentences_are_kept() -> None:
    found = read(2024, NOTICES[2024])
    assert [period.name for period in found.periods][:3] == ["元旦", "春节", "清明节"]
    assert found.left_out == [
        "鼓励各单位结合带薪年休假等制度落实,安排职工在除夕(2月9日)休息",
    ]
    assert read(2025, NOTICES[2025]).periods[-1].name == "国庆节、中秋节"


def test_a_year_that_begins_in_the_one_before_and_full_width_digits() -> None:
    text = "1．元旦：2022年12月31日至2023年1月2日放假调休，共３天。"
    (period,) = read(2023, text).periods
    assert (period.first, period.last) == (date(2022, 12, 31), date(2023, 1, 2))


def test_a_whole_notice_pasted_with_broken_lines_is_read_too() -> None:
    broken = (
        NOTICES[2026].replace("（农历正月", "（农历正\n月").replace("、10月10日", "、\n10月10日")
    )
    whole = (
        "国务院办公厅关于2026年部分节假日安排的通知\n各省、自治区、直辖市人民政府：\n"
        "经国务院批准，现将2026年元旦、春节、国庆节等放假调休日期的具体安排通知如下。\n"
        f"{broken}\n节假日期间，各地区、各部门要妥善安排好值班。\n国务院办公厅\n2025年11月4日\n"
    )
    found, plain = read(2026, whole), read(2026, NOTICES[2026])
    assert (found.periods, found.make_up) == (plain.periods, plain.make_up)
    assert found.left_out == ["国务院办公厅2025年11月4日"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有找到放假的日期"),
        ("元旦：1月1日上班。", "没有找到放假的日期"),
        ("元旦：1月1日（周四）放假。", "第 1 行：1月1日在 2027 年是周五，不是周四"),
        ("\n元旦：1月1日至3日放假，共2天。", "第 2 行：写着共 2 天，按日期是 3 天"),
        ("元旦：2月30日放假。", "日期不存在"),
        ("元旦：3日放假。", "没有写明月份"),
        ("元旦：1月3日至1日放假。", "最后一天早于第一天"),
        ("元旦：2027年1月1日至9999年12月31日放假。", "写着 9999 年，不是 2027 年的安排"),
        ("1月1日放假。", "没有节日名称"),
        ("元旦" * 3000, "最多 5000 字"),
    ],
)
def test_what_contradicts_itself_is_refused_by_its_line(text: str, words: str) -> None:
    with pytest.raises(CalendarRefused) as refused:
        read(2027, text)
    assert words in refused.value.errors[0].message
    assert refused.value.errors[0].field == "lines"
