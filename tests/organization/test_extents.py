"""Circles of delegations, found by walking and compared with looking at every moment and matter."""

from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from app.organization.extents import Edge, Extent, comes_round, of

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
DAYS, PEOPLE = range(6), range(4)
PROCESSES, KINDS = ("outgoing", "incoming"), ("通知", "请示")
MATTERS = list(product(PROCESSES, KINDS))


def day(number: int) -> datetime:
    return BEGIN + timedelta(days=number)


@st.composite
def edges(draw: st.DrawFn) -> Edge:
    principal, agent = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique=True))
    first = draw(st.sampled_from(DAYS))
    last = draw(st.integers(first + 1, len(DAYS)))
    scope = draw(st.sampled_from(["all", "process", "kind"]))
    values = {"all": [None], "process": list(PROCESSES), "kind": list(KINDS)}
    value = draw(st.sampled_from(values[scope]))
    return Edge(principal, agent, of(scope, value, day(first), day(last)))


def reaches(extent: Extent, at: datetime, process: str, kind: str) -> bool:
    in_time = extent.since <= at < extent.until
    return in_time and extent.process in (None, process) and extent.kind in (None, kind)


def has_circle(known: list[Edge]) -> bool:
    """At some moment some matter goes from a person back to himself."""
    for number, (process, kind) in product(DAYS, MATTERS):
        at = day(number)
        to = {
            person: {
                edge.agent
                for edge in known
                if edge.principal == person and reaches(edge.extent, at, process, kind)
            }
            for person in PEOPLE
        }
        for person in PEOPLE:
            found, waiting = set(), [person]
            while waiting:
                for agent in to[waiting.pop()] - found:
                    found.add(agent)
                    waiting.append(agent)
            if person in found:
                return True
    return False


@given(st.lists(edges(), max_size=10))
def test_exactly_the_delegations_that_close_a_circle_are_refused(wanted: list[Edge]) -> None:
    accepted: list[Edge] = []
    for edge in wanted:
        refused = comes_round(edge, accepted)
        assert refused == has_circle([*accepted, edge])
        if not refused:
            accepted.append(edge)


@given(edges(), edges())
def test_what_two_reach_together_is_what_each_reaches(one: Edge, other: Edge) -> None:
    both = one.extent.meet(other.extent)
    assert both == other.extent.meet(one.extent)
    for number, (process, kind) in product(DAYS, MATTERS):
        at = day(number)
        each = [reaches(edge.extent, at, process, kind) for edge in (one, other)]
        assert (both is not None and reaches(both, at, process, kind)) == all(each)
