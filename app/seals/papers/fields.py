"""The fields of a paper: which there must be, in which order, and where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.documents.layout import Box
from app.documents.layout.places import Line, Places

NUMBER, PRINTED_ON, SIGN_OFF = "发文字号", "印发日期", "签发"
SEAL = "单位印章"
TEXTS, SEALS = (NUMBER, PRINTED_ON), (SEAL,)
KINDS = (*TEXTS, SIGN_OFF, *SEALS)
"""Kinds of fields in the order in which they are laid out; each names the first of its kind."""


@dataclass(frozen=True)
class Field:
    """One field of a paper.

    name    its kind; from the second of a joint document on with a number: 单位印章-2
    kind    of ``KINDS``
    box     where it stands; None: a signature that nobody sees
    align, size  of a text: left, center or right in its box; millimetres of a character
    issuer  of a seal or a visible 签发: the 署名 or 职务 that it belongs to
    """

    name: str
    kind: str
    box: Box | None
    align: str = ""
    size: float = 0.0
    issuer: str = ""

    @property
    def is_text(self) -> bool:
        return self.kind in TEXTS

    @property
    def locks(self) -> bool:
        """Whether its signature closes the texts: a seal does."""
        return self.kind in SEALS

    @property
    def line(self) -> Line:
        """Of a text, as the layout writes it."""
        if self.box is None:
            raise ValueError(f"{self.name} is not written on the page")
        return Line(self.box, self.align, self.size)


def expected_fields(
    places: Places, *, stamped: bool = False, signed: bool = True, sealed: bool = True
) -> tuple[Field, ...]:
    """The fields that the paper of a document must have, in order.

    stamped  签发 shows the 签名章 of who signs, in the place of the first seal (命令, 议案); those
             of other agencies are not set here
    signed   the leader signs the page itself, not only the record
    sealed   seals are set with keys
    """
    found = [_text(NUMBER, places.number)]
    if places.printed_on:
        found.append(_text(PRINTED_ON, places.printed_on))
    marks = [each for each in places.signatures if each.mark]
    if signed:
        own = marks[0] if stamped and marks else None
        box, issuer = (own.mark, own.issuer) if own else (None, "")
        found.append(Field(SIGN_OFF, SIGN_OFF, box, issuer=issuer))
    for i, each in enumerate(marks if sealed and not stamped else (), start=1):
        name = SEAL if i == 1 else f"{SEAL}-{i}"
        found.append(Field(name, SEAL, each.mark, issuer=each.issuer))
    return tuple(found)


def shows_stamp(fields: Sequence[Field]) -> bool:
    """Whether 签发 is seen on the page, as the 签名章 of who signs."""
    return any(each.kind == SIGN_OFF and each.box for each in fields)


def stored(fields: Sequence[Field]) -> list[dict[str, Any]]:
    """As they stand in ``Paper.fields``."""
    return [asdict(field) for field in fields]


def loaded(values: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
    boxes = (value["box"] and Box(**value["box"]) for value in values)
    return tuple(Field(**{**value, "box": box}) for value, box in zip(values, boxes, strict=True))


def kind_of(name: str) -> str:
    """The kind that a name of a field tells; "" for one that is none of ours."""
    kind, _, number = name.partition("-")
    known = kind in KINDS and (not number or (number.isdecimal() and int(number) > 1))
    return kind if known else ""


def _text(kind: str, line: Line) -> Field:
    return Field(kind, kind, line.box, align=line.align, size=line.size)
