"""What is drawn is called by its name."""

import pytest

from app import ROOT
from app.workflow.bundle import Bundle
from app.workflow.parser import read_graphs


@pytest.mark.parametrize(
    ("element", "name"),
    [
        ("office_check", "办公室负责人把关"),
        ("dept_review_to_office_check", "dept_review_to_office_check"),
        ("outgoing", "发文办理"),
        ("nowhere", "nowhere"),
        ("", ""),
    ],
)
def test_an_element_is_called_by_its_name_or_else_by_its_id(element: str, name: str) -> None:
    files = {"outgoing.bpmn": (ROOT / "processes" / "outgoing.bpmn").read_bytes()}
    assert Bundle(read_graphs(files)[0]).name_of(element) == name
