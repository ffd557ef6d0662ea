"""Which scenario proves which rule: reads the tags of tests/features, writes docs/coverage.md.

    python scripts/rule_coverage.py        print, and write the page

Exit status 1 when a tag names a rule that the list does not have.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

ROOT = Path(__file__).resolve().parent.parent
RULE_TAG = re.compile(r"@([A-Z]{3}-\d{2})")


@dataclass(frozen=True)
class Rule:
    """One line of app/rules.txt: ``kind`` is must, assist or context."""

    id: str
    kind: str
    title: str


@dataclass(frozen=True)
class Scenario:
    """A scenario with its own tags and those of its feature and rule."""

    file: str
    name: str
    tags: frozenset[str]


def read_rules(text: str) -> list[Rule]:
    return [Rule(*line.split("\t")) for line in text.splitlines() if line.strip()]


def scenarios(
    feature: Mapping[str, Any], file: str, above: Sequence[str] = ()
) -> Iterator[Scenario]:
    """Scenarios of a parsed feature (or of a 规则 inside it), outlines counted once."""
    inherited = [*above, *(tag["name"] for tag in feature.get("tags", ()))]
    for child in feature["children"]:
        if "rule" in child:
            yield from scenarios(child["rule"], file, inherited)
        if "scenario" in child:
            found = child["scenario"]
            tags = " ".join([*inherited, *(tag["name"] for tag in found["tags"])])
            yield Scenario(file, found["name"], frozenset(RULE_TAG.findall(tags)))


def read_features(folder: Path) -> list[Scenario]:
    found: list[Scenario] = []
    for path in sorted(folder.rglob("*.feature")):
        feature = Parser().parse(path.read_text(encoding="utf-8")).get("feature")
        if feature:
            found.extend(scenarios(feature, path.relative_to(folder).as_posix()))
    return found


def by_rule(found: Sequence[Scenario]) -> dict[str, list[Scenario]]:
    proofs: defaultdict[str, list[Scenario]] = defaultdict(list)
    for scenario in found:
        for tag in scenario.tags:
            proofs[tag].append(scenario)
    return dict(proofs)


def page(rules: Sequence[Rule], proofs: Mapping[str, Sequence[Scenario]]) -> str:
    """The Markdown page: a line of counts per group, the proofs, the musts without one."""
    lines = ["# Rules and the scenarios that prove them", ""]
    lines += ["Written by `./test coverage` from the tags in `tests/features`; do not edit."]
    lines += ["The list is the whole catalogue, with what is still to be built.", ""]
    lines += ["| group | must-rules | with a scenario |", "|---|---|---|"]
    for group in dict.fromkeys(rule.id[:3] for rule in rules):
        musts = [rule for rule in rules if rule.id[:3] == group and rule.kind == "must"]
        proved = sum(rule.id in proofs for rule in musts)
        lines.append(f"| {group} | {len(musts)} | {proved} |")
    lines += ["", "## Proved", ""]
    for rule in rules:
        if rule.id in proofs:
            lines.append(f"- **{rule.id}** {rule.title}")
            lines += [f"  - {proof.name} (`{proof.file}`)" for proof in proofs[rule.id]]
    lines += ["", "## Must-rules without a scenario", ""]
    lines += [
        f"- {rule.id} {rule.title}"
        for rule in rules
        if rule.kind == "must" and rule.id not in proofs
    ]
    return "\n".join(lines) + "\n"


def unknown_tags(rules: Sequence[Rule], proofs: Mapping[str, object]) -> list[str]:
    """Tags that no line of app/rules.txt has."""
    return sorted(set(proofs) - {rule.id for rule in rules})


def main() -> int:
    rules = read_rules((ROOT / "app/rules.txt").read_text(encoding="utf-8"))
    proofs = by_rule(read_features(ROOT / "tests/features"))
    text = page(rules, proofs)
    (ROOT / "docs/coverage.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    if unknown := unknown_tags(rules, proofs):
        sys.stderr.write(f"Tags that name no rule: {' '.join(unknown)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
