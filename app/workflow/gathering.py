"""Everything that a publication is made of: the drawings, what they call, and their forms."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from app.workflow import forms, library, terms
from app.workflow.bundle import Bundle
from app.workflow.parser import read_graphs


@dataclass(frozen=True)
class Gathered:
    """files: those handed in, those of called processes, and the forms; bundle: as graphs."""

    files: Mapping[str, bytes]
    bundle: Bundle


def gather(session: Session, files: Mapping[str, bytes], unit_id: int | None = None) -> Gathered:
    """The files with all that they need.

    A called process that is not among them is taken from the version in force, with its forms; a
    form from the library. What was handed in comes before both.
    """
    complete, asked = dict(files), set[str]()
    while True:
        tops, faults = read_graphs(complete)
        bundle = Bundle(tops, faults)
        called = {node.called for _, node in bundle.nodes("callActivity") if node.called}
        missing = sorted(called - tops.keys() - asked)
        if not missing:
            break
        asked.update(missing)
        for process_id in missing:
            found = terms.files_in_force(session, process_id, unit_id)
            complete |= _named(process_id, _unknown(found, complete), complete)
    complete |= _from_library(bundle, complete)
    return Gathered(complete, bundle)


def _unknown(added: Mapping[str, bytes], complete: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files to add: of two forms with one key, or two drawings of one process, the first stays."""
    keys, drawn = set(forms.among(complete)[0]), set(read_graphs(complete)[0])
    found: dict[str, bytes] = {}
    for name, data in added.items():
        if forms.is_form(name):
            form = forms.read(name, data)[0]
            new, known = {form.key} if form is not None else set(), keys
        else:
            new, known = set(read_graphs({name: data})[0]), drawn
        if new and new <= known:
            continue
        known |= new
        found[name] = data
    return found


def _named(
    process_id: str, added: Mapping[str, bytes], complete: Mapping[str, bytes]
) -> dict[str, bytes]:
    """In one folder per called process, however deep it calls others; no name is given twice."""
    found: dict[str, bytes] = {}
    for name, data in added.items():
        path = PurePosixPath(process_id, PurePosixPath(name).name)
        names = (
            path.with_stem(f"{path.stem[:60]}-{number}") if number > 1 else path
            for number in itertools.count(1)
        )
        free = next(str(each) for each in names if str(each) not in complete.keys() | found.keys())
        found[free] = data
    return found


def _from_library(bundle: Bundle, complete: Mapping[str, bytes]) -> dict[str, bytes]:
    have = forms.among(complete)[0]
    wanted = {node.camunda.get("formKey", "") for _, node in bundle.nodes("userTask")}
    sources = {key: library.source(key) for key in sorted(wanted - have.keys())}
    return {f"{key}.form": data for key, data in sources.items() if data is not None}
