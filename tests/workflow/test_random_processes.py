"""Random processes against the model: saved and loaded at each act, restarted now and then."""

import pytest

from app.workflow import definitions, jumping
from app.workflow.errors import NotReachable

from .model import NESTED, PLAIN, Model, Process, legal, outcomes, places
from .play import Case, definition_of

SEEDS = range(150)
ACTS = 60


def same(case: Case, model: Model) -> bool:
    return (case.open(), case.timers()) == (model.open(), model.timers())


def is_over(case: Case, model: Model) -> bool:
    return model.root.done and bool(case.tree.completed)


def choose(process: Process, model: Model, step: int) -> tuple[str, str | None, str | None]:
    """Many laps first, then to the end."""
    timers: list[tuple[str, str | None]] = [(name, None) for name in model.timers()]
    what, person = process.chance.choice(model.open() + timers)
    offered: list[str | None] = [*outcomes(process.shape).get(what, [])]
    if not offered:
        return what, person, None
    if step >= ACTS:
        return what, person, offered[-1]
    return (
        what,
        person,
        offered[0] if process.chance.random() < 0.6 else process.chance.choice(offered),
    )


def act(case: Case, what: str, person: str | None, outcome: str | None) -> None:
    if (what, person) in case.open():
        case.complete(what, person, outcome)
    else:
        case.fire(what)


@pytest.mark.parametrize("seed", SEEDS)
def test_play_agrees_with_the_model(seed: int) -> None:
    process = Process(seed)
    files, variables = process.files(), process.variables()
    model = Model(process.shape, variables)
    case = Case(definition_of(files), variables)
    for step in range(10 * ACTS):
        assert same(case, model), (seed, step)
        if not model.open():
            break
        what, person, outcome = choose(process, model, step)
        model.act(what, person, outcome)
        act(case, what, person, outcome)
        if step % 7 == 0:
            definitions.forget()
        case.reload(definition_of(files))
    assert is_over(case, model)


@pytest.mark.parametrize("seed", SEEDS)
def test_returns_agree_with_the_model(seed: int) -> None:
    process = Process(seed)
    files, variables = process.files(), process.variables()
    model, where = Model(process.shape, variables), places(process.shape)
    case = Case(definition_of(files), variables)
    for step in range(10 * ACTS):
        if not model.open():
            break
        what, person, outcome = choose(process, model, step)
        if step < ACTS and what in where and process.chance.random() < 0.25:
            back(case, model, what, person, process.chance.choice(sorted(where)))
        else:
            model.act(what, person, outcome)
            act(case, what, person, outcome)
        case.reload()
        assert same(case, model), (seed, step, what)
    assert is_over(case, model)


def back(case: Case, model: Model, what: str, person: str | None, target: str) -> None:
    allowed = legal(model.shape, what)
    task = case.task(what, person)
    assert set(jumping.targets(case.definition, task)) | {what} == allowed | {what}
    if target in allowed:
        case.jump(what, person, target)
        model.jump(places(model.shape)[target], person)
        return
    before = case.save()
    with pytest.raises(NotReachable):
        case.jump(what, person, target)
    assert case.save() == before


def test_the_generator_knows_every_kind_of_part() -> None:
    kinds: set[str] = set()
    for seed in SEEDS[:60]:
        stack = [Process(seed).shape]
        while stack:
            kind, _, parts = stack.pop()
            kinds.add(kind)
            stack += parts
    assert kinds == {*PLAIN, *NESTED, "seq"}
