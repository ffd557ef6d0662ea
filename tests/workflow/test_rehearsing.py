"""What a new version means for a case, from its state row alone."""

import json

import pytest

from app.workflow.definitions import Definition
from app.workflow.rehearsing import KEPT, Comparison, Foreseen

from .drawing import END, START, file_of, flow, path, properties, service, signing, step
from .play import Case, definition_of

RULED = step("b", properties(rule="OUT-06 CSG-02"), name="核稿")
SIGN = signing("c").replace('"signers"', '"countersigners"')
BODY = (
    START + END + step("a", name="拟稿") + RULED + SIGN + step("d", name="签发")
    + service("n") + path("begin", "a", "b", "c", "d", "n", "finish")
)  # fmt: skip
REVIEW = step("x", properties(rule="DRF-22"), name="法规审核")
INSERTED = (flow("b", "c"), REVIEW + path("b", "x", "c"))


def version(*changes: tuple[str, str]) -> Definition:
    body = BODY
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return definition_of({"p.bpmn": file_of(body)})


def at(*done: str, signers: int = 2) -> str:
    case = Case(version(), {"countersigners": [f"p{n}" for n in range(signers)], "title": done})
    for name in done:
        case.complete(name)
    return case.save()


def foresee(text: str, *changes: tuple[str, str]) -> Foreseen:
    return Comparison(version(*changes), {}).foresee(text, version())


CASES = [
    # done, change, what is foreseen
    ("", INSERTED, {"more": (("x", "法规审核"),), "gained": ("DRF-22",)}),
    ("abcc", INSERTED, {}),
    ("a", ("OUT-06 CSG-02", "OUT-06"), {"lost": ("CSG-02",)}),
    ("ab", ("OUT-06 CSG-02", "OUT-06"), {}),
    ("a", (flow("c", "d") + flow("d", "n"), flow("c", "n")), {"fewer": (("d", "签发"),)}),
    ("a", ('name="签发"', 'name="审签"'), {}),
]


@pytest.mark.parametrize(("done", "change", "expected"), CASES)
def test_what_is_foreseen(done: str, change: tuple[str, str], expected: dict[str, object]) -> None:
    text = at(*done)
    drop = [(step("d", name="签发"), "")] if "fewer" in expected else []
    found = foresee(text, change, *drop)
    assert found == Foreseen(**expected)  # type: ignore[arg-type]  # the fields of one row above


def test_a_step_that_is_gone_is_named() -> None:
    change = (flow("a", "b") + flow("b", "c"), flow("a", "c")), (RULED, "")
    (found,) = foresee(at("a"), *change).obstacles
    assert (found.element, found.gone) == ("b", True)
    assert "核稿" in found.sentence


def test_a_changed_kind_of_a_step_is_no_missing_one() -> None:
    change = 'isSequential="false"', 'isSequential="true"'
    (found,) = foresee(at("a", "b"), change).obstacles
    assert (found.element, found.gone) == ("c", False)


def test_a_case_that_stands_alike_is_not_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other UUIDs, other people, other words: the same place."""
    comparison, old = Comparison(version(INSERTED), {}), version()
    first = comparison.foresee(at("a"), old)
    monkeypatch.setattr(Comparison, "_played", lambda *_: pytest.fail("played again"))
    state = json.loads(at("a"))
    state["variables"] |= {"countersigners": ["q0", "q1"], "title": "另一件"}
    assert comparison.foresee(json.dumps(state), old) is first


@pytest.mark.parametrize("others", [at("a", signers=3), at("a", "b"), at()])
def test_another_place_is_played_for_itself(others: str) -> None:
    comparison, old = Comparison(version(INSERTED), {}), version()
    comparison.foresee(at("a"), old)
    assert comparison.foresee(others, old) is not comparison.foresee(at("a"), old)


def test_memory_is_bounded() -> None:
    comparison = Comparison(version(INSERTED), {})
    for number in range(KEPT + 5):
        comparison._known[str(number)] = Foreseen()
    comparison.foresee(at("a"), version())
    assert len(comparison._known) == KEPT


def test_the_state_is_left_as_it_is() -> None:
    text = at("a", "b")
    kept = str(text)
    comparison = Comparison(version(INSERTED), {})
    assert comparison.foresee(text, version()) == comparison.foresee(kept, version())
    assert text == kept
