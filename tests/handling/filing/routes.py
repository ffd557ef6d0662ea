"""Routes as an office might have redrawn them: the shipped drawings with some words exchanged."""

import re
from collections.abc import Sequence

from app import ROOT
from app.handling import routes
from tests.world import MONDAY, World

Changes = Sequence[tuple[str, str]]
"""Patterns and what stands there instead."""

RENAMED: Changes = (
    (
        r'(<bpmn:userTask id="|sourceRef="|targetRef="|flowNodeRef>)close(?=["<])',
        r"\1finish_it",
    ),
)
"""收文: the registry's last step has another id."""
HANDLER_ENDS: Changes = (
    (r'<bpmn:userTask id="close" .*?</bpmn:userTask>', ""),
    (r"<bpmn:flowNodeRef>close</bpmn:flowNodeRef>", ""),
    (r'<bpmn:sequenceFlow id="close_to_close_incoming" [^>]*/>', ""),
    (r"<bpmn:incoming>close_to_close_incoming<", "<bpmn:incoming>handle_to_close<"),
    (r'targetRef="close"', 'targetRef="close_incoming"'),
)
"""收文: whoever handles it ends it, too."""
FILED_TWICE: Changes = (
    (r"<bpmn:(incoming|outgoing)>archive_to_archived</bpmn:\1>", ""),
    (
        r'<bpmn:sequenceFlow id="archive_to_archived" [^>]*/>',
        '<bpmn:userTask id="look_again" name="复核" camunda:formKey="opinion"'
        ' camunda:candidateGroups="archivist"/>'
        '<bpmn:serviceTask id="again" name="归档" camunda:type="external" camunda:topic="archive"/>'
        '<bpmn:sequenceFlow id="to_look" sourceRef="archive" targetRef="look_again"/>'
        '<bpmn:sequenceFlow id="to_again" sourceRef="look_again" targetRef="again"/>'
        '<bpmn:sequenceFlow id="to_end" sourceRef="again" targetRef="archived"/>',
    ),
)
"""自由流转: somebody looks at what was filed, and it is filed again."""


def redraw(world: World, process: str, changes: Changes) -> None:
    """Put the shipped route in force with these changes; its picture is left out."""
    text = (ROOT / f"processes/{process}.bpmn").read_text(encoding="utf-8")
    for old, new in ((r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", ""), *changes):
        text, found = re.subn(old, new, text, flags=re.DOTALL)
        assert found, old
    files = {f"{process}.bpmn": text.encode()}
    proposer, decider = (world.actor(f"city.process.admin{each}") for each in ("", "2"))
    row = routes.submit(world.session, proposer, files, MONDAY)
    routes.put_in_force(world.session, decider, row.sha256, MONDAY)
    world.session.commit()
