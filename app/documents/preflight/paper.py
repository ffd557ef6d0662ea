"""A document as the checks see it: plain values, nothing of the database behind them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from app.documents import kinds
from app.documents.text.plain import APPENDED


class Relation(Enum):
    """What a unit is to the one that issues, by the tree of units."""

    SELF = "本单位"
    SUPERIOR = "上级"
    SUBORDINATE = "下级"
    OTHER = "不相隶属"


@dataclass(frozen=True)
class Office:
    """A unit that the system knows.

    levels  how far above or below in the tree; 0 for who is neither
    rank    1 city, 2 county, 3 township
    """

    name: str
    short_name: str
    rank: int
    relation: Relation
    levels: int = 0

    @property
    def names(self) -> tuple[str, str]:
        return self.name, self.short_name


@dataclass(frozen=True)
class Kin:
    """The issuing unit among all units."""

    own: Office
    others: tuple[Office, ...] = ()

    def find(self, name: str) -> Office | None:
        """The unit of this full or short name; the full one goes first."""
        everybody = (self.own, *self.others)
        found = (each for each in everybody if each.name == name)
        short = (each for each in everybody if each.short_name == name)
        return next(found, None) or next(short, None)

    @property
    def superiors(self) -> list[Office]:
        """Nearest first."""
        above = [each for each in self.others if each.relation is Relation.SUPERIOR]
        return sorted(above, key=lambda each: each.levels)


@dataclass(frozen=True)
class File:
    """An attachment in force.

    own       the drafter put it in himself, and it is not the original of a received document
    admitted  whether the unit takes its type and size today (ATT-07)
    """

    name: str
    own: bool = True
    admitted: bool = True

    @property
    def title(self) -> str:
        """The name as 附件说明 prints it."""
        return self.name.rpartition(".")[0] or self.name

    @property
    def type(self) -> str:
        return self.name.rpartition(".")[2].lower()


@dataclass(frozen=True)
class Signing:
    """What is known only at the sign-off.

    by         who signs, with his post
    by_head    who signs is the head of the unit, or stands in for him
    objectors  countersigners whose last word on this text was not consent
    """

    by: str = ""
    by_head: bool = True
    objectors: tuple[str, ...] = ()


_TITLE = re.compile(r"(?P<issuer>.*?)关于(?P<matter>.+)的(?P<form>[^的]*)")


@dataclass(frozen=True)
class Paper:
    """The elements of an outgoing document, whether or not they are complete.

    body       plain lines; see ``text.plain``
    unprinted  characters that no installed font has
    takes      types and sizes of attachments that the unit takes today, in words
    unfit      sentences on what the page lacks, where it has been set
    proved     whether it has been set in the name of who signs
    misnumbered  why the series of its number is not that of its kind; "" if it is, or has none
    present, excused, observers   出席, 请假, 列席 of minutes
    """

    kin: Kin
    direction: str = ""
    kind: str = ""
    title: str = ""
    main_recipients: tuple[str, ...] = ()
    copy_recipients: tuple[str, ...] = ()
    body: str = ""
    urgency: str = "none"
    note: str = ""
    files: tuple[File, ...] = ()
    signing: Signing | None = None
    unprinted: tuple[str, ...] = ()
    takes: str = ""
    unfit: tuple[str, ...] = ()
    proved: bool = False
    misnumbered: str = ""
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def upward(self) -> bool:
        return self.direction == kinds.UPWARD

    @property
    def downward(self) -> bool:
        return self.direction == kinds.DOWNWARD

    @property
    def plain_title(self) -> str:
        return "".join(self.title.split("\n")).strip()

    @property
    def covering(self) -> list[str]:
        """Lines of the text itself, without those of texts that are issued with it."""
        lines: list[str] = []
        for line in self.body.split("\n"):
            if line.startswith(APPENDED):
                break
            lines.append(line.strip())
        return [line for line in lines if line]

    @property
    def has_annex(self) -> bool:
        return any(line.startswith(APPENDED) for line in self.body.split("\n"))

    @property
    def title_parts(self) -> re.Match[str] | None:
        """issuer, matter and form (文种 with what stands before it), where the title has them."""
        return _TITLE.fullmatch(self.plain_title)

    @property
    def issuer(self) -> str:
        """Who issues by the title; the unit where the title names nobody."""
        parts = self.title_parts
        return (parts["issuer"] if parts else "") or self.kin.own.name

    def recipients(self) -> Iterator[tuple[str, str]]:
        """(element, name) of everybody who is to get it."""
        for name in ("main_recipients", "copy_recipients"):
            for each in getattr(self, name):
                yield name, each.strip()
