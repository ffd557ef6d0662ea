"""What the language of conditions refuses and accepts."""

from typing import Any

import pytest

from app.workflow.expressions import ExpressionError, condition, count, holds, moment, reference

REFUSED = [
    "__import__('os').system('id')",
    "().__class__.__base__.__subclasses__()",
    "open('/etc/passwd')",
    "print(1)",
    "x.__class__",
    "x.y == 1",
    "x[0] == 1",
    "__builtins__",
    "_x",
    "9**9**9",
    "'a' * 1000000000 == x",
    "1 + 1",
    "x % 2 == 0",
    "lambda: 1",
    "f'{x}' == y",
    "[c for c in x] == y",
    "(y := 1)",
    "a if b else c",
    "{1: 2} == x",
    "{1, 2} == x",
    "await x",
    "*x",
    "...",
    "x == b'1'",
    "x == 1j",
    "x is 1",
    "'a' in 'abc'",
    "-x == 1",
    "-'1' == x",
    "~x",
    "X == 1",
    "变量 == 1",
    "𝓍 == 1",
    "${approved}",
    "a && b",
    "!a",
    "",
    " ",
    "x" * 600,
    "(" * 300 + ")" * 300,
    "1\x00==1",
    "not " * 200 + "a",
    "a;b",
    "a\nb",
    "P3D",
    "1",
    "'text'",
    "x or 'text'",
    "x in [y]",
    "x in [not y]",
    "x in [['a']]",
    "x == y == lambda: 1",
    "True",
    "None",
]
ACCEPTED: list[tuple[str, dict[str, Any], bool]] = [
    ("outcome == 'approve'", {"outcome": "approve"}, True),
    ("urgency in ['特急', '加急'] and not secret", {"urgency": "特急", "secret": False}, True),
    ("copies >= 100 or pages > 20", {"copies": 3, "pages": 21}, True),
    ("1 <= copies < 10", {"copies": 3}, True),
    ("1 <= copies < 10", {"copies": 10}, False),
    ("due_date is None", {"due_date": None}, True),
    ("due_date is not None", {"due_date": None}, False),
    ("unit in joint_units", {"unit": "财政局", "joint_units": ["财政局"]}, True),
    ("unit not in joint_units", {"unit": "财政局", "joint_units": ["财政局"]}, False),
    ("temperature in (-5, 0)", {"temperature": -5}, True),
    ("needs_countersign", {"needs_countersign": True}, True),
    ("not (a or b)", {"a": False, "b": False}, True),
    ("day < '2026-12-01'", {"day": "2026-03-05"}, True),
]
WITHOUT_VALUE: list[tuple[str, dict[str, Any]]] = [
    ("missing > 1", {}),
    ("a or missing", {"a": True}),
    ("unit in joint_units", {"unit": "a", "joint_units": "abc"}),
    ("copies > 1", {"copies": "3"}),
    ("copies > 1", {"copies": None}),
    ("flag", {"flag": "yes"}),
    ("flag", {"flag": None}),
    ("thing == 1", {"thing": object()}),
    ("thing == 1", {"thing": {"a": 1}}),
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:30]))
def test_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        condition(text)


@pytest.mark.parametrize(("text", "values", "expected"), ACCEPTED)
def test_accepted(text: str, values: dict[str, Any], expected: bool) -> None:
    assert condition(text).names == set(values)
    assert holds(text, values) is expected


@pytest.mark.parametrize(("text", "values"), WITHOUT_VALUE)
def test_a_missing_or_ill_fitting_value_is_an_error(text: str, values: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError):
        holds(text, values)


@pytest.mark.parametrize(
    "text", ["PT2H", "P3D", "P2W", "P1Y2M3DT4H5M6S", "2026-12-01", "2026-12-01T09:00:00+08:00"]
)
def test_a_time_is_returned_as_written(text: str) -> None:
    assert moment(text) == text
    assert moment("reply_by") == "reply_by"


@pytest.mark.parametrize(
    "text", ["P", "PT", "P1Y2W", "P1.5D", "R3/P1D", "3", '"P3D"', "a == b", "2026-13-01", "x()", ""]
)
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        moment(text)


def test_counts_are_whole_numbers_or_one_name() -> None:
    assert count("3") == 3
    assert count("copies") == "copies"
    for text in ("0", "1.5", "1 + 1", "'a'", "x == 1", "201", "-1"):
        with pytest.raises(ExpressionError):
            count(text)


def test_references() -> None:
    assert reference("${ drafter }") == reference("drafter") == "drafter"
    for text in ("${a.b}", "${A}", "a b", "", None, "${a}${b}", "x()"):
        assert reference(text) is None
