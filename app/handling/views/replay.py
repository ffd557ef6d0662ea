"""Replaying the record: which stays were open after an act, found from the entries alone.

Nothing is read but the record, so that it can be held against the tables: what both say is proved,
and where they differ somebody has changed a table past the acts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.audit import Entry

ENDING = frozenset(
    {"task.completed", "task.returned", "task.handed_over", "task.consulted", "task.answered"}
)
"""Acts that end the stay they are done at, with an opinion of who acts."""

MEASURE = "case.intervention_done"


@dataclass(frozen=True)
class Standing:
    """A case as the record has it.

    state     running, closed, cancelled or suspended; "" before it began
    open      ids of the open stays
    opinions  ids of the stays at which somebody has written his opinion
    """

    state: str = ""
    open: frozenset[int] = frozenset()
    opinions: frozenset[int] = frozenset()


def replay(entries: Iterable[Entry]) -> Standing:
    """The standing after the last of these entries, which are those of one case in order."""
    standing = Standing()
    for entry in entries:
        standing = after(standing, entry)
    return standing


def after(before: Standing, entry: Entry) -> Standing:
    """The standing after one more entry; one that is not about stays leaves it as it was."""
    if entry.outcome != "done" or "case_state" not in entry.detail:
        return before
    opened, closed = entry.detail["opened_stays"], set(entry.detail["closed_stays"])
    opinions = set(before.opinions)
    if entry.action in ENDING and entry.subject is not None:
        closed.add(entry.subject[1])
        opinions.add(entry.subject[1])
    if entry.detail.get("kind") == "move" and entry.action == MEASURE and entry.subject is not None:
        closed.add(entry.subject[1])  # its person has not ended it, the administrators have
    return Standing(
        state=entry.detail["case_state"],
        open=frozenset({*before.open, *opened} - closed),
        opinions=frozenset(opinions),
    )
