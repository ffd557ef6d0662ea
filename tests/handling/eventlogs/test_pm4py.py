"""Another program reads the logs and judges the cases as we do: pm4py, on the exported net."""

from pathlib import Path
from typing import Any

import pytest

from app.handling.eventlogs import exporting
from app.handling.eventlogs.gathering import Wanted
from app.handling.eventlogs.petri import pnml
from app.workflow import checks, trial
from app.workflow import queries as routes
from app.workflow.definitions import Definition
from tests.handling import stages
from tests.handling.conformance.planting import of, open_up, swap
from tests.handling.conformance.test_replaying import deviations
from tests.handling.editions import inserted
from tests.handling.eventlogs.conftest import Office
from tests.handling.migrating.migrating import in_force, moved
from tests.world import World

pm4py: Any = pytest.importorskip("pm4py", reason="pm4py is missing: requirements/test.txt")
pytestmark = [
    # it would like a faster reader of XES to be installed
    pytest.mark.filterwarnings("ignore:Install the optional requirement:UserWarning"),
    # it computes with a class that numpy advises against
    pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning"),
]
pandas: Any = pytest.importorskip("pandas", reason="pandas is missing: requirements/test.txt")
BESIDE = {"late", "not_entitled", "tables", "outcome"}
"""Deviations that are none of the order of the acts, which is all that a net speaks of."""


def written(world: World, form: str, to: Path) -> str:
    file = to / f"log.{exporting.FORMS[form].ending}"
    with file.open("wb") as out:
        exporting.write(world.session, form, Wanted(), out)
    return str(file)


def test_its_verdict_on_every_case_is_ours(office: Office, tmp_path: Path) -> None:
    session = office.world.session
    ids = {name: each.id for name, each in (office.fitting | office.spoilt).items()}
    ours = {
        ids[name]: not [each for each in deviations(office.world, case) if each.kind not in BESIDE]
        for name, case in (office.fitting | office.spoilt).items()
    }
    assert ours == {ids[name]: name in office.fitting for name in ids}
    net = routes.in_force(session, "outgoing")
    log = pm4py.read_xes(written(office.world, "xes", tmp_path))
    moves = log[log["gongwen:moves"]]
    verdicts = {
        int(case_id): fits(trace, net, tmp_path)
        for case_id, trace in moves.groupby("case:concept:name")
    }
    assert verdicts == ours


def test_a_moved_case_is_told_apart_by_its_attribute(world: World, tmp_path: Path) -> None:
    """No single net judges it: pm4py leaves it out by the mark, and fits the others as before."""
    done, other = world.draft(), world.draft()
    world.run(done, until="dept_review")
    old = routes.in_force(world.session, "outgoing")
    edit = inserted("dept_review_to_office_check", "legal_review", "法规审核")
    new = in_force(world, edit)
    moved(world, new, done.case)
    for each in (done, other):
        world.run(each)
        assert not [d for d in deviations(world, each.case) if d.kind != "migrated"]
    log = pm4py.read_xes(written(world, "xes", tmp_path))
    moves = log[log["gongwen:moves"]]
    stayed = moves[~moves["case:gongwen:moved"]]
    assert set(stayed["case:concept:name"]) == {str(other.case.id)}
    assert fits(stayed, old, tmp_path)
    over = moves[moves["case:gongwen:moved"]]
    assert set(over["gongwen:sha256"]) == {old.sha256, new.sha256}
    assert not fits(over, old, tmp_path)


def fits(trace: Any, definition: Definition, to: Path) -> bool:
    """Whether one trace fits the net of a version wholly."""
    file = to / f"{definition.version}.pnml"
    file.write_text(pnml(definition), encoding="utf-8")
    net, begin, end = pm4py.read_pnml(str(file))
    keys = {"activity_key": "gongwen:activity", "timestamp_key": "time:timestamp"}
    (found,) = pm4py.conformance_diagnostics_alignments(
        trace, net, begin, end, case_id_key="case:concept:name", **keys
    )
    return bool(found["fitness"] == 1.0)


def test_it_judges_inclusive_branches_as_we_do(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five are taken of fourteen, in any order; what comes after their join may not come before."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    stages.in_force(world.session, stages.wide(14))
    good, spoilt = world.draft().case, world.draft().case
    for case in (good, spoilt):
        while waiting := world.open(case):
            world.complete(waiting[-1], world.holders(waiting[-1])[0])
        assert case.state == "closed"
        assert deviations(world, case) == []
    open_up(world)
    swap(world, spoilt, of("task.completed", "way6"), of("task.completed", "next"))
    assert any(each.wrong for each in deviations(world, spoilt))
    log = pm4py.read_xes(written(world, "xes", tmp_path))
    moves = log[log["gongwen:moves"]]
    net = routes.in_force(world.session, "outgoing")
    verdicts = {
        int(case_id): fits(trace, net, tmp_path)
        for case_id, trace in moves.groupby("case:concept:name")
    }
    assert verdicts == {good.id: True, spoilt.id: False}


def test_it_reads_the_objects_and_the_table(world: World, tmp_path: Path) -> None:
    world.draft()
    world.register()
    log = pm4py.read_xes(written(world, "xes", tmp_path))
    found = pm4py.read_ocel2_json(written(world, "ocel", tmp_path))
    types = found.objects.groupby("ocel:type").size().to_dict()
    assert types == {"case": 2, "document": 2, "person": 2}
    assert set(found.relations["ocel:qualifier"]) >= {"of", "about", "by"}
    assert len(found.events) == len(log)
    read = pandas.read_csv(written(world, "csv", tmp_path))
    keys = {"activity_key": "activity", "timestamp_key": "timestamp"}
    table = pm4py.format_dataframe(read, case_id="case_id", **keys)
    assert list(table["activity"]) == list(log["gongwen:activity"])
    assert table["case:concept:name"].nunique() == 2
