"""A case while its record is read: which stays are open and where its tokens may be."""

from dataclasses import dataclass, field

from app.handling.conformance.kinds import Deviation
from app.workflow.carrying import carried
from app.workflow.definitions import Definition
from app.workflow.markings import EMPTY, Marking, Player, Run, steps_at
from app.workflow.nets import Net, net_of

Passes = list[tuple[str, str | None]]


@dataclass(eq=False)
class Standing:
    """What the entries read so far say.

    markings  every marking that the diagram allows after them
    open      id of an open stay to its step
    seen      id of every stay to its step
    straight  id of a stay to the step that its end goes straight back to
    holders   logins to whom somebody gave a stay by name
    had       (step, login) of who has ended a stay there
    department  in which roles are looked for; None where any will do or the record does not say
    passes    steps passed by rules since the last act: they belong to the act that follows
    closed    flows that the act in hand cannot have taken
    """

    definition: Definition
    net: Net
    markings: set[Marking] = field(default_factory=lambda: {EMPTY})
    loose: bool = False
    open: dict[int, str] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    straight: dict[int, str] = field(default_factory=dict)
    holders: dict[int, set[str]] = field(default_factory=dict)
    had: set[tuple[str, str]] = field(default_factory=set)
    passes: Passes = field(default_factory=list)
    closed: frozenset[str] = frozenset()
    department: int | None = None
    starter: set[str] = field(default_factory=set)
    state: str = ""
    found: list[Deviation] = field(default_factory=list)

    @property
    def player(self) -> Player:
        """For what happens up to the stays that are open now: nothing may rest anywhere else."""
        within = frozenset(self.steps())
        return Player(self.net, self.loose, within=within, closed=self.closed)

    def under(self, definition: Definition) -> bool:
        """Go on with another version, every token at its place there.

        False, and a fresh start, where the other version has no such places.
        """
        before, after = self.net, net_of(definition)
        moved = {carried(before, after, each) for each in self.markings}
        self.definition, self.net = definition, after
        return self.go_on_with({each for each in moved if each is not None})

    def steps(self) -> tuple[str, ...]:
        """Ids of the steps at which stays are open, each once, sorted."""
        return tuple(sorted(set(self.open.values())))

    def agrees(self, marking: Marking) -> bool:
        """Whether tokens rest at just the steps at which stays are open."""
        return tuple(sorted(set(steps_at(self.net, marking)))) == self.steps()

    def fits(self, candidates: set[Marking]) -> bool:
        return any(self.agrees(each) for each in candidates)

    def go_on_with(self, candidates: set[Marking]) -> bool:
        """Keep those that agree with the open stays; False, and a fresh start, where none does."""
        kept = {each for each in candidates if self.agrees(each)}
        if kept:
            self.markings = kept
            return True
        self.markings = {self._afresh()}
        self.loose = True
        return False

    def _afresh(self) -> Marking:
        """Tokens where stays are open: the best that is known after a deviation."""
        spots = [self.net.at(step) for step in self.steps()]
        return tuple(sorted(each[0].key for each in spots if each))

    def name(self, step: str) -> str:
        known = self.definition.by_id.get(step)
        return known.name if known else step

    def names(self, steps: tuple[str, ...]) -> str:
        return "、".join(self.name(each) for each in steps) or "无"


def resting(runs: list[Run], opened: tuple[str, ...] | None = None) -> set[Marking]:
    """Markings after these runs; only of those that opened just these steps, where given."""
    return {
        run.resting for run in runs if opened is None or tuple(sorted(set(run.opened))) == opened
    }
