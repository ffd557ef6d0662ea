"""Everything that is checked before a diagram may be published; all faults at once."""

from collections.abc import Callable, Collection, Mapping

from app.workflow import topics
from app.workflow.bundle import Bundle
from app.workflow.checking_meaning import check_meaning
from app.workflow.checking_shape import check_shape
from app.workflow.dataflow import check_fields, declared
from app.workflow.definitions import Definition
from app.workflow.errors import Fault
from app.workflow.fields import CASE_VARIABLES, Kind
from app.workflow.forms import Form, among
from app.workflow.parser import parse, read_graphs
from app.workflow.trial import nodes_of, walks

QUICK = 20  # walks of a trial in the same process

Trial = Callable[[Definition, Mapping[str, Kind]], list[tuple[str, str]]]


def quick(definition: Definition, variables: Mapping[str, Kind]) -> list[tuple[str, str]]:
    """A short trial in this process, for files that are trusted or merely looked at."""
    return walks(definition, variables, QUICK)


def check(
    files: Mapping[str, bytes],
    roles: Collection[str],
    forms: Mapping[str, Form],
    *,
    variables: Mapping[str, Kind] = CASE_VARIABLES,
    trial: Trial | None = quick,
) -> list[Fault]:
    """All faults of these files, called processes included; [] when they may be published.

    files      name to content; processes that are called must be among them. Forms among them
               come before ``forms``
    variables  what every case is started with, besides what the diagram declares itself
    trial      None leaves the trial run out
    A trial is made only of files without any other fault.
    """
    tops, faults = read_graphs(files)
    own, wrong = among(files)
    forms = {**forms, **own}
    bundle = Bundle(tops, [*faults, *wrong])
    check_shape(bundle)
    check_meaning(bundle, roles, forms, topics.known())
    check_fields(bundle, forms, variables)
    if not bundle.faults and trial is not None:
        given = declared(bundle, forms, variables)
        for root in bundle.roots:
            _try(bundle, files, root.id, given, trial)
    return sorted(set(bundle.faults))


def _try(
    bundle: Bundle,
    files: Mapping[str, bytes],
    root: str,
    variables: Mapping[str, Kind],
    trial: Trial,
) -> None:
    definition = parse("", root, 0, "", files)
    places = nodes_of(definition)
    top = bundle.tops[root]
    for element, sentence in trial(definition, variables):
        file, node = places.get(element, (top.file, None))
        line = node.line if node else top.line
        bundle.faults.append(Fault(file, line, element or root, sentence))
