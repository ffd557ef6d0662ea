"""The table of docs/layout.md: what the standard wants and what the specimens measure.

usage: python -m tests.documents.layout.measured
"""

import tempfile
from collections import defaultdict
from pathlib import Path

from app.documents.layout import font_book, render, standard_folders

from .measures import Measure, Specimen
from .measures_of_parts import all_measures
from .read_back import ReadBack
from .specimens import SPECIMENS


def main() -> None:
    found: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    documents: dict[tuple[str, str], set[str]] = defaultdict(set)
    with tempfile.TemporaryDirectory() as folder:
        fonts = font_book(standard_folders(), Path(folder))
        for name, sheet in SPECIMENS.items():
            rendered = render(sheet, fonts)
            its = Specimen(sheet, rendered, ReadBack(rendered.pdf, fonts), fonts)
            for measure in all_measures(its):
                found[measure.clause, measure.item].append(measure)
                documents[measure.clause, measure.item].add(name)
    print("| 项目 | 条款 | 要求 | 实测 | 最大偏差 | 允许 | 样张 |")
    print("|---|---|---|---|---|---|---|")
    for (clause, item), measures in sorted(found.items(), key=lambda each: _order(each[0])):
        wanted = _range([measure.wanted for measure in measures])
        measured = _range([measure.measured for measure in measures])
        worst = max(abs(measure.measured - measure.wanted) for measure in measures)
        allowed = max(measure.tolerance for measure in measures)
        count = len(documents[clause, item])
        print(
            f"| {item} | {clause} | {wanted} | {measured} | {worst:.2f} | {allowed:g} | {count} |"
        )


def _range(values: list[float]) -> str:
    low, high = f"{min(values):.2f}", f"{max(values):.2f}"
    return low if low == high else f"{low} 至 {high}"


def _order(key: tuple[str, str]) -> tuple[list[int], str]:
    return [int(part) for part in key[0].split(".")], key[1]


if __name__ == "__main__":
    main()
