"""Saved tests as JSON: exported, taken elsewhere, and imported there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.handling import administering
from app.handling.whatif import bounds, saved
from app.handling.whatif import expected as results
from app.handling.whatif import scenario as scenarios
from app.handling.whatif.scenario import Scenario
from app.organization import Actor
from app.organization.models import Person


def export(session: Session, process_id: str) -> dict[str, bytes]:
    """File name to content: one JSON file with every test of the process; {} without any."""
    tests = bounds.of_process(session, process_id)
    return {f"{process_id}.tests.json": bounds.written(process_id, tests)} if tests else {}


def import_(
    session: Session, process_id: str, files: Mapping[str, bytes], by: Actor, at: datetime
) -> list[str]:
    """Names of the tests that were taken over; those of the same name are replaced.

    All or none. Raises Invalid for what cannot be read or belongs to another process, NotAllowed.
    """
    administering.units(by)
    read = _read(process_id, files)
    names = [
        saved.keep(session, by, process_id, name, scenario, expected, at).name
        for name, scenario, expected in read
    ]
    bounds.ensure_fit(session, process_id)
    return names


@dataclass(frozen=True)
class Brought:
    """Tests that came with a package. ``skipped``: why not, by name."""

    taken: list[str]
    skipped: dict[str, str]

    @property
    def words(self) -> str:
        """To be said when the draft has been begun; "" where no test came."""
        said = f"并入 {len(self.taken)} 项推演测试" if self.taken else ""
        left = "、".join(f"“{name}”（{why}）" for name, why in [*self.skipped.items()][:5])
        more = f"等 {len(self.skipped)} 项" if len(self.skipped) > 5 else ""
        return "；".join(filter(None, (said, f"没有并入推演测试{left}{more}" if left else "")))


def bring(
    session: Session, process_id: str, files: Mapping[str, bytes], by: Actor, at: datetime
) -> Brought:
    """Take over the tests of a package with which a draft begins: only what changes nothing.

    A test of the running process stays as it is, and one that names people who are not here
    stays away: it would fail on every version. Raises as :func:`import_` does.
    """
    administering.units(by)
    present = {each.name for each in bounds.of_process(session, process_id)}
    read = _read(process_id, files)
    wanted = {login for _, scenario, _ in read for login in _logins(scenario)}
    query = sa.select(Person.login).where(Person.login.in_(wanted), Person.active)
    here = set(session.scalars(query))
    found = Brought([], {})
    for name, scenario, expected in read:
        away = sorted(_logins(scenario) - here)
        if name in present:
            found.skipped[name] = "已有同名的测试"
        elif away:
            found.skipped[name] = f"这里没有 {'、'.join(away[:3])}"
        else:
            found.taken.append(
                saved.keep(session, by, process_id, name, scenario, expected, at).name
            )
    if found.taken:
        bounds.ensure_fit(session, process_id)
    return found


def _logins(scenario: Scenario) -> set[str]:
    """Everybody whom a scenario names."""
    deeds = [login for deed in scenario.deeds for login in (deed.person, *deed.next)]
    away = [login for each in scenario.absences for login in (each.login, each.agent)]
    return {scenario.starter, *deeds, *away} - {""}


def _read(
    process_id: str, files: Mapping[str, bytes]
) -> list[tuple[str, Scenario, dict[str, Any]]]:
    """Name, scenario and what is expected of each test."""
    return [
        (
            str(each.get("name", "")).strip(),
            scenarios.read(each.get("scenario")),
            results.read(file, each.get("expected")),
        )
        for file, data in files.items()
        for each in _tests_of(file, data, process_id)
    ]


def _tests_of(file: str, data: bytes, process_id: str) -> list[dict[str, Any]]:
    if len(data) > bounds.MOST_BYTES:
        raise Invalid.at("file", f"“{file}”超过 {bounds.MOST_BYTES // 1024} KB，不能导入。")
    try:
        kept = json.loads(data)
    except (ValueError, RecursionError):
        raise Invalid.at("file", f"“{file}”不是可以识别的 JSON 文件。") from None
    tests = kept.get("tests") if isinstance(kept, dict) else None
    fits = isinstance(tests, list) and all(isinstance(each, dict) for each in tests)
    if not fits or kept.get("format") != bounds.FORMAT:
        raise Invalid.at("file", f"“{file}”不是推演测试的导出文件。")
    if kept.get("process") != process_id:
        raise Invalid.at("file", f"“{file}”是另一个流程的推演测试。")
    return list(tests or [])
