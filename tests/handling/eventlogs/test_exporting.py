"""What the logs hold, and what they must not do."""

import csv
import io
import json
from datetime import timedelta

import pytest
from lxml import etree

from app.errors import Invalid
from app.handling.eventlogs import exporting, gathering
from app.handling.eventlogs.gathering import Wanted
from app.workflow import queries as routes
from tests.handling.conformance.planting import of, open_up, rewrite
from tests.handling.editions import inserted
from tests.handling.eventlogs.conftest import Office
from tests.handling.migrating.migrating import in_force, moved
from tests.world import World

XES = "{http://www.xes-standard.org/}"


def log(world: World, form: str, wanted: Wanted | None = None) -> bytes:
    out = io.BytesIO()
    exporting.write(world.session, form, wanted or Wanted(), out)
    return out.getvalue()


def rows(world: World, wanted: Wanted | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(log(world, "csv", wanted).decode("utf-8-sig"))))


def test_the_three_forms_hold_the_same_acts(office: Office) -> None:
    seqs = [row["seq"] for row in rows(office.world)]
    root = etree.fromstring(log(office.world, "xes"))
    in_xes = [
        each.get("value") for each in root.iter(f"{XES}int") if each.get("key") == "gongwen:seq"
    ]
    in_ocel = [each["id"] for each in json.loads(log(office.world, "ocel"))["events"]]
    assert seqs == in_xes
    assert [f"entry-{seq}" for seq in seqs] == in_ocel


def test_what_ocel_names_is_there_once(office: Office) -> None:
    found = json.loads(log(office.world, "ocel"))
    assert set(found) == {"objectTypes", "eventTypes", "objects", "events"}
    ids = [each["id"] for each in found["objects"]]
    assert len(ids) == len(set(ids))
    named = {to["objectId"] for each in found["events"] for to in each["relationships"]}
    assert named <= set(ids)
    assert {each["type"] for each in found["events"]} <= {t["name"] for t in found["eventTypes"]}
    assert {each["type"] for each in found["objects"]} == {t["name"] for t in found["objectTypes"]}


def test_no_opinion_and_no_text_goes_out(office: Office) -> None:
    for form in exporting.FORMS:
        text = log(office.world, form).decode()
        assert "漏了附件" not in text
        assert "冬季堤防巡查" not in text


def test_a_period_and_a_process(world: World) -> None:
    first = world.draft().case
    world.later(days=1)
    second = world.register().case
    between = second.started_at - timedelta(hours=1)
    wanted = Wanted(since=between)
    assert {row["case_id"] for row in rows(world, wanted)} == {str(second.id)}
    assert {row["case_id"] for row in rows(world, Wanted(until=between))} == {str(first.id)}
    assert {row["case_id"] for row in rows(world, Wanted(process="outgoing"))} == {str(first.id)}
    assert gathering.count(world.session, wanted)[0] == 1


def test_a_name_that_looks_like_a_formula_stays_a_name(world: World) -> None:
    done = world.draft()
    open_up(world)
    actor = {"id": 1, "login": "drafter", "name": '=HYPERLINK("http://x")&<"'}
    rewrite(world, done.case, of("case.started"), actor=actor)
    assert rows(world)[0]["person"].startswith("'=")
    root = etree.fromstring(log(world, "xes"))
    people = [
        each.get("value")
        for each in root.iter(f"{XES}string")
        if each.get("key") == "gongwen:person"
    ]
    assert actor["name"] in people
    assert any(actor["name"] in str(each) for each in json.loads(log(world, "ocel"))["objects"])


def test_batches_end_their_transactions(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = log(office.world, "csv")
    monkeypatch.setattr(gathering, "CASES", 2)
    assert log(office.world, "csv") == whole
    assert not office.world.session.in_transaction()


def test_too_much_for_one_answer_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ON_A_PAGE", 3)
    with pytest.raises(Invalid, match="gongwen event-log"):
        exporting.ensure_fits(office.world.session, Wanted())


def test_each_act_of_a_moved_case_names_the_version_of_its_time(world: World) -> None:
    done, other = world.draft(), world.draft()
    world.run(done, until="dept_review")
    old = routes.in_force(world.session, "outgoing").sha256
    edit = inserted("dept_review_to_office_check", "legal_review", "法规审核")
    new = in_force(world, edit)
    moved(world, new, done.case)
    world.run(done, until="office_check")
    mine = [row for row in rows(world) if row["case_id"] == str(done.case.id)]
    told = [(row["action"], row["process_version"]) for row in mine]
    move = told.index(("case.migrated", str(new.version)))
    assert {version for _, version in told[:move]} == {"1"}
    assert {version for _, version in told[move:]} == {str(new.version)}
    assert ("task.completed", "1") in told[:move]
    assert ("task.completed", str(new.version)) in told[move:]
    flags = {row["case_id"]: row["case_moved"] for row in rows(world)}
    assert flags == {str(done.case.id): "true", str(other.case.id): "false"}

    trace = etree.fromstring(log(world, "xes")).find(f"{XES}trace")
    assert trace is not None
    values = {each.get("key"): each.get("value") for each in trace}
    assert (values["gongwen:definition_sha256"], values["gongwen:moved"]) == (old, "true")
    in_xes = [each.get("value") for each in trace.findall("*/*[@key='gongwen:sha256']")]
    assert in_xes == [old] * move + [new.sha256] * (len(told) - move)

    objects = {each["id"]: each for each in json.loads(log(world, "ocel"))["objects"]}
    said = objects[f"case-{done.case.id}"]["attributes"]
    assert [e["value"] for e in said if e["name"] == "process_version"] == [1, new.version]
    assert len([e for e in said if e["name"] == "state"]) == 1
