"""Small process files for tests, written as text."""

import itertools

from app.workflow.allowed import BPMN, CAMUNDA, MODELER

START, END = '<startEvent id="begin"/>', '<endEvent id="finish"/>'


def file_of(*parts: str, process: str = "p", extra: str = "") -> bytes:
    return (
        f'<definitions xmlns="{BPMN}" xmlns:camunda="{CAMUNDA}" xmlns:modeler="{MODELER}" '
        f'modeler:executionPlatform="Camunda Platform" id="file_{process}" '
        f'targetNamespace="https://example.invalid/process">'
        f'<process id="{process}" name="测试" isExecutable="true">{"".join(parts)}</process>{extra}'
        "</definitions>"
    ).encode()


def flow(source: str, target: str, condition: str = "", name: str = "", ident: str = "") -> str:
    ident = ident or f"f_{source}_{target}"
    text = condition.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    inner = f"<conditionExpression>{text}</conditionExpression>" if condition else ""
    label = f' name="{name}"' if name else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{ident}" {ends}{label}>{inner}</sequenceFlow>'


def path(*names: str) -> str:
    return "".join(flow(a, b) for a, b in itertools.pairwise(names))


def properties(**values: str) -> str:
    listed = "".join(
        f'<camunda:property name="{name}" value="{value}"/>' for name, value in values.items()
    )
    return (
        f"<extensionElements><camunda:properties>{listed}</camunda:properties></extensionElements>"
    )


def step(ident: str, inner: str = "", *, who: str = "", name: str = "", form: str = "") -> str:
    """A user task; ``who`` is ``${name}`` or role keys."""
    people = (
        f'camunda:assignee="{who}"' if "$" in who else f'camunda:candidateGroups="{who or "clerk"}"'
    )
    label = f' name="{name}"' if name else ""
    key = f' camunda:formKey="{form}"' if form else ""
    return f'<userTask id="{ident}"{label}{key} {people}>{inner}</userTask>'


def steps(*names: str) -> str:
    return "".join(step(name) for name in names)


def signing(
    ident: str = "sign", *, sequential: bool = False, condition: str = "", quorum: str = ""
) -> str:
    ends = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    return step(
        ident,
        (properties(quorum=quorum) if quorum else "")
        + f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f'camunda:collection="signers" camunda:elementVariable="signer">{ends}'
        "</multiInstanceLoopCharacteristics>",
        who="${signer}",
    )


def timer(ident: str, host: str, text: str = "P3D", *, interrupting: bool = False) -> str:
    return (
        f'<boundaryEvent id="{ident}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupting).lower()}"><timerEventDefinition>'
        f"<timeDuration>{text}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


def service(ident: str, topic: str = "note") -> str:
    return f'<serviceTask id="{ident}" camunda:type="external" camunda:topic="{topic}"/>'


def line(*names: str) -> bytes:
    """Steps one after another."""
    return file_of(START, END, steps(*names), path("begin", *names, "finish"))
