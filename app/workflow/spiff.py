"""The one place that touches private members of SpiffWorkflow 3.2.0.

Kept together on purpose, so that an upgrade reads this file and the tests of stock behaviour and
nothing else; that is why it is long. It holds our element classes, the tree of a case, and the few
strokes on that tree which the library has no public name for.
"""

# mypy: allow-subclassing-any
# (the library has no types)

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    InclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.workflow import expressions, turns
from app.workflow.errors import EngineFault, NobodyNamed
from app.workflow.graph import Repeat
from app.workflow.language import LANGUAGE, elements, names_at
from app.workflow.signings import Rule

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
MAX_AUTOMATIC = 1000  # steps without a person in one act

Rows = list[list[Any]]


# --- elements


class _Block:
    """One of a pair of gateways (see blocks.py).

    The library guesses from the whole tree which tokens belong together and is wrong from the
    second lap of a loop on. Here the nearest split above is the scope, and it has written down
    how many branches it started.
    """

    split: str | None = None  # of a join: the name of its split
    join: str | None = None  # of a split: the name of its join

    def _check_threshold_unstructured(self, task: Any) -> bool:
        if self.split is None:
            return True
        scope = task.find_ancestor(self.split)
        arrived, stack = 0, list(scope.children)
        while stack:
            each = stack.pop()
            if each.task_spec is self:
                arrived += each is task or each.state >= TaskState.WAITING
            else:
                stack += each.children
        return bool(arrived == scope.internal_data["branches"])

    def _run_hook(self, task: Any) -> Any:
        result = super()._run_hook(task)  # type: ignore[misc]  # the gateway beside this class has it
        if self.join is not None:
            task.internal_data["branches"] = len(task.children)
        return result


class ParallelBlock(_Block, ParallelGateway):
    pass


class InclusiveBlock(_Block, InclusiveGateway):
    pass


class Signing(LoopTask, BpmnSpecMixin):
    """A step that several people take, at once or one after another, any number of laps.

    Its task remembers ``signers`` (all ever asked), ``places`` (see turns.py) and ``answers``
    ([place, outcome, who acted]).
    """

    def __init__(self, process: Any, ident: str, repeat: Repeat, rule: Rule, **rest: Any) -> None:
        super().__init__(process, ident, **rest)
        self.task_spec = f"{ident} [child]"
        self.repeat = repeat
        self.rule = rule
        self.element = repeat.element

    def _update_hook(self, step: Any) -> None:
        super()._update_hook(step)
        people = self.people(step)
        places = turns.plan(len(people), sequential=self.repeat.sequential)
        step.internal_data.update(signers=people, places=places, answers=[])
        step._set_state(TaskState.STARTED)
        self.follow(step)

    def take_over(self, step: Any) -> None:
        """Read what an earlier program has saved of a running signing."""
        present = [child.internal_data["place"] for child in self.open_children(step)]
        turns.take_over(step.internal_data, present, sequential=self.repeat.sequential)

    def people(self, step: Any) -> list[Any]:
        """Who is asked, as the case stands now. Raises NobodyNamed for an empty list."""
        variables = step.workflow.top_workflow.variables
        if self.repeat.cardinality is not None:
            number = expressions.count(self.repeat.cardinality)
            number = variables.get(number) if isinstance(number, str) else number
            found = list(range(number)) if isinstance(number, int) else []
        else:
            found = variables.get(expressions.reference(self.repeat.collection) or "")
        if not isinstance(found, list) or not 0 < len(found) <= expressions.MAX_COUNT:
            raise NobodyNamed(self.bpmn_name or self.bpmn_id)
        return list(dict.fromkeys(found))

    def open_place(self, step: Any, place: int) -> None:
        spec = self._wf_spec.task_specs[self.task_spec]
        child = step._add_child(spec, TaskState.WAITING)
        child.triggered = True
        child.internal_data["place"] = place
        spec._update(child)

    def open_children(self, step: Any) -> list[Any]:
        return [child for child in self._instances(step) if child.has_state(LIVE)]

    def answered(self, _workflow: Any, child: Any) -> None:
        """Called by the library when one of the signers is done."""
        memory = child.internal_data
        answer = [memory["place"], child.data.get("outcome"), memory.get("by")]
        child.parent.internal_data["answers"].append(answer)
        self.settle(child.parent)

    def settle(self, step: Any) -> None:
        """After an answer or a removal: end early if the drawn condition says so, or go on."""
        memory = step.internal_data
        outcomes = [answer[1] for answer in memory["answers"]]
        asked, active = len(turns.asked(memory)), len(turns.due(memory))
        values = {**step.workflow.top_workflow.variables, **elements(step)}
        if outcomes and self.rule.ends_early(outcomes, asked, active, values):
            cancel(self.open_children(step))
            step._set_state(TaskState.READY)
        else:
            self.follow(step)

    def follow(self, step: Any) -> None:
        """Close the places whose turn it is not, open those whose turn it is, or end the step."""
        due = turns.due(step.internal_data)
        present = {child.internal_data["place"]: child for child in self.open_children(step)}
        cancel([child for place, child in present.items() if place not in due])
        for place in due:
            if place not in present:
                self.open_place(step, place)
        if not due:
            step._set_state(TaskState.READY)

    def _on_complete_hook(self, step: Any) -> None:
        memory = step.internal_data
        outcomes = [answer[1] for answer in memory["answers"]]
        step.data["outcome"] = self.rule.combined(outcomes, len(turns.asked(memory)))
        super()._on_complete_hook(step)


class ServiceOperation(BpmnSpecMixin):
    """A service task: one named operation from the registry, in the same transaction."""

    def __init__(self, process: Any, ident: str, topic: str, **rest: Any) -> None:
        super().__init__(process, ident, **rest)
        self.topic = topic

    def _run_hook(self, task: Any) -> bool:
        tree = task.workflow.top_workflow
        if tree.run_topic is not None:
            tree.run_topic(self.topic, self.bpmn_id, tree.variables)
        return True


class DrawnTimer(TimerEventDefinition):
    """A timer that never looks at the clock: the due row decides, :func:`fire` sets the flag."""

    def has_fired(self, task: Any) -> bool:
        memory = task.internal_data
        if "due_text" not in memory:
            text: Any = expressions.moment(self.expression)
            if not expressions.is_time_literal(text):
                text = names_at(task).get(text)
            if not isinstance(text, str) or not expressions.is_time_literal(text):
                raise EngineFault(f"定时器 {self.name} 的时间“{text}”不能识别")
            memory["due_text"] = text
        return bool(memory.get("event_fired", False))

    def read_again(self, task: Any) -> None:
        """Another version draws another time for a timer that waits. Raises EngineFault."""
        del task.internal_data["due_text"]
        self.has_fired(task)


def connect_signings(spec: Any) -> None:
    """Tell each signing about its signers' answers, once per definition.

    The library connects them when a task is created; a case restored on a freshly parsed
    definition would wait for ever, and two threads could connect them twice.
    """
    for outer in list(spec.task_specs.values()):
        if isinstance(outer, Signing):
            spec.task_specs[outer.task_spec].completed_event.connect(outer.answered)


def look_one_step_ahead(spec: Any) -> None:
    """Work out only the next elements of a token, and the ones after them when it gets there.

    The library lays out the whole way to the next choice for every live token, at every load: an
    act would cost the more, the longer the diagram.
    """
    for element in spec.task_specs.values():
        _shorten(element)


def _shorten(element: Any) -> None:
    predict, update = element._predict, element._update

    def one_step(
        task: Any, seen: Any = None, ahead: int = 0, mask: int = TaskState.PREDICTED_MASK
    ) -> None:
        if ahead == 0:
            predict(task, seen, ahead, mask)

    def arrive(task: Any) -> None:
        if not task.children and not task.has_state(TaskState.FINISHED_MASK):
            one_step(task, mask=TaskState.NOT_FINISHED_MASK)
        update(task)

    element._predict, element._update = one_step, arrive


# --- the tree of a case


RunTopic = Callable[[str, str, dict[str, Any]], None]


class CaseTree(BpmnWorkflow):
    """One running case. Variables live here, once, and not on every task.

    run_topic  called for each service task with topic, element and the variables, which it may
               change; None passes service tasks by (rehearsal)
    """

    def __init__(
        self,
        spec: Any,
        called: Mapping[str, Any],
        variables: dict[str, Any],
        run_topic: RunTopic | None,
        *,
        restoring: bool = False,
    ) -> None:
        self.variables = variables
        self.run_topic = run_topic
        super().__init__(spec, called, script_engine=LANGUAGE, deserializing=restoring)

    def trees(self) -> list[Any]:
        return [self, *self.subprocesses.values()]

    def tasks_in(self, states: int) -> Iterator[Any]:
        """From the tables, not along the tree: the library's iterator ends at depth 1000."""
        for tree in self.trees():
            for task in tree.tasks.values():
                if task.has_state(states):
                    yield task


def advance(tree: CaseTree) -> None:
    """Run everything that needs no person."""
    done = 0

    def counted(_task: Any) -> None:
        nonlocal done
        done += 1
        if done > MAX_AUTOMATIC:
            raise EngineFault(f"一次操作中自动步骤超过 {MAX_AUTOMATIC} 个")

    tree.do_engine_steps(did_complete_task=counted)


def fire(tree: CaseTree, task: Any) -> None:
    task.internal_data["event_fired"] = True
    task.task_spec._update(task)
    advance(tree)


def place_token(tree: CaseTree, anchor: Any, spec: Any) -> Any:
    """A new token at ``spec`` below ``anchor``, where the diagram need not have a flow."""
    token = anchor._add_child(spec, TaskState.FUTURE)
    token.triggered = True
    spec._predict(token, mask=TaskState.NOT_FINISHED_MASK)
    tree.completed = False
    spec._update(token)
    return token


def begin_anew(tree: CaseTree, holder: Any) -> Any:
    """The root of the process that this token has just entered, without its way in."""
    inner = tree.subprocesses[holder.id]
    cancel([each for each in inner.tasks.values() if each.has_state(LIVE)])
    return inner.task_tree


def cancel(tasks: Iterable[Any]) -> None:
    """Take tokens away, the inner processes that they hold, and their timers."""
    for task in tasks:
        if not task.has_state(LIVE):
            continue  # went with its parent
        top = task.workflow.top_workflow
        inner = top.subprocesses.pop(task.id, None)
        if inner is not None:
            cancel([each for each in inner.tasks.values() if each.has_state(LIVE)])
        task.cancel()
        top.event_manager.remove_task(task)


# --- keeping and restoring


def is_waiting_join(task: Any) -> bool:
    """The library's own joins that wait for others: they carry nothing."""
    return isinstance(task.task_spec, _EndJoin | BoundaryEventJoin) and bool(
        task.state == TaskState.WAITING
    )


def is_block(task: Any) -> bool:
    return isinstance(task.task_spec, _Block)


def is_join(task: Any) -> bool:
    """A token that has come to the end of its branch."""
    return is_block(task) and bool(task.task_spec.split)


def forget(task: Any) -> None:
    """Take a token that has arrived at a join out of the tree: it is counted no more."""
    task.workflow._remove_task(task.id)


def is_event_split(task: Any) -> bool:
    return isinstance(task.task_spec, BoundaryEventSplit)


def is_event(task: Any) -> bool:
    return isinstance(task.task_spec, CatchingEvent)


def holds_process(task: Any) -> bool:
    return isinstance(task.task_spec, SubWorkflowTask)


def restore_rows(tree: Any, rows: Rows) -> None:
    """Rows [uuid, parent row, element, state, data, memory], parents first, become tasks."""
    tasks: list[Any] = []
    for ident, above, name, state, data, memory in rows:
        parent = tasks[above] if above >= 0 else None
        task = Task(tree, tree.spec.task_specs[name], parent, state, UUID(ident))
        task.triggered = above >= 0  # it may hang where the diagram has no flow: never tidied away
        task.data, task.internal_data = data or {}, memory or {}
        tasks.append(task)
        if state == TaskState.WAITING and is_event(task):
            tree.top_workflow.event_manager.add_task(task)
    tree.task_tree = tasks[0]
    for task in tasks:
        if isinstance(task.task_spec, Signing) and "remaining" in task.internal_data:
            task.task_spec.take_over(task)


def restore_inner(tree: CaseTree, holder: Any, name: str, rows: Rows) -> None:
    """An inner process under the task that holds it; the library connects them only at birth."""
    inner = BpmnSubWorkflow(tree.subprocess_specs[name], holder.id, tree, deserializing=True)
    tree.subprocesses[holder.id] = inner
    inner.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
    restore_rows(inner, rows)


def predict(tree: CaseTree) -> None:
    """What lies ahead of the live tasks is not saved but worked out again."""
    for task in list(tree.tasks_in(LIVE)):
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
