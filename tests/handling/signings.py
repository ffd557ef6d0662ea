"""Documents at a signing: on the shipped route, which calls a process for it, or drawn into it."""

from typing import Any

from app import ROOT
from app.handling import routes
from app.handling.models import Task
from tests.world import MONDAY, World

MODES = ("sequential", "parallel", "any", "share")
STEPS = {
    "sequential": "sign",
    "parallel": "sign_parallel",
    "any": "sign_any",
    "share": "sign_share",
}
"""Steps of the called process by mode; a drawn one is called ``sign_here``."""

ENDS = {"any": "nrOfCompletedInstances &gt;= 1", "share": "quorum_met"}
QUORUMS = {"any": "approve:1/1000", "share": "approve:2/3"}
OLD = "dept_review_to_office_check"
FLOW = f'<bpmn:sequenceFlow id="{OLD}" sourceRef="dept_review" targetRef="office_check" />'
DRAWN = """
    <bpmn:userTask id="sign_here" name="本级会签" camunda:formKey="opinion" camunda:assignee="${{here}}">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="limit" value="P1D" />
          <camunda:property name="opinion" value="required" />
          <camunda:property name="stage" value="review" />
          <camunda:property name="quorum" value="{quorum}" />
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>to_sign_here</bpmn:incoming>
      <bpmn:outgoing>signed_here</bpmn:outgoing>
      <bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}" camunda:collection="countersigners" camunda:elementVariable="here">{end}</bpmn:multiInstanceLoopCharacteristics>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="found_here">
      <bpmn:incoming>signed_here</bpmn:incoming>
      <bpmn:outgoing>agreed_here</bpmn:outgoing>
      <bpmn:outgoing>objected_here</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="to_sign_here" sourceRef="dept_review" targetRef="sign_here" />
    <bpmn:sequenceFlow id="signed_here" sourceRef="sign_here" targetRef="found_here" />
    <bpmn:sequenceFlow id="agreed_here" name="同意" sourceRef="found_here" targetRef="office_check">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">outcome == 'approve'</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="objected_here" name="不同意" sourceRef="found_here" targetRef="draft">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">outcome == 'object'</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
"""  # noqa: E501  (as a modeler writes it)


def drawn(mode: str) -> dict[str, bytes]:
    """The shipped drawing with a signing between the section's review and the office's check."""
    text = (ROOT / "processes/outgoing.bpmn").read_text(encoding="utf-8")
    assert text.count(FLOW) == 1
    kind = 'xsi:type="bpmn:tFormalExpression"'
    end = f"<bpmn:completionCondition {kind}>{ENDS.get(mode)}</bpmn:completionCondition>"
    signing = DRAWN.format(
        quorum=QUORUMS.get(mode, "approve:1/1"),
        sequential=str(mode == "sequential").lower(),
        end=end if mode in ENDS else "",
    )
    text = text.replace(FLOW, signing)
    text = text.replace(f"<bpmn:outgoing>{OLD}<", "<bpmn:outgoing>to_sign_here<")
    text = text.replace(f"<bpmn:incoming>{OLD}<", "<bpmn:incoming>agreed_here<")
    begun = "<bpmn:incoming>outgoing_begin_to_draft</bpmn:incoming>"
    text = text.replace(begun, begun + begun.replace("outgoing_begin_to_draft", "objected_here"))
    return {
        "outgoing.bpmn": text.replace(OLD, "to_sign_here").encode(),
        "countersign.bpmn": (ROOT / "processes/countersign.bpmn").read_bytes(),
    }


def put_in_force(world: World, files: dict[str, bytes]) -> None:
    row = routes.submit(world.session, world.actor("city.process.admin"), files, MONDAY)
    routes.put_in_force(world.session, world.actor("city.process.admin2"), row.sha256, MONDAY)
    world.session.commit()


def at_signing(
    world: World, mode: str, signers: list[str], *, called: bool = True, **fields: Any
) -> Task:
    """The first open stay of a notice that these people are asked to sign."""
    if not called:
        put_in_force(world, drawn(mode))
        task = world.run(world.draft(countersigners=signers, **fields), until="sign_here")
    else:
        mode_given = {"office_check": {"fields": {"countersign_mode": mode}}}
        done = world.draft(countersigners=signers, **fields)
        task = world.run(done, until=STEPS[mode], **mode_given)
    assert task is not None
    return task


def present(world: World, task: Task) -> dict[str, Task]:
    """The open stays at the step of a stay, by the login of who may act there."""
    stays = world.open(world.case_of(task))
    return {world.holders(each)[0]: each for each in stays if each.step == task.step}
