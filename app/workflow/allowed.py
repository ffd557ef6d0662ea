"""What may stand in a process file: namespaces, elements, attributes. One table of rules."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
MODELER = "http://camunda.org/schema/modeler/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DRAWING = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
    }
)
SPACES = {"bpmn": BPMN, "camunda": CAMUNDA}

EVENTS = frozenset({"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})
ACTIVITIES = frozenset({"userTask", "serviceTask", "subProcess", "callActivity"})
NODES = EVENTS | GATEWAYS | ACTIVITIES
ELEMENTS = NODES | frozenset(
    [
        "definitions",
        "process",
        "collaboration",
        "participant",
        "laneSet",
        "lane",
        "flowNodeRef",
        "documentation",
        "extensionElements",
        "timerEventDefinition",
        "timeDuration",
        "timeDate",
        "sequenceFlow",
        "incoming",
        "outgoing",
        "conditionExpression",
        "multiInstanceLoopCharacteristics",
        "loopCardinality",
        "completionCondition",
        "textAnnotation",
        "text",
        "association",
        "category",
        "categoryValue",
        "group",
    ]
)
ATTRIBUTES = frozenset(
    [
        "id",
        "name",
        "sourceRef",
        "targetRef",
        "default",
        "isExecutable",
        "isClosed",
        "processRef",
        "attachedToRef",
        "cancelActivity",
        "calledElement",
        "isSequential",
        "gatewayDirection",
        "targetNamespace",
        "exporter",
        "exporterVersion",
        "triggeredByEvent",
        "textFormat",
        "associationDirection",
        "categoryValueRef",
        "value",
        "isInterrupting",
        "expressionLanguage",
        "typeLanguage",
    ]
)
CAMUNDA_ELEMENTS = frozenset({"properties", "property"})
CAMUNDA_ATTRIBUTES = frozenset(
    [
        "assignee",
        "candidateGroups",
        "formKey",
        "collection",
        "elementVariable",
        "type",
        "topic",
        "historyTimeToLive",
        "versionTag",
        "isStartableInTasklist",
        "modelerTemplate",
        "modelerTemplateVersion",
        "modelerTemplateIcon",
    ]
)
KINDS = {
    "scriptTask": "脚本任务不允许使用，请改用已登记主题的服务任务",
    "task": "普通任务没有办理人，请改为用户任务",
    "manualTask": "手工任务没有表单和结果，请改为用户任务",
    "timeCycle": "不支持循环计时，请删去，提醒用时限规则",
}
