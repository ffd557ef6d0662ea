"""规则对照: which clause is carried out by which steps, where in the program, and proved by what.

Nothing of it is written down twice: steps come from the diagrams in force, places from the
docstrings and comments of the program, scenarios from their tags.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from app import rules
from app.rules import Rule
from app.workflow import queries

PROGRAM = Path(rules.__file__).parent
FEATURES = PROGRAM.parent / "tests/features"
SCENARIO = re.compile(r"(?:场景大纲|场景): *(.+)")
ABOVE = re.compile(r"(功能|规则): *")

Places = Mapping[str, Sequence[str]]
"""Texts by the ID of a rule."""


@dataclass(frozen=True)
class Clause:
    """A rule with all that carries it out.

    steps      of the routes in force, as ``流程 · 环节``
    places     files of the program that name it
    scenarios  by which tests prove it
    """

    rule: Rule
    steps: Sequence[str]
    places: Sequence[str]
    scenarios: Sequence[str]

    @property
    def is_carried_out(self) -> bool:
        return bool(self.steps or self.places or self.scenarios)


def clauses(session: Session) -> list[Clause]:
    """Every rule of the catalogue, in its order."""
    steps, places, scenarios = _steps(session), _places(), _scenarios()
    return [
        Clause(rule, steps.get(id_, ()), places.get(id_, ()), scenarios.get(id_, ()))
        for id_, rule in rules.catalogue().items()
    ]


def knows_scenarios() -> bool:
    """Whether the tests lie beside this installation; without them none can be named."""
    return FEATURES.is_dir()


def _steps(session: Session) -> Places:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for definition in queries.all_in_force(session):
        for step in definition.steps:
            for id_ in step.properties.get("rule", "").split():
                found[id_].append(f"{definition.name} · {step.name}")
    return found


@cache
def _places() -> Places:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(PROGRAM.rglob("*.py")):
        named = dict.fromkeys(rules.NAMED.findall(path.read_text(encoding="utf-8")))
        for id_ in named:
            found[id_].append(path.relative_to(PROGRAM).as_posix())
    return found


@cache
def _scenarios() -> Places:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(FEATURES.rglob("*.feature")):
        for name, tags in _tagged(path.read_text(encoding="utf-8")):
            for id_ in tags:
                found[id_].append(name)
    return found


def _tagged(text: str) -> Iterator[tuple[str, list[str]]]:
    """Names of scenarios with their tags, those of the feature and of a 规则 above them too."""
    waiting: list[str] = []
    above = {"功能": list[str](), "规则": list[str]()}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("@"):
            waiting += rules.NAMED.findall(line)
        elif heading := ABOVE.match(line):
            above[heading[1]], waiting = waiting, []
        elif scenario := SCENARIO.match(line):
            tags = [*above["功能"], *above["规则"], *waiting]
            waiting = []
            yield scenario[1], list(dict.fromkeys(tags))
