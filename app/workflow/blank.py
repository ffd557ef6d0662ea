"""The drawing that a new process begins with: one step between a start and an end."""

from xml.sax.saxutils import quoteattr

from app.workflow.allowed import BPMN, CAMUNDA, MODELER

_TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{bpmn}"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:camunda="{camunda}" xmlns:modeler="{modeler}"
    id={definitions} targetNamespace="http://bpmn.io/schema/bpmn"
    modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.24.0">
  <bpmn:process id={process} name={name} isExecutable="true">
    <bpmn:startEvent id="begin" name="开始">
      <bpmn:outgoing>begin_to_draft</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="draft" name="拟稿" camunda:assignee="${{drafter}}"
        camunda:formKey="opinion">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="limit" value="P1D" />
          <camunda:property name="opinion" value="optional" />
          <camunda:property name="stage" value="handling" />
          <camunda:property name="outcome" value="submit" />
          <camunda:property name="outcome_label" value="提交" />
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>begin_to_draft</bpmn:incoming>
      <bpmn:outgoing>draft_to_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="办结">
      <bpmn:incoming>draft_to_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="begin_to_draft" sourceRef="begin" targetRef="draft" />
    <bpmn:sequenceFlow id="draft_to_done" sourceRef="draft" targetRef="done" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement={process}>
      <bpmndi:BPMNShape id="begin_shape" bpmnElement="begin">
        <dc:Bounds x="160" y="122" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="167" y="165" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="draft_shape" bpmnElement="draft">
        <dc:Bounds x="260" y="100" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="done_shape" bpmnElement="done">
        <dc:Bounds x="424" y="122" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="431" y="165" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="begin_to_draft_edge" bpmnElement="begin_to_draft">
        <di:waypoint x="196" y="140" /><di:waypoint x="260" y="140" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="draft_to_done_edge" bpmnElement="draft_to_done">
        <di:waypoint x="360" y="140" /><di:waypoint x="424" y="140" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def blank(process_id: str, name: str) -> str:
    """A process that a modeler can open and the checks accept; id and name are checked before."""
    return _TEXT.format(
        bpmn=BPMN,
        camunda=CAMUNDA,
        modeler=MODELER,
        definitions=quoteattr(f"definitions_{process_id}"),
        process=quoteattr(process_id),
        name=quoteattr(name),
    )
