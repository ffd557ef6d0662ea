"""Random acts in one signing, saved and loaded after each, against a model of sets.

The model knows no places and no order: of each person it says for whom he waits.
"""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SpiffWorkflow.util.task import TaskState

from app.workflow import signers, spiff
from app.workflow.errors import SignerRefused

from .drawing import END, START, file_of, path, signing, steps
from .play import Case, definition_of

POSITIONS = ("before", "after", "beside")
ACTS = st.sampled_from(["answer", "answer", "add", "add", "remove", "reopen"])


@dataclass
class Model:
    """waits: for whom each one asked waits; stage: later ones wait for all of an earlier one."""

    waits: dict[str, set[str]]
    stage: dict[str, int]
    answered: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, people: list[str], *, sequential: bool) -> "Model":
        ahead = {person: set(people[:place]) for place, person in enumerate(people)}
        return cls(
            ahead if sequential else {person: set() for person in people},
            {person: place if sequential else 0 for place, person in enumerate(people)},
        )

    @property
    def open(self) -> list[str]:
        left = self.waits.keys() - self.answered
        return sorted(person for person in left if self.waits[person] <= self.answered)

    def add(self, person: str, position: str, anchor: str) -> None:
        behind = {each for each, ahead in self.waits.items() if anchor in ahead}
        later = {each for each in self.stage if self.stage[each] > self.stage[anchor]}
        self.waits[person] = set(self.waits[anchor])
        self.stage[person] = self.stage[anchor]
        for each in later if position == "beside" else behind:
            self.waits[each].add(person)
        if position == "before":
            self.waits[anchor].add(person)
        if position == "after":
            self.waits[person].add(anchor)

    def remove(self, person: str) -> None:
        del self.waits[person], self.stage[person]
        for ahead in self.waits.values():
            ahead.discard(person)


class Play:
    """A signing and its model, moved together."""

    def __init__(self, number: int, *, sequential: bool) -> None:
        people = [f"u{each}" for each in range(number)]
        sign = signing(sequential=sequential)
        files = {
            "p.bpmn": file_of(START, END, sign, steps("z"), path("begin", "sign", "z", "finish"))
        }
        self.case = Case(definition_of(files), {"signers": people})
        self.model = Model.of(people, sequential=sequential)
        self.named = number

    def act(self, what: str, data: st.DataObject) -> None:
        model, case = self.model, self.case
        present = data.draw(st.sampled_from(model.open))
        if what == "answer":
            case.complete("sign", present)
            model.answered.add(present)
        elif what == "add":
            self._add(present, data)
        elif what == "remove":
            self._remove(present, data.draw(st.sampled_from(sorted(model.waits))))
        elif model.answered:
            back = data.draw(st.sampled_from(sorted(model.answered)))
            assert signers.reopen(case.tree, "sign", back)
            model.answered.remove(back)

    def _add(self, present: str, data: st.DataObject) -> None:
        """One or two at a time, in the order given."""
        position = data.draw(st.sampled_from(POSITIONS))
        added = [f"u{self.named + each}" for each in range(data.draw(st.integers(1, 2)))]
        self.named += len(added)
        signers.add(self.case.task("sign", present), added, position, by=present)
        anchor = present
        for person in added:
            self.model.add(person, position, anchor)
            anchor = person if position == "after" else anchor

    def _remove(self, present: str, person: str) -> None:
        """Not who has answered, and not the last one."""
        task = self.case.task("sign", present)
        if person in self.model.answered or len(self.model.waits) == 1:
            with pytest.raises(SignerRefused):
                signers.remove(task, person)
            return
        signers.remove(task, person)
        spiff.advance(self.case.tree)
        self.model.remove(person)

    def check(self) -> None:
        self.case.reload()
        if not self.model.open:
            assert self.case.open() == [("z", None)]
            return
        assert self.case.open() == [("sign", person) for person in self.model.open]
        standing = signers.standing(self.case.task("sign"))
        assert len({each.person for each in standing}) == len(standing)
        assert {each.person for each in standing} == self.model.waits.keys()
        signed = {each.person for each in standing if each.state == "signed"}
        assert signed == self.model.answered
        self._check_order([each.person for each in standing])

    def _check_order(self, people: list[str]) -> None:
        """Nobody stands in the list before one for whom he waits."""
        for place, person in enumerate(people):
            assert self.model.waits[person] <= set(people[:place])

    def answers(self) -> int:
        step = next(self.case.tree.tasks_in(TaskState.STARTED))
        return len(step.internal_data["answers"])


@settings(deadline=None, max_examples=200)
@given(sequential=st.booleans(), number=st.integers(1, 4), data=st.data())
def test_no_sequence_of_acts_breaks_a_signing(
    sequential: bool, number: int, data: st.DataObject
) -> None:
    play = Play(number, sequential=sequential)
    play.check()
    for _ in range(16):
        play.act(data.draw(ACTS), data)
        play.check()
        if not play.model.open:
            return
        assert play.answers() == len(play.model.answered)
    while play.model.open:
        play.case.complete("sign", play.model.open[0])
        play.model.answered.add(play.model.open[0])
        play.check()
