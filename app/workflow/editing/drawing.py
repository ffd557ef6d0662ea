"""One process file as a tree that can be changed and written back; nothing else is touched."""

import re
from collections.abc import Iterator

from lxml import etree

from app.errors import Invalid
from app.workflow.allowed import BPMN, CAMUNDA, XSI
from app.workflow.reading import refused_bytes

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
SPACES = {"bpmn": BPMN, "camunda": CAMUNDA, "bpmndi": BPMNDI, "dc": DC, "di": DI}
HOLDERS = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})

Element = etree._Element


class Drawing:
    """Reads without entities, network or DTD; comments and foreign elements stay.

    Raises Invalid when the bytes are no BPMN file.
    """

    def __init__(self, data: bytes) -> None:
        sentence = refused_bytes(data)
        if sentence:
            raise Invalid(f"{sentence}。")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            self.root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise Invalid("不是完整的 XML 文件，请用流程设计器重新导出。") from error
        if self.root.tag != f"{{{BPMN}}}definitions":
            raise Invalid("不是 BPMN 2.0 流程文件，请选择扩展名为 .bpmn 的文件。")

    def written(self) -> bytes:
        data: bytes = etree.tostring(
            self.root.getroottree(), xml_declaration=True, encoding="UTF-8"
        )
        return data

    # --- finding

    def holders(self) -> Iterator[Element]:
        """Processes and inner processes, outermost first."""
        yield from self.root.iter(*(f"{{{BPMN}}}{tag}" for tag in HOLDERS))

    def find(self, ident: str) -> Element | None:
        """The element of the process part with this id."""
        for holder in self.root.iter(etree.Element):
            if holder.get("id") == ident and etree.QName(holder).namespace == BPMN:
                return holder
        return None

    def node(self, ident: str) -> Element:
        """The same, which must be there: somebody may have removed it meanwhile."""
        found = self.find(ident)
        if found is None or not is_inside(found):
            raise Invalid("流程图中已没有这个元素，请刷新后重试。")
        return found

    def flows(self, holder: Element) -> list[Element]:
        return holder.findall("bpmn:sequenceFlow", SPACES)

    def outgoing(self, node: Element) -> list[Element]:
        return [each for each in self._siblings(node) if each.get("sourceRef") == node.get("id")]

    def incoming(self, node: Element) -> list[Element]:
        return [each for each in self._siblings(node) if each.get("targetRef") == node.get("id")]

    def shape(self, ident: str) -> Element | None:
        return self._drawn("BPMNShape", ident)

    def edge(self, ident: str) -> Element | None:
        return self._drawn("BPMNEdge", ident)

    # --- making

    def new_id(self, stem: str) -> str:
        """``stem`` with the first number that is free in the whole file."""
        taken = {each.get("id") for each in self.root.iter(etree.Element)}
        stem = re.sub(r"[^A-Za-z0-9_]", "_", stem)[:48]
        return next(name for n in range(1, 100_000) if (name := f"{stem}_{n}") not in taken)

    def make(self, parent: Element, tag: str, **attributes: str) -> Element:
        """A child in the namespace of the process part, before what must stand after it."""
        made = etree.Element(f"{{{BPMN}}}{tag}", attrib=attributes, nsmap=dict(parent.nsmap))
        insert_neatly(parent, _place(parent, tag), made)
        return made

    def condition(self, flow: Element, text: str) -> None:
        """Put a condition on a flow, or take it away when ``text`` is empty."""
        for old in flow.findall("bpmn:conditionExpression", SPACES):
            flow.remove(old)
        if text:
            made = self.make(flow, "conditionExpression")
            prefix = next((name for name, uri in flow.nsmap.items() if uri == BPMN), None)
            made.set(
                f"{{{XSI}}}type", f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"
            )
            made.text = text

    def refer(self, flow: Element) -> None:
        """Write the flow into incoming and outgoing of its two ends, where tools look for it."""
        ident = flow.get("id") or ""
        for tag, end in (("outgoing", "sourceRef"), ("incoming", "targetRef")):
            node = self.find(flow.get(end) or "")
            if node is not None and ident not in {each.text for each in _named(node, tag)}:
                self.make(node, tag).text = ident

    def forget(self, flow: Element) -> None:
        """Take a flow out of incoming and outgoing of its ends; the flow itself stays."""
        ident = flow.get("id")
        for end in ("sourceRef", "targetRef"):
            node = self.find(flow.get(end) or "")
            if node is None:
                continue
            for each in [*_named(node, "incoming"), *_named(node, "outgoing")]:
                if (each.text or "").strip() == ident:
                    _cut(each)

    def drop(self, element: Element) -> None:
        """Remove an element with what is drawn of it and every reference of a lane to it."""
        ident = element.get("id") or ""
        if etree.QName(element).localname == "sequenceFlow":
            self.forget(element)
        for drawn in (self.shape(ident), self.edge(ident)):
            _cut(drawn)
        for each in list(self.root.iter(f"{{{BPMN}}}flowNodeRef")):
            if (each.text or "").strip() == ident:
                _cut(each)
        _cut(element)

    def _siblings(self, node: Element) -> list[Element]:
        holder = node.getparent()
        return self.flows(holder) if holder is not None else []

    def _drawn(self, tag: str, ident: str) -> Element | None:
        for each in self.root.iter(f"{{{BPMNDI}}}{tag}"):
            if (each.get("bpmnElement") or "").rpartition(":")[2] == ident:
                return each
        return None


def around(element: Element) -> Element:
    """The process, or whatever else, that an element stands in."""
    parent = element.getparent()
    if parent is None:
        raise Invalid("这个元素不在流程之中，不能这样改。")
    return parent


def local(element: Element) -> str:
    return etree.QName(element).localname


def is_inside(element: Element) -> bool:
    """Whether the element is drawn in a process, and not the process itself."""
    parent = element.getparent()
    return parent is not None and local(parent) in HOLDERS


def insert_neatly(parent: Element, number: int, made: Element) -> None:
    """Insert on a line of its own, where its neighbours stand on theirs."""
    if number > 0:
        before = parent[number - 1]
        made.tail = before.tail
        before.tail = parent.text if not (parent.text or "").strip() else before.tail
    elif len(parent):
        made.tail = parent.text
    parent.insert(number, made)


def indent(made: Element) -> None:
    """Lines within a new element, as deep as it stands."""
    tail = made.tail
    etree.indent(made, level=sum(1 for _ in made.iterancestors()))
    made.tail = tail


def _named(node: Element, tag: str) -> list[Element]:
    return node.findall(f"bpmn:{tag}", SPACES)


def _cut(element: Element | None) -> None:
    """Remove an element; the one before it ends its line as this one did."""
    parent = element.getparent() if element is not None else None
    if element is None or parent is None:
        return
    before = element.getprevious()
    if before is not None and element.getnext() is None:
        before.tail = element.tail
    parent.remove(element)


FIRST = ("documentation", "extensionElements", "incoming", "outgoing")


def _place(parent: Element, tag: str) -> int:
    """Where the schema wants a child of this kind: these four come first, and in this order."""
    if tag not in FIRST:
        return _before_artifacts(parent)
    later = FIRST[FIRST.index(tag) + 1 :]
    for number, child in enumerate(parent):
        if isinstance(child.tag, str) and (local(child) in later or local(child) not in FIRST):
            return number
    return len(parent)


def _before_artifacts(parent: Element) -> int:
    """Notes and associations end a process; flow nodes and flows stand before them."""
    for number, child in enumerate(parent):
        if isinstance(child.tag, str) and local(child) in (
            "textAnnotation",
            "association",
            "group",
        ):
            return number
    return len(parent)
