"""How much may be saved of one process, so that all of it is run and exchanged in one go."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.handling.whatif.models import ProcessTest

FORMAT = 1
MOST = 200
"""Tests of one process; all of them run whenever a version is put in force."""
MOST_DEEDS = 3000
"""Of all these tests together: what they cost to run."""
MOST_BYTES = 1024 * 1024
"""Of the file with all of them, saved or imported; a file of a package may be as long."""


def written(process_id: str, tests: Sequence[ProcessTest]) -> bytes:
    """The file with these tests."""
    kept = {
        "format": FORMAT,
        "process": process_id,
        "tests": [
            {"name": each.name, "scenario": each.scenario, "expected": each.expected}
            for each in tests
        ],
    }
    return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True).encode()


def of_process(session: Session, process_id: str) -> Sequence[ProcessTest]:
    """Its saved tests by name."""
    query = sa.select(ProcessTest).where(ProcessTest.process_id == process_id)
    return session.scalars(query.order_by(ProcessTest.name)).all()


def ensure_fit(session: Session, process_id: str) -> None:
    """After saving or importing. Raises Invalid at ``name``, saying which bound was passed."""
    tests = of_process(session, process_id)
    if len(tests) > MOST:
        raise Invalid.at("name", f"一个流程最多保存 {MOST} 项推演测试，请先删除不用的。")
    if sum(len(each.scenario.get("deeds", [])) for each in tests) > MOST_DEEDS:
        message = f"一个流程的推演测试合计最多 {MOST_DEEDS} 步，请先删除不用的测试。"
        raise Invalid.at("name", message)
    if len(written(process_id, tests)) > MOST_BYTES:
        message = f"一个流程的推演测试合计不能超过 {MOST_BYTES // 1024} KB，请先删除不用的测试。"
        raise Invalid.at("name", message)
