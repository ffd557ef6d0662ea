"""规则: the catalogue of rules by ID, as rules.txt beside this file lists it.

Diagrams, refusals and limits name a rule by its ID; whoever shows one wants its title too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

LIST = Path(__file__).with_name("rules.txt")
NAMED = re.compile(r"(?<![A-Z])([A-Z]{3}-\d\d)(?!\d)")
SPAN = re.compile(r"(?<![A-Z])([A-Z]{3})-(\d\d) ?至 ?\1-(\d\d)(?!\d)")
KINDS = {"must": "必须", "assist": "协助", "context": "背景"}


@dataclass(frozen=True)
class Rule:
    """One clause: ``kind`` is must, assist (the program helps) or context (nothing to build)."""

    id: str
    kind: str
    title: str
    english: str

    @property
    def label(self) -> str:
        """OUT-05 唯一负责人由本人核稿、步骤不省."""
        return f"{self.id} {self.title}"


@cache
def catalogue() -> Mapping[str, Rule]:
    """Every rule by its ID, in the order of the list."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    found = (_rule(line) for line in lines if line.strip())
    return MappingProxyType({each.id: each for each in found})


def _rule(line: str) -> Rule:
    id_, kind, both = line.split("\t")
    title, _, english = both.partition(" / ")
    return Rule(id_, kind, title, english)


def title(id_: str) -> str:
    """The short title in Chinese; empty for what is no rule of the catalogue."""
    found = catalogue().get(id_)
    return found.title if found else ""


def labelled(text: str) -> list[str]:
    """Rules as a diagram names them, ``"OUT-03 OUT-05"``, each with its title if it has one."""
    return [f"{each} {title(each)}".rstrip() for each in ids(text)]


def named_in(*texts: str | None) -> list[Rule]:
    """The rules that texts name, such as a property or a docstring, each once and in their order.

    ``DDL-01 至 DDL-03`` names the one between too. What is no rule is left out.
    """
    ids = dict.fromkeys(each for text in texts if text for each in _ids_in(text))
    return of_ids(ids)


def _ids_in(text: str) -> Iterator[str]:
    for group, first, last in SPAN.findall(text):
        yield from (f"{group}-{number:02}" for number in range(int(first), int(last) + 1))
    yield from NAMED.findall(SPAN.sub("", text))


def ids(text: str) -> list[str]:
    """What a diagram names in a property ``rule``, separated by blanks or commas; rules or not."""
    return [each for each in re.split(r"[\s,，、]+", text) if each]


def of_ids(wanted: Iterable[str]) -> list[Rule]:
    """The rules of these IDs; what is none is left out."""
    return [catalogue()[each] for each in wanted if each in catalogue()]


def carried_out_by(refusal: Exception) -> list[Rule]:
    """The rules that a refusal carries out: those that the docstring of its class names."""
    return named_in(type(refusal).__doc__)
