import pytest

from app.deadlines.errors import LampsRefused
from app.deadlines.lamps import STANDARD, Lamps, Look, lamp
from app.deadlines.workdays import WorkCalendar

from .times import at

CALENDAR = WorkCalendar()
NOW = "2026-11-24 14:40:00"  # Tuesday


@pytest.mark.parametrize(
    ("arrived", "due_at", "now", "key", "text"),
    [
        ("2026-11-23 17:40", "2026-11-24 18:00", NOW, "amber", "▲ 剩 3 小时 20 分"),
        ("2026-11-24 09:12", "2026-11-25 18:00", NOW, "green", "● 剩 1 天 3 小时"),
        ("2026-11-24 09:12", "2026-11-27 18:00", NOW, "green", "● 剩 3 天 3 小时"),
        ("2026-11-24 08:50", "2026-11-24 09:20", NOW, "red", "■ 超时 3 小时 20 分"),
        ("2026-11-24 14:25", "2026-11-24 14:55", NOW, "amber", "▲ 剩 15 分"),
        # exactly one working day is not yet less than one
        ("2026-11-23 09:00", "2026-11-24 18:00", "2026-11-23 18:00", "green", "● 剩 1 天"),
        ("2026-11-23 09:00", "2026-11-24 18:00", "2026-11-24 08:31", "amber", "▲ 剩 7 小时 29 分"),
        # decision 13: the due instant itself is in time
        ("2026-11-23 09:00", "2026-11-24 18:00", "2026-11-24 18:00", "amber", "▲ 剩不到 1 分"),
        ("2026-11-23 09:00", "2026-11-24 18:00", "2026-11-24 18:00:01", "red", "■ 超时不到 1 分"),
        ("2026-11-23 09:00", "2026-11-24 18:00", "2026-11-25 08:00", "red", "■ 超时不到 1 分"),
        ("2026-11-20 09:00", "2026-11-20 18:00", "2026-11-23 09:00", "red", "■ 超时 30 分"),
        # out of working time an urgent limit runs by the clock (DDL-03)
        ("2026-11-21 20:00", "2026-11-21 22:00", "2026-11-21 20:30", "amber", "▲ 剩 1 小时 30 分"),
        ("2026-11-21 20:00", "2026-11-21 22:00", "2026-11-21 22:01", "red", "■ 超时 1 分"),
        ("2026-11-23 07:30", "2026-11-23 09:30", "2026-11-23 07:35", "amber", "▲ 剩 1 小时 55 分"),
        ("2026-11-23 11:50", "2026-11-23 12:20", "2026-11-23 12:10", "amber", "▲ 剩 10 分"),
        # a limit that merely begins early in the morning and is longer does not
        ("2026-11-23 07:30", "2026-11-23 10:00", "2026-11-23 07:35", "amber", "▲ 剩 1 小时 30 分"),
        # an ordinary one received at night does not
        ("2026-11-22 20:00", "2026-11-23 18:00", "2026-11-22 20:00", "green", "● 剩 1 天"),
    ],
)
def test_lamp(arrived: str, due_at: str, now: str, key: str, text: str) -> None:
    found = lamp(at(due_at), at(now), CALENDAR, at(arrived))
    assert (found.key, str(found)) == (key, text)


def test_without_limit_and_suspended() -> None:
    none = lamp(None, at(NOW), CALENDAR, at("2026-11-20 09:00"))
    paused = lamp(at("2026-11-23 18:00"), at(NOW), CALENDAR, at("2026-11-20 09:00"), suspended=True)
    assert (str(none), str(paused)) == ("– 未设时限", "‖ 暂停")
    assert none.remaining_minutes is paused.remaining_minutes is None


def test_lists_begin_with_the_longest_overdue_and_end_without_limit() -> None:
    arrived = at("2026-11-16 09:00")
    ends = ["2026-11-20 18:00", "2026-11-24 14:00", "2026-11-24 18:00", "2026-11-27 18:00"]
    shown = [lamp(at(end), at(NOW), CALENDAR, arrived) for end in ends]
    shown.append(lamp(at(ends[0]), at(NOW), CALENDAR, arrived, suspended=True))
    shown.append(lamp(None, at(NOW), CALENDAR, arrived))
    mixed = [shown[number] for number in (3, 5, 0, 4, 1, 2)]
    assert sorted(mixed, key=lambda each: each.order) == shown


def test_a_share_of_the_limit_may_decide_what_is_near() -> None:
    lamps = Lamps(STANDARD.looks, amber_days=0, amber_share=20)
    arrived, due_at = at("2026-11-16 08:30"), at("2026-11-20 18:00")  # five days

    def key(now: str) -> str:
        return lamp(due_at, at(now), CALENDAR, arrived, lamps=lamps).key

    assert key("2026-11-20 08:30") == "green"
    assert key("2026-11-20 08:31") == "amber"


def test_either_threshold_suffices() -> None:
    lamps = Lamps(STANDARD.looks, amber_days=1, amber_share=5)
    found = lamp(
        at("2026-11-20 18:00"),
        at("2026-11-20 08:31"),
        CALENDAR,
        at("2026-11-16 08:30"),
        lamps=lamps,
    )
    assert found.key == "amber"


def test_the_words_of_the_unit_are_shown() -> None:
    looks = {**STANDARD.looks, "red": Look("逾期", "◆", "orange")}
    found = lamp(
        at("2026-11-20 18:00"),
        at("2026-11-23 09:00"),
        CALENDAR,
        at("2026-11-20 09:00"),
        lamps=Lamps(looks),
    )
    assert (str(found), found.word, found.colour) == ("◆ 逾期 30 分", "逾期", "orange")


@pytest.mark.parametrize(
    ("looks", "settings"),
    [
        ({**STANDARD.looks, "amber": Look("临近", "■", "amber")}, {}),
        ({**STANDARD.looks, "amber": Look("超时", "▲", "amber")}, {}),
        ({**STANDARD.looks, "amber": Look("超时 ", "▲", "amber")}, {}),
        ({**STANDARD.looks, "amber": Look("", "▲", "amber")}, {}),
        ({key: look for key, look in STANDARD.looks.items() if key != "paused"}, {}),
        (STANDARD.looks, {"amber_days": -1}),
        (STANDARD.looks, {"amber_share": 101}),
    ],
)
def test_a_table_that_confuses_people_is_refused(
    looks: dict[str, Look], settings: dict[str, int]
) -> None:
    with pytest.raises(LampsRefused):
        Lamps(looks, **settings)
