"""Bytes of a process file → checked XML. What is not on the lists below is refused."""

import re
from collections.abc import Iterator

from lxml import etree

from app.workflow import expressions
from app.workflow.allowed import (
    ATTRIBUTES,
    BPMN,
    CAMUNDA,
    CAMUNDA_ATTRIBUTES,
    CAMUNDA_ELEMENTS,
    DRAWING,
    ELEMENTS,
    KINDS,
    MODELER,
    NODES,
    SPACES,
    XSI,
)
from app.workflow.errors import Fault

MAX_BYTES = 1024 * 1024
MAX_NODES = 200
ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")


def read(name: str, data: bytes) -> tuple[etree._Element | None, list[Fault]]:
    """Parse without entities, network or DTD. The element is None when nothing can be parsed."""
    sentence = refused_bytes(data)
    if sentence:
        return None, [Fault(name, 0, "", sentence)]
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,  # a comment inside a condition would cut its text
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return None, [
            Fault(name, error.lineno or 0, "", "不是完整的 XML 文件，请用流程设计器重新导出")
        ]
    if root.tag != f"{{{BPMN}}}definitions":
        return None, [
            Fault(name, root.sourceline or 0, "", "不是 BPMN 2.0 流程文件，请用流程设计器重新导出")
        ]
    return root, sorted(Fault(name, *found) for found in _faults(root))


def refused_bytes(data: bytes) -> str:
    """What is wrong with a file before it is parsed; "" where nothing is."""
    if len(data) > MAX_BYTES:
        return "文件超过 1 MiB，请拆分流程"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "文件不是 UTF-8 编码，请重新导出"
    if "\0" in text:
        return "文件含有空字符，请重新导出"
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return "文件含有 DOCTYPE 或实体声明，不允许使用，请用流程设计器重新导出"
    declared = re.match(r"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", text.lstrip("\ufeff"))
    if declared and declared[1].lower() not in ("utf-8", "utf8"):
        return "文件声明的编码不是 UTF-8，请重新导出"
    return ""


_Found = tuple[int, str, str]


def _faults(root: etree._Element) -> Iterator[_Found]:
    if root.get(f"{{{MODELER}}}executionPlatform") != "Camunda Platform":
        yield (
            root.sourceline or 0,
            "",
            "执行平台须为 Camunda Platform，请在设计器中选择 Camunda 7",
        )
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        line, place = element.sourceline or 0, owner(element)
        space, tag = _split(element.tag)
        sentence = _element_fault(space, tag)
        if sentence:
            yield line, place, sentence
            continue
        yield from ((line, place, sentence) for sentence in _attribute_faults(element))
        if space == BPMN:
            yield from ((line, place, sentence) for sentence in _bpmn_faults(element, tag, seen))
    nodes = sum(1 for each in root.iter(*(f"{{{BPMN}}}{tag}" for tag in NODES)))
    if nodes > MAX_NODES:
        yield 0, "", f"流程图有 {nodes} 个节点，最多 {MAX_NODES} 个，请拆成几个流程"


def _split(tag: object) -> tuple[str, str]:
    name = etree.QName(str(tag))
    return name.namespace or "", name.localname


def owner(element: etree._Element) -> str:
    """Id of the element, or of the nearest one around it that has an id."""
    for each in (element, *element.iterancestors()):
        ident = each.get("id")
        if ident:
            return ident
    return ""


def _element_fault(space: str, tag: str) -> str:
    if space in DRAWING or (space == CAMUNDA and tag in CAMUNDA_ELEMENTS):
        return ""
    if space == BPMN:
        return "" if tag in ELEMENTS else KINDS.get(tag, f"不支持元素 {tag}，请删除")
    if tag in ("executionListener", "taskListener"):
        return "不允许使用监听器，请删除"
    if tag in ("script", "inputOutput", "connector"):
        return f"不允许使用 camunda:{tag}，请删除"
    return f"不支持元素 {tag}，请删除"


def _attribute_faults(element: etree._Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        space, name = _split(str(key))
        if space in DRAWING or space in (MODELER, XSI):
            continue
        if space == CAMUNDA:
            if name not in CAMUNDA_ATTRIBUTES:
                yield f"不允许使用属性 camunda:{name}，请删除"
        elif space:
            yield f"不支持属性 {name}，请删除"
        elif _split(element.tag)[0] == BPMN and name not in ATTRIBUTES:
            if name == "language":
                yield "表达式不能另外指定语言，请删除 language"
            else:
                yield f"不支持属性 {name}=“{value[:40]}”，请删除"


def _bpmn_faults(element: etree._Element, tag: str, seen: set[str]) -> Iterator[str]:
    ident = element.get("id")
    if ident is not None:
        if ident in seen:
            yield f"编号 {ident} 重复，请改成不同的编号"
        seen.add(ident)
        if tag != "definitions" and (
            not ID.match(ident) or ident in ("Start", "End", "Root") or ident.startswith("mi_")
        ):
            yield (
                f"编号“{ident[:64]}”不可用：只能用字母、数字和下划线，"
                "且不能是 Start、End、Root 或以 mi_ 开头，请改成别的编号"
            )
    elif tag in NODES or tag in ("process", "sequenceFlow"):
        yield "缺少编号（id），请补上"
    yield from _place_faults(element, tag)
    yield from _expression_faults(element, tag)


def _place_faults(element: etree._Element, tag: str) -> Iterator[str]:
    parent = element.getparent()
    above = _split(parent.tag)[1] if parent is not None else ""
    if tag == "serviceTask" and (
        element.get(f"{{{CAMUNDA}}}type") != "external" or not element.get(f"{{{CAMUNDA}}}topic")
    ):
        yield "服务任务不是外部任务或没有主题，请写明 camunda:type=external 和 camunda:topic"
    if tag == "subProcess" and element.get("triggeredByEvent") == "true":
        yield "不支持事件子流程，请改用普通子流程"
    if tag in ("boundaryEvent", "intermediateCatchEvent"):
        timers = element.findall("bpmn:timerEventDefinition", SPACES)
        if len(timers) != 1:
            yield "此事件须有一个定时器，请补上或删除此事件"
    if tag == "timerEventDefinition":
        if above not in ("boundaryEvent", "intermediateCatchEvent"):
            yield "定时器只能画在环节上或环节之间，请移到环节上"
        if len([each for each in element if _split(each.tag)[1].startswith("time")]) != 1:
            yield "定时器须写明时长（timeDuration）或日期（timeDate），二者取一，请改正"
    if tag == "multiInstanceLoopCharacteristics" and above not in (
        "userTask",
        "subProcess",
        "callActivity",
    ):
        yield "只有用户任务、子流程和调用活动可以由多人分别办理，请删去多人办理"


def _expression_faults(element: etree._Element, tag: str) -> Iterator[str]:
    text = element.text or ""
    try:
        if tag in ("conditionExpression", "completionCondition"):
            expressions.condition(text.strip())
        elif tag == "loopCardinality":
            expressions.count(text)
        elif tag in ("timeDuration", "timeDate"):
            expressions.moment(text)
    except expressions.ExpressionError as error:
        yield str(error)
