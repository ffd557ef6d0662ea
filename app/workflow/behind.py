"""What happens by itself once a person has ended a step, before anybody else has it."""

from app.workflow.definitions import Definition, Step

_PASSED = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "serviceTask")


def topics_behind(definition: Definition, step: Step) -> frozenset[str]:
    """Topics of the service tasks that an end of this step may run, by any of its ways out.

    As far as the process that the step is drawn in: what a called one does is its own.
    """
    graph = definition.processes[step.process_id].graph
    ahead, known, topics = [graph.nodes[step.id]], {step.id}, set[str]()
    while ahead:
        for flow in ahead.pop().outgoing:
            node = graph.nodes[flow.target]
            if node.id in known or node.kind not in _PASSED:
                continue
            known.add(node.id)
            ahead.append(node)
            if node.kind == "serviceTask":
                topics.add(node.camunda.get("topic", ""))
    return frozenset(topics)
