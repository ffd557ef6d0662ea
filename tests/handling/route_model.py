"""What the three shipped routes promise, in plain words of Python, knowing nothing of the engine.

A model holds the open places of one case as (step, person) and moves them by the words of the
rules; a person stands only where a step names people (countersigning, reading in turn).
"""

from dataclasses import dataclass, field

Place = tuple[str, str | None]

AFTER = {
    "draft": "dept_review",
    "dept_review": "office_check",
    "leader_review": "unit_head_sign",
    "unit_head_sign": "register_number",
    "leader_sign": "register_number",
    "register_number": "seal",
    "seal": "final_check_dispatch",
    "final_check_dispatch": None,
    "register": "propose",
    "propose": "distribute",
    "handle": "close",
    "close": None,
}
SIGNING = {"sequential": "sign", "parallel": "sign_parallel", "any": "sign_any"}
NAMED = {*SIGNING.values(), "leader_read"}
FINAL = {"register_number", "seal", "final_check_dispatch", "close"}
"""Steps whose acts cannot be taken back."""


@dataclass
class Model:
    """One case. ``people``: countersigners or readers; ``mode``: how countersigning goes.

    trail       the steps that led here, each as often as it was done, but for laps given up
    last        the place whose act can still be taken back
    home, away  where a return wants the document straight back, and the step that it was sent to
    """

    direction: str
    people: list[str]
    mode: str = "sequential"
    open: list[Place] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    home_trail: list[str] = field(default_factory=list)
    countersigned: bool = False
    home: Place | None = None
    away: str | None = None
    last: Place | None = None
    opinions: int = 0

    def __post_init__(self) -> None:
        self.open = [("register" if self.direction == "incoming" else "draft", None)]

    @property
    def finished(self) -> bool:
        return not self.open

    def complete(self, place: Place) -> None:
        """The person at ``place`` agrees; the document goes on."""
        step, person = place
        self.opinions += 1
        self.done.append(step)
        self.last = None
        if person is not None:
            self._signed(place)
        else:
            self.open = self._following(step)
        if all(each[0] != step for each in self.open):
            self.trail.append(step)
        if self.home is not None and all(each[0] != self.away for each in self.open):
            self.open, self.home, self.trail = [self.home], None, self.home_trail
        still_signing = any(each[0] == step for each in self.open)
        if step not in FINAL and (step not in NAMED or still_signing):
            self.last = place

    def send_back(self, place: Place, to: str, straight: bool) -> None:
        """退回: every open place closes, the earlier step opens."""
        self.opinions += 1
        self.done.append(place[0])
        self.last = None
        self.open = self._entering(to)
        self.home, self.away = (place, to) if straight else (None, None)
        self.home_trail = list(self.trail)
        self._go_back(to)

    def withdraw(self) -> None:
        """撤回: what the last act opened closes, and its step or its place opens again."""
        assert self.last is not None
        step, person = self.last
        self.last = None
        if person is not None:
            beside = self.open if step == "sign_parallel" else []
            self.open = [*beside, (step, person)]
            return
        self.home = None
        self._go_back(step)
        self.open = [(step, None)]

    def _go_back(self, step: str) -> None:
        """To the last time that the step was done."""
        while self.trail.pop() != step:
            pass

    def targets(self, place: Place) -> set[str]:
        """Steps on the way here; a countersigning that is over begins anew."""
        if place[0] in ("draft", "register"):
            return set()
        return {step for step in self.trail if step != place[0]}

    def may_come_straight_back(self, place: Place, to: str) -> bool:
        """Not out of a signing, nor a countersigning, and never past a signature or a seal."""
        if place[1] is not None or to in SIGNING.values():
            return False
        return place[0] not in FINAL - {"close"} or (place[0], to) == ("seal", "register_number")

    def _signed(self, place: Place) -> None:
        step, person = place
        if step in ("sign", "leader_read"):
            at = self.people.index(person or "")
            if at + 1 < len(self.people):
                self.open = [(step, self.people[at + 1])]
                return
        elif step == "sign_parallel":
            self.open.remove(place)
            if self.open:
                return
        self.open = [("collect" if step == "leader_read" else "office_check", None)]
        self.countersigned = step != "leader_read"

    def _following(self, step: str) -> list[Place]:
        if step == "office_check":
            if self.people and not self.countersigned:
                return self._entering(SIGNING[self.mode])
            return [("leader_review" if self.direction == "upward" else "leader_sign", None)]
        if step == "distribute":
            return self._entering("leader_read")
        if step == "collect":
            return [("handle", None)]
        after = AFTER[step]
        return [(after, None)] if after else []

    def _entering(self, step: str) -> list[Place]:
        if step in ("sign", "leader_read"):
            return [(step, self.people[0])]
        if step in NAMED:
            return [(step, person) for person in self.people]
        return [(step, None)]
