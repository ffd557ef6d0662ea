"""Which clauses a route keeps, and which it loses against the version that holds now."""

from collections.abc import Mapping
from dataclasses import dataclass

from app import rules
from app.workflow.bundle import Bundle
from app.workflow.errors import Fault
from app.workflow.obligations import Standing, by_clause, standings


@dataclass(frozen=True)
class Kept:
    """One clause that a route enforces: by its drawing, or at elements that name it."""

    id: str
    title: str
    must: bool
    elements: tuple[str, ...]
    by_drawing: bool


def enforced(bundle: Bundle) -> list[Kept]:
    """By id; a clause that the catalogue does not have has no title."""
    drawn = {
        clause
        for standing in standings(bundle).values()
        if standing.kept
        for clause in standing.obligation.clauses
    }
    places = by_clause(bundle)
    known = rules.catalogue()
    return [
        Kept(
            id=ident,
            title=known[ident].title if ident in known else "",
            must=ident in known and known[ident].kind == "must",
            elements=tuple(places.get(ident, ())),
            by_drawing=ident in drawn,
        )
        for ident in sorted(drawn | places.keys())
    ]


def faults(bundle: Bundle, before: Bundle | None) -> list[Fault]:
    """What is wrong with the rules of a route.

    before  the version that holds now; None where there is none
    An obligation that held before must hold; one that never did is a warning, as is a mandatory
    clause that no element names any more.
    """
    old = standings(before) if before is not None else {}
    found = [
        fault
        for key, standing in standings(bundle).items()
        for fault in _of_obligation(bundle, standing, old.get(key))
    ]
    found += _unknown(bundle)
    if before is not None:
        found += _unnamed(bundle, before)
    return found


def _of_obligation(bundle: Bundle, now: Standing, before: Standing | None) -> list[Fault]:
    if not now.broken or (before is not None and before.broken):
        return []  # what the present version does not keep either is no loss
    lost = before is not None and before.kept
    clauses = "、".join(now.obligation.clauses)
    what = f"{now.obligation.words}（{clauses}）"
    sentence = (
        f"改动后不再保证：{what}，{now.obligation.mend}"
        if lost
        else f"没有做到：{what}，{now.obligation.mend}"
    )
    return [_at(bundle, element, sentence, warning=not lost) for element in now.broken]


def _unknown(bundle: Bundle) -> list[Fault]:
    known = rules.catalogue()
    return [
        _at(bundle, element, f"没有编号为“{ident[:40]}”的条款，请改为条款目录中的编号")
        for ident, elements in by_clause(bundle).items()
        if ident not in known
        for element in elements
    ]


def _unnamed(bundle: Bundle, before: Bundle) -> list[Fault]:
    known = rules.catalogue()
    gone = by_clause(before).keys() - by_clause(bundle).keys()
    root = bundle.roots[0] if bundle.roots else None
    if root is None:
        return []
    return [
        Fault(
            root.file,
            root.line,
            root.id,
            f"改动后没有环节落实必须遵守的 {ident}“{known[ident].title}”，"
            "请确认不再适用，或在相应环节的“依据条款”中写明",
            warning=True,
        )
        for ident in sorted(gone)
        if ident in known and known[ident].kind == "must"
    ]


def lost(bundle: Bundle, before: Bundle) -> Mapping[str, str]:
    """Mandatory clauses that the route before enforced and this one does not: id to title."""
    now = {each.id for each in enforced(bundle)}
    return {each.id: each.title for each in enforced(before) if each.must and each.id not in now}


def _at(bundle: Bundle, element: str, sentence: str, *, warning: bool = False) -> Fault:
    for graph, node in bundle.nodes():
        if node.id == element:
            return Fault(graph.file, node.line, element, sentence, warning)
    return Fault("", 0, element, sentence, warning)
