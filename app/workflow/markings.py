"""Where the tokens of a case may be: every marking that a drawing allows after an act.

Gateways are open but for the flows that the caller knows to be closed (``choosing``): a marking is
allowed when some choice at them leads to it. What the engine did is not asked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from app.workflow.choosing import name_of
from app.workflow.graph import Flow
from app.workflow.nets import Net, Spot, lies_in

Marking = tuple[str, ...]
"""Keys of the resting tokens in order; ``join:flow`` for one that waits at a join by a flow."""

EMPTY: Marking = ()
MOST = 4000
"""Ways looked at for one act; a drawing that offers more is cut off there."""
CHOICE = "?"
"""Before the number of a branch that an inclusive gateway has to choose or not; no id of a flow."""


@dataclass(frozen=True)
class Run:
    """Tokens on their way through what nobody acts at.

    resting  tokens that have come to rest
    coming   (spot, flow it comes by, outcome of the step before) of those still moving
    opened   ids of the steps reached, sorted
    passes   (id, outcome) of steps that are still to be passed by a rule
    missed   ids of steps passed without any act, where that is looked for
    """

    resting: Marking
    coming: tuple[tuple[str, str, str | None], ...] = ()
    opened: tuple[str, ...] = ()
    passes: tuple[tuple[str, str | None], ...] = ()
    missed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Player:
    """Plays acts on a net.

    loose   joins may go on without all their branches: some tokens are not known any more
    misses  how many steps may be passed without an act, to say which were left out
    within  ids of the steps that are open after the act, where that is known: what comes to rest at
            others is not followed, so that an inclusive gateway costs its branches, not each choice
    closed  names of the flows that are not taken (:func:`app.workflow.choosing.name_of`)
    """

    net: Net
    loose: bool = False
    misses: int = 0
    within: frozenset[str] | None = None
    closed: frozenset[str] = frozenset()

    def begin(self, passes: Sequence[tuple[str, str | None]] = ()) -> list[Run]:
        return self._rest(self._at(Run(EMPTY, passes=tuple(passes)), self.net.spot(self.net.begin)))

    def leave(
        self,
        marking: Marking,
        key: str,
        outcome: str | None,
        passes: Sequence[tuple[str, str | None]] = (),
    ) -> list[Run]:
        """Every way on from a resting token whose step, or whose time, is over."""
        return _left(self, marking, key, outcome, tuple(passes))

    def leave_now(
        self, marking: Marking, key: str, outcome: str | None, passes: tuple[Any, ...]
    ) -> list[Run]:
        run = Run(without(marking, key), passes=passes)
        return self._rest(self._out(run, self.net.spot(key), outcome))

    def fire(
        self, marking: Marking, event: Spot, passes: Sequence[tuple[str, str | None]] = ()
    ) -> list[Run]:
        """A timer drawn on an element runs out."""
        resting = marking
        if event.node.interrupting:
            host = f"{event.key.rpartition('/')[0]}/{event.node.attached_to}".lstrip("/")
            resting = tuple(
                each
                for each in marking
                if each != host and not lies_in(self.net.way_of(each), (*event.way, host))
            )
        return self._rest(self._out(Run(resting, passes=tuple(passes)), event, None))

    def jump(
        self,
        marking: Marking,
        here: str,
        target: Spot,
        passes: Sequence[tuple[str, str | None]] = (),
    ) -> list[Run]:
        """Against the flows to a step, by the block rule; [] where that forbids it.

        A jump may leave blocks, never enter one; the tokens in the block that is left go with it.
        """
        level = self._level(here, target)
        mine = self.net.way_of(here)
        first = level[1]
        if not lies_in(mine, first) or any(":" in each for each in target.way[len(first) :]):
            return []
        kept = tuple(each for each in marking if not lies_in(self.net.way_of(each), first))
        return self._rest(self._at(Run(kept, passes=tuple(passes)), target))

    def _level(self, here: str, target: Spot) -> tuple[str, tuple[str, ...]]:
        """The nearest process around both, and the way to what leads on to the target there."""
        around = self.net.place(here).around
        while around and not lies_in(target.way, (*self.net.spot(around).way, around)):
            around = self.net.spot(around).around
        outer = (*self.net.spot(around).way, around) if around else ()
        rest = target.way[len(outer) :]
        blocks = []
        for each in rest:
            if ":" not in each:
                break
            blocks.append(each)
        return around, (*outer, *blocks)

    def _rest(self, runs: list[Run]) -> list[Run]:
        """Let every token move until all rest; each end once."""
        found: dict[tuple[Marking, tuple[str, ...], tuple[str, ...]], Run] = {}
        waiting, seen = runs, set(runs)
        while waiting and len(seen) < MOST:
            run = waiting.pop()
            if not run.coming:
                if not run.passes:
                    found.setdefault((run.resting, run.opened, run.missed), run)
                continue
            for following in self._step(run):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return list(found.values())

    def _step(self, run: Run) -> list[Run]:
        (key, flow, outcome), rest = run.coming[0], run.coming[1:]
        run, spot = replace(run, coming=rest), self.net.spot(key)
        if flow.startswith(CHOICE):
            return self._choose(run, spot, int(flow.removeprefix(CHOICE)), outcome)
        if spot.waits:
            return self._wait(run, spot)
        if spot.joins:
            return self._join(run, spot, flow, outcome)
        if key in self.net.inside:
            return list(self._enter(run, spot))
        if spot.node.kind == "endEvent":
            return self._end(run, spot)
        return self._out(run, spot, outcome)

    def _wait(self, run: Run, spot: Spot) -> list[Run]:
        found = []
        ident = spot.node.id
        is_step = spot.node.kind == "userTask"
        opened = tuple(sorted((*run.opened, ident))) if is_step else run.opened
        if not is_step or self.within is None or ident in self.within:
            found.append(replace(run, resting=with_one(run.resting, spot.key), opened=opened))
        if not is_step:
            return found
        for place, (passed, outcome) in enumerate(run.passes):
            if passed == ident:
                left = run.passes[:place] + run.passes[place + 1 :]
                found += self._out(replace(run, passes=left), spot, outcome)
                break
        if len(run.missed) < self.misses:
            found += self._out(replace(run, missed=(*run.missed, ident)), spot, None)
        return found

    def _join(self, run: Run, spot: Spot, flow: str, outcome: str | None) -> list[Run]:
        arrived = replace(run, resting=with_one(run.resting, f"{spot.key}:{flow}"))
        here, begun = self._branches(arrived.resting, spot)
        enough = len(here) == (
            len(begun) if spot.node.kind == "inclusiveGateway" else len(spot.node.incoming)
        )
        if not enough and not self.loose:
            return [arrived]
        on = self._out(_gone(arrived, (*here, *begun)), spot, outcome)
        return on if enough else [arrived, *on]

    def _branches(self, resting: Marking, join: Spot) -> tuple[list[str], list[str]]:
        """Tokens that have come to the join, and those counted for it at its split."""
        split = self.net.splits.get(join.key, "")
        here = [each for each in resting if each.startswith(f"{join.key}:")]
        return here, [each for each in resting if each == f"{split}:"]

    def _enter(self, run: Run, spot: Spot) -> Iterator[Run]:
        """Begin what the element runs; for each of several people as often as may be."""
        start = self.net.inside[spot.key]
        repeat = spot.node.repeat
        most = 1 if repeat is None or repeat.sequential else 12
        for often in range(1, most + 1):
            yield replace(run, coming=run.coming + ((start, "", None),) * often)

    def _end(self, run: Run, spot: Spot) -> list[Run]:
        """What is inside an element goes on outside of it when its last token has ended."""
        if spot.beside or not spot.around:
            return [run]
        holder = self.net.spot(spot.around)
        inner = (*holder.way, holder.key)

        def inside(token: str) -> bool:
            return lies_in(self.net.way_of(token), inner)

        moving = any(lies_in(self.net.spot(key).way, inner) for key, _, _ in run.coming)
        others = moving or any(inside(each) for each in run.resting)
        left = replace(
            run,
            resting=tuple(each for each in run.resting if not inside(each)),
            coming=tuple(
                each for each in run.coming if not lies_in(self.net.spot(each[0]).way, inner)
            ),
        )
        found = self._out(left, holder, None)
        if holder.node.repeat is None:
            return found
        start = self.net.inside[holder.key]
        again = replace(run, coming=((start, "", None), *run.coming))
        return [run, *found] if others else [again, *found]

    def _out(self, run: Run, spot: Spot, outcome: str | None) -> list[Run]:
        """By the flows out of an element: all of them, or one, or some."""
        flows = spot.node.outgoing
        if spot.node.kind == "exclusiveGateway":
            open_ = (flow for flow in flows if name_of(spot, flow) not in self.closed)
            chosen = [[flow] for flow in _possible(tuple(open_), outcome)]
        elif spot.node.kind == "inclusiveGateway" and len(flows) > 1:
            counted = with_one(run.resting, *[f"{spot.key}:"] * len(flows))
            begin = (spot.key, f"{CHOICE}0", None)
            return [replace(run, resting=counted, coming=(begin, *run.coming))]
        else:
            chosen = [list(flows)]
        kept = outcome if spot.node.kind == "userTask" else None
        return [self._sent(run, spot, flows_, kept) for flows_ in chosen]

    def _choose(self, run: Run, spot: Spot, place: int, some: str | None) -> list[Run]:
        """By one flow out of an inclusive gateway or not by it; one branch at least is taken.

        Each is played until it rests before the next is chosen, and the join waits meanwhile.
        """
        if place == len(spot.node.outgoing):
            return self._gather(run, spot) if some else []
        flow, counted = spot.node.outgoing[place], f"{spot.key}:"
        left = without(run.resting, counted) if counted in run.resting else run.resting
        after = (spot.key, f"{CHOICE}{place + 1}")
        taken = (self.net.beyond(spot, flow).key, flow.id, None)
        past = replace(run, resting=left, coming=((*after, some), *run.coming))
        if name_of(spot, flow) in self.closed:
            return [past]
        return [past, replace(run, coming=(taken, (*after, "some"), *run.coming))]

    def _gather(self, run: Run, spot: Spot) -> list[Run]:
        """All are chosen: where those taken have come to the join already, it goes on."""
        join = self.net.spot(self.net.joins[spot.key])
        here, begun = self._branches(run.resting, join)
        if not here or len(here) != len(begun):
            return [run]
        return self._out(_gone(run, (*here, *begun)), join, None)

    def _sent(self, run: Run, spot: Spot, flows: Sequence[Flow], outcome: str | None) -> Run:
        coming = tuple((self.net.beyond(spot, flow).key, flow.id, outcome) for flow in flows)
        return replace(run, coming=(*coming, *run.coming))

    def _at(self, run: Run, spot: Spot) -> list[Run]:
        return [replace(run, coming=((spot.key, "", None),))]


@lru_cache(maxsize=5000)
def _left(
    player: Player, marking: Marking, key: str, outcome: str | None, passes: tuple[Any, ...]
) -> list[Run]:
    """Most cases go the same ways: each is played once."""
    return player.leave_now(marking, key, outcome, passes)


def _possible(flows: Sequence[Flow], outcome: str | None) -> Sequence[Flow]:
    """A gateway of outcomes takes the one that was chosen; any other may take each."""
    offered = [flow for flow in flows if flow.outcome is not None]
    if outcome is None or not offered:
        return flows
    return [flow for flow in offered if flow.outcome == outcome]


def _gone(run: Run, tokens: Collection[str]) -> Run:
    return replace(run, resting=tuple(token for token in run.resting if token not in tokens))


def with_one(marking: Marking, *tokens: str) -> Marking:
    return tuple(sorted((*marking, *tokens)))


def without(marking: Marking, token: str) -> Marking:
    place = marking.index(token)
    return marking[:place] + marking[place + 1 :]


def steps_at(net: Net, marking: Marking) -> tuple[str, ...]:
    """Ids of the steps at which tokens rest, sorted."""
    found = [net.place(each) for each in marking if ":" not in each]
    return tuple(sorted(spot.node.id for spot in found if spot.node.kind == "userTask"))
