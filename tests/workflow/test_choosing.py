"""Flows that the variables of a case close, as an auditor would read them from the drawing."""

from app.workflow.choosing import closed
from app.workflow.nets import Net, net_of

from .drawing import END, START, file_of, flow, path, steps
from .play import definition_of

ONE = '<exclusiveGateway id="x" default="x_c"/>'
SOME = '<inclusiveGateway id="x" default="x_c"/><inclusiveGateway id="j"/>'
A, B, C = "x>x_a", "x>x_b", "x>x_c"


def net(gateway: str, first: str = "urgent", second: str = "size > 3") -> Net:
    ends = "j" if gateway is SOME else "z"
    rest = path("j", "z", "finish") if gateway is SOME else path("z", "finish")
    file = file_of(
        START, END, gateway, steps("s", "a", "b", "c", "z"), path("begin", "s", "x"),
        flow("x", "a", first, ident="x_a"), flow("x", "b", second, ident="x_b"),
        flow("x", "c", ident="x_c"), path("a", ends), path("b", ends), path("c", ends), rest,
    )  # fmt: skip
    return net_of(definition_of({"p.bpmn": file}))


def test_one_way_is_open_at_a_choice_the_first_that_holds() -> None:
    assert closed(net(ONE), [{"urgent": True, "size": 9}]) == {B, C}
    assert closed(net(ONE), [{"urgent": False, "size": 9}]) == {A, C}
    assert closed(net(ONE), [{"urgent": False, "size": 1}]) == {A, B}


def test_every_way_that_holds_is_open_where_several_may_be_taken() -> None:
    assert closed(net(SOME), [{"urgent": True, "size": 9}]) == {C}
    assert closed(net(SOME), [{"urgent": False, "size": 1}]) == {A, B}


def test_what_held_before_or_after_the_act_is_open() -> None:
    assert closed(net(ONE), [{"urgent": True, "size": 1}, {"urgent": False, "size": 1}]) == {B}


def test_what_cannot_be_known_is_open() -> None:
    assert closed(net(ONE), []) == frozenset()
    assert closed(net(ONE), [{"urgent": True}]) == frozenset(), "no size"
    asked = net(ONE, first="outcome == 'agree'")
    assert closed(asked, [{"urgent": True, "size": 9}]) == frozenset(), "an outcome is no variable"
