"""The language of conditions, counts and times in a diagram: a small allow-list, never Python.

Syntax is that of Python comparisons. There are no calls, attributes, subscripts or arithmetic,
and a name without a value is an error, never false. Texts are compiled once into closures.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MAX_LENGTH = 500
MAX_NODES = 60
MAX_COUNT = 200  # people in one signing

NAME = re.compile(r"[a-z][A-Za-z0-9_]{0,62}\Z")
DURATION = re.compile(r"P(\d+W|(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)\Z")
MOMENT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?)?\Z"
)
REFERENCE = re.compile(r"\$\{\s*([a-z][A-Za-z0-9_]{0,62})\s*\}\Z")

Values = Mapping[str, Any]
_Part = Callable[[Values], Any]

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: lambda left, right: left is right,
    ast.IsNot: lambda left, right: left is not right,
}
_NUMBERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_MEMBERS = (ast.In, ast.NotIn)


class ExpressionError(ValueError):
    """The text is not in the language, or a name it uses has no usable value."""


@dataclass(frozen=True)
class Expression:
    """A compiled text.

    names     all names used
    lists     names after ``in``: must hold lists
    ordered   names beside ``<`` and its kin
    flags     names standing alone: must hold yes or no
    literals  what each name is compared with, for trial runs
    """

    text: str
    names: frozenset[str]
    lists: frozenset[str]
    ordered: frozenset[str]
    flags: frozenset[str]
    literals: tuple[tuple[str, Any], ...]
    run: _Part


def is_time_literal(text: str) -> bool:
    return bool(DURATION.match(text) or MOMENT.match(text))


def reference(text: str | None) -> str | None:
    """The name in ``${name}`` or in a plain ``name`` of camunda:collection; None otherwise."""
    text = (text or "").strip()
    match = REFERENCE.match(text)
    if match:
        return match[1]
    return text if NAME.match(text) else None


@lru_cache(maxsize=4096)
def condition(text: str) -> Expression:
    """A condition, compiled. Raises ExpressionError with a sentence that says what to write."""
    body = _parse(text)
    found = _Names()
    run = _truth(body, found)
    return Expression(
        text,
        frozenset(found.names),
        frozenset(found.lists),
        frozenset(found.ordered),
        frozenset(found.flags),
        tuple(found.literals),
        run,
    )


def holds(text: str, values: Values) -> bool:
    """Evaluate a condition; a missing name or a value of the wrong kind is an ExpressionError."""
    compiled = condition(text)
    for name in compiled.names:
        if name not in values:
            raise ExpressionError(f"“{name}”没有值")
    try:
        return bool(compiled.run(values))
    except TypeError as error:
        raise ExpressionError(f"“{text}”中的值不能这样比较") from error


def count(text: str) -> int | str:
    """loopCardinality: a whole number from 1 to 200, or the name of one field."""
    text = text.strip()
    if re.fullmatch(r"\d{1,4}", text):
        if not 1 <= int(text) <= MAX_COUNT:
            raise ExpressionError(f"份数应在 1 到 {MAX_COUNT} 之间，请改正")
        return int(text)
    if not NAME.match(text):
        raise ExpressionError("份数应写成整数或一个字段名，请改正")
    return text


def moment(text: str) -> str:
    """A time as drawn: an ISO 8601 literal, or the name of one date field."""
    text = text.strip()
    if not is_time_literal(text) and not NAME.match(text):
        raise ExpressionError(
            "时间应写成 P3D、PT2H、2026-12-01 这样的形式，或一个日期字段名，请改正"
        )
    return text


class _Names:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.lists: set[str] = set()
        self.ordered: set[str] = set()
        self.flags: set[str] = set()
        self.literals: list[tuple[str, Any]] = []


def _parse(text: str) -> ast.expr:
    if "${" in text:
        raise ExpressionError("条件用 ${ } 包了起来，请去掉，直接写字段名")
    if not text.strip():
        raise ExpressionError("条件是空的，请写明条件或设为默认连线")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"条件过长，最多 {MAX_LENGTH} 个字符，请拆成几个网关")
    if not _has_plain_names(text):
        raise ExpressionError("字段名只能用英文字母、数字和下划线，文字请加引号")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("条件的写法不对，请写成类似 urgency == '特急' 的比较") from error
    if sum(1 for _ in ast.walk(body)) > MAX_NODES:
        raise ExpressionError("条件过于复杂，请拆成几个网关")
    return body


def _has_plain_names(text: str) -> bool:
    """Python reads look-alike letters as the plain ones; here they are refused instead."""
    outside = re.sub(r"""'[^'\n]*'|"[^"\n]*\"""", "", text)
    return outside.isascii()


def _truth(node: ast.expr, found: _Names) -> _Part:
    """Something that is yes or no: a comparison, a yes/no name, or these joined."""
    if isinstance(node, ast.BoolOp):
        parts = [_truth(part, found) for part in node.values]
        if isinstance(node.op, ast.And):
            return lambda values: all(part(values) for part in parts)
        return lambda values: any(part(values) for part in parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _truth(node.operand, found)
        return lambda values: not inner(values)
    if isinstance(node, ast.Compare):
        return _comparison(node, found)
    if isinstance(node, ast.Name):
        name = _name(node, found)
        found.flags.add(name)
        return lambda values: _flag(name, values)
    raise ExpressionError("条件应是一个比较，或一个是/否字段，请改正")


def _comparison(node: ast.Compare, found: _Names) -> _Part:
    sides = [node.left, *node.comparators]
    parts = [_value(side, found) for side in sides]
    tests = []
    for at, op in enumerate(node.ops):
        left, right = sides[at], sides[at + 1]
        _check_pair(op, right)
        _note(op, left, right, found)
        tests.append((parts[at], _COMPARE[type(op)], _as_list(parts[at + 1], op)))
    return lambda values: all(test(left(values), right(values)) for left, test, right in tests)


def _check_pair(op: ast.cmpop, right: ast.expr) -> None:
    if isinstance(op, ast.Is | ast.IsNot) and not (
        isinstance(right, ast.Constant) and right.value is None
    ):
        raise ExpressionError("is 之后只能写 None，比较值请用 ==")
    if isinstance(op, _MEMBERS) and not isinstance(right, ast.List | ast.Tuple | ast.Name):
        raise ExpressionError("in 之后不是列表，请写成 ['特急', '加急']")


def _note(op: ast.cmpop, left: ast.expr, right: ast.expr, found: _Names) -> None:
    for side, other in ((left, right), (right, left)):
        if not isinstance(side, ast.Name):
            continue
        if isinstance(op, _NUMBERS):
            found.ordered.add(side.id)
        if isinstance(op, _MEMBERS) and side is right:
            found.lists.add(side.id)
        if not isinstance(other, ast.Name):
            value = _literal(other)
            values = value if isinstance(value, list) and side is left else [value]
            found.literals += [(side.id, each) for each in values]


def _as_list(part: _Part, op: ast.cmpop) -> _Part:
    if not isinstance(op, _MEMBERS):
        return part

    def listed(values: Values) -> Any:
        value = part(values)
        if not isinstance(value, list | tuple):
            raise ExpressionError("in 之后的字段不是列表")
        return value

    return listed


def _value(node: ast.expr, found: _Names) -> _Part:
    if isinstance(node, ast.Name):
        name = _name(node, found)
        return lambda values: _plain(name, values)
    literal = _literal(node)
    return lambda _values: literal


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.List | ast.Tuple):
        if any(isinstance(item, ast.List | ast.Tuple) for item in node.elts):
            raise ExpressionError("列表里只能写文字和数字，请改正")
        return [_literal(item) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = node.operand
        if isinstance(number, ast.Constant) and type(number.value) in (int, float):
            return -number.value  # type: ignore[operator]  # the line above made it a number
        raise ExpressionError("负号只能写在数字前面，请改正")
    if isinstance(node, ast.Constant) and type(node.value) in (str, int, float, bool, type(None)):
        return node.value
    raise ExpressionError("条件里只能写字段名、文字、数字、True、False、None 和它们的列表，请改正")


def _name(node: ast.Name, found: _Names) -> str:
    if not NAME.match(node.id):
        raise ExpressionError(
            f"“{node.id}”不是字段名，字段名以小写字母开头，只含字母、数字和下划线，请改正"
        )
    found.names.add(node.id)
    return node.id


def _flag(name: str, values: Values) -> bool:
    value = values[name]
    if not isinstance(value, bool):
        raise ExpressionError(f"“{name}”不是是/否字段")
    return value


def _plain(name: str, values: Values) -> Any:
    value = values[name]
    items = value if isinstance(value, list | tuple) else (value,)
    if not all(item is None or isinstance(item, str | int | float) for item in items):
        raise ExpressionError(f"“{name}”的值不能比较")
    return value
