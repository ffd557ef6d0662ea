import pytest

from app.deadlines import hours
from app.deadlines.errors import CalendarRefused


@pytest.mark.parametrize("text", ["08:30-12:00 14:00-18:00", "00:00-23:59", "09:00-17:30"])
def test_what_is_read_is_written_again(text: str) -> None:
    assert hours.write(hours.read(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8:30-12:00",
        "08:30-24:00",
        "12:00-08:30",
        "08:30-12:00 11:00-18:00",
        "08:30",
        "全天",
        "08:30-12:00 12:00-18:00",
    ],
)
def test_what_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(CalendarRefused):
        hours.read(text)
