"""Other versions of the outgoing route, made of the shipped drawing, and kept as submitted ones."""

import json
from collections.abc import Callable

from lxml import etree
from sqlalchemy.orm import Session

from app import ROOT, organization
from app.workflow import terms
from app.workflow.allowed import BPMN, CAMUNDA
from app.workflow.definitions import Definition, digest
from app.workflow.loading import of_row
from app.workflow.models import DefinitionRow
from app.workflow.queries import versions
from tests.world import MONDAY

B, C = f"{{{BPMN}}}", f"{{{CAMUNDA}}}"
SHAPES = "{http://www.omg.org/spec/BPMN/20100524/DI}"
FILES = ("outgoing.bpmn", "countersign.bpmn")
Edit = Callable[["Drawing"], None]


class Drawing:
    """The shipped route, to be changed; its picture is left out unless wanted."""

    def __init__(self, pictured: bool = False) -> None:
        folder = ROOT / "processes"
        self.files = {name: etree.fromstring((folder / name).read_bytes()) for name in FILES}
        self.process = self.files["outgoing.bpmn"].find(f"{B}process")
        for root in self.files.values():
            for picture in () if pictured else root.findall(f"{SHAPES}BPMNDiagram"):
                root.remove(picture)

    def element(self, ident: str) -> etree._Element:
        (found,) = self.process.xpath(f"//*[@id='{ident}']")
        return found

    def put(self, element: str, key: str, value: str) -> None:
        """Set one of our properties; "" takes it away."""
        held = self.element(element).find(f"{B}extensionElements/{C}properties")
        for each in held.findall(f"{C}property"):
            if each.get("name") == key:
                held.remove(each)
        if value:
            etree.SubElement(held, f"{C}property", name=key, value=value)

    def add(self, tag: str, ident: str, **attributes: str) -> etree._Element:
        return etree.SubElement(self.process, B + tag, id=ident, **attributes)

    def flow(self, source: str, target: str) -> None:
        self.add("sequenceFlow", f"x_{source}_{target}", sourceRef=source, targetRef=target)

    def data(self) -> dict[str, bytes]:
        for each in self.process.xpath("//*[local-name()='incoming' or local-name()='outgoing']"):
            each.getparent().remove(each)
        return {name: etree.tostring(root) for name, root in self.files.items()}


def limited(step: str, limit: str) -> Edit:
    return lambda drawing: drawing.put(step, "limit", limit)


def ruled(step: str, rules: str) -> Edit:
    return lambda drawing: drawing.put(step, "rule", rules)


def given_to(step: str, roles: str) -> Edit:
    """To the holders of other roles."""
    return lambda drawing: drawing.element(step).set(f"{C}candidateGroups", roles)


def renamed(step: str, name: str) -> Edit:
    return lambda drawing: drawing.element(step).set("name", name)


def inserted(flow: str, ident: str, name: str, roles: str = "office-head") -> Edit:
    """A step of one way out on a flow, with a rule of its own."""

    def edit(drawing: Drawing) -> None:
        bent = drawing.element(flow)
        step = drawing.add("userTask", ident, name=name)
        step.set(f"{C}candidateGroups", roles)
        step.set(f"{C}formKey", "opinion")
        held = etree.SubElement(etree.SubElement(step, f"{B}extensionElements"), f"{C}properties")
        etree.SubElement(held, f"{C}property", name="rule", value="DRF-17")
        drawing.flow(ident, bent.get("targetRef"))
        bent.set("targetRef", ident)

    return edit


def removed(step: str) -> Edit:
    """What led to it leads to where it led."""

    def edit(drawing: Drawing) -> None:
        (leaving,) = drawing.process.xpath(f".//*[@sourceRef='{step}']")
        for flow in drawing.process.xpath(f".//*[@targetRef='{step}']"):
            flow.set("targetRef", leaving.get("targetRef"))
        drawing.process.remove(leaving)
        drawing.process.remove(drawing.element(step))

    return edit


def timed(step: str, length: str = "P3D") -> Edit:
    """A timer beside the step, whose path ends by itself."""

    def edit(drawing: Drawing) -> None:
        ident = f"{step}_late"
        timer = drawing.add("boundaryEvent", ident, attachedToRef=step, cancelActivity="false")
        drawn = etree.SubElement(timer, f"{B}timerEventDefinition")
        etree.SubElement(drawn, f"{B}timeDuration").text = length
        drawing.add("endEvent", f"{ident}_end")
        drawing.flow(ident, f"{ident}_end")

    return edit


def kept(session: Session, *edits: Edit, pictured: bool = False) -> Definition:
    """The edited route as a submitted version, unchecked; the same edits give the same one."""
    drawing = Drawing(pictured)
    for edit in edits:
        edit(drawing)
    files = drawing.data()
    sha256 = digest("outgoing", files)
    row = session.get(DefinitionRow, sha256)
    if row is None:
        by = organization.person_by_login(session, "process.admin").id
        row = DefinitionRow(
            sha256=sha256,
            process_id="outgoing",
            name="发文办理",
            version=versions(session, "outgoing")[0].version + 1,
            files=json.dumps({name: data.decode() for name, data in files.items()}),
            called="{}",
            state="submitted",
            submitted_by=by,
            submitted_at=MONDAY,
        )
        session.add(row)
        session.flush()
        terms.propose(session, row, organization.actor(session, by).signature(), MONDAY)
    found = of_row(row)
    session.commit()
    return found
