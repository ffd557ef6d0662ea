"""What the engine refuses. Every sentence says what happened and what to do now."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed, NotFound


class WorkflowError(DomainError):
    """Base of all refusals of this room; each is also of one of the four kinds."""


_BEFORE_MEND = ("，请", "；请", "：请", "，应", "，须", "，可用")
"""Where a sentence turns from what is wrong to what to do."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a process file.

    element  id of the element, or of the nearest one around it that has an id; "" for the file
    line     line of the file, from 1; 0 where there is no line to point at
    message  what is wrong and what to do, in Chinese
    file     name of the file as it was handed in
    warning  worth a look, and no reason to refuse
    """

    file: str
    line: int
    element: str
    message: str
    warning: bool = False

    @property
    def reason(self) -> str:
        """What is wrong, without what to do."""
        return self._parts()[0]

    @property
    def mend(self) -> str:
        """What to do; "" where the reason says it all."""
        return self._parts()[1]

    def _parts(self) -> tuple[str, str]:
        for sign in _BEFORE_MEND:
            reason, found, mend = self.message.partition(sign)
            if found:
                return reason, sign[1:] + mend
        return self.message, ""

    def __str__(self) -> str:
        place = "，".join(filter(None, [self.element, f"第 {self.line} 行" if self.line else ""]))
        return (
            f"{self.file}（{place}）：{self.message}" if place else f"{self.file}：{self.message}"
        )


class BadDiagram(WorkflowError, Invalid):
    """The diagram cannot be published; ``faults`` names every fault found."""

    code = "bad_diagram"

    def __init__(self, faults: Sequence[Fault]) -> None:
        errors = [FieldError(fault.element or fault.file, str(fault)) for fault in faults]
        super().__init__(f"流程图有 {len(faults)} 处问题，未发布。请逐条改正后再提交。", errors)
        self.faults = tuple(faults)


class NoDefinition(WorkflowError, NotFound):
    """No such definition, or none of this process in force."""

    code = "no_definition"

    def __init__(self, message: str = "没有这个流程版本，请刷新后重试。") -> None:
        super().__init__(message)


class SecondPersonNeeded(WorkflowError, NotAllowed):
    """Whoever submitted a version may not put it in force."""

    code = "second_person_needed"

    def __init__(
        self, message: str = "流程须由提交人以外的另一人启用，请交另一位流程管理员复核。"
    ) -> None:
        super().__init__(message)


class SetForLater(WorkflowError, Conflict):
    """Another version is set for a day, and would end this one again."""

    code = "set_for_later"


class LosesRules(WorkflowError, Conflict):
    """A version guarantees less than what holds where it is to hold."""

    code = "loses_rules"

    def __init__(self, name: str, version: int, faults: Sequence[Fault]) -> None:
        listed = "；".join(fault.message for fault in faults[:5])
        super().__init__(
            f"流程“{name}”第 {version} 版不能在此启用，比现行版本保证得少：{listed}。"
            "请从现行版本另建草稿，再作修改。"
        )


class AlreadyDecided(WorkflowError, Conflict):
    """The version is in force or retired already."""

    code = "already_decided"


class NoCase(WorkflowError, NotFound):
    """No such case."""

    code = "no_case"


class StepAlreadyDone(WorkflowError, Conflict):
    """The token is gone: somebody finished or moved the step first. Not logged."""

    code = "already_done"

    def __init__(self) -> None:
        super().__init__("此环节已经办结或已转走，您的操作未生效。请刷新后查看最新情况。")


class CaseSuspended(WorkflowError, Conflict):
    """Nothing moves until the case is resumed."""

    code = "suspended"

    def __init__(self) -> None:
        super().__init__("此件已暂停办理，恢复后方可操作。")


class CaseClosed(WorkflowError, Conflict):
    """Finished or cancelled: only reading is left."""

    code = "closed"

    def __init__(self) -> None:
        super().__init__("此件已办结或已撤销，不能再操作。")


class UnknownOutcome(WorkflowError, Invalid):
    """The diagram does not offer this outcome at this step."""

    code = "unknown_outcome"

    def __init__(self, outcome: str | None, offered: Sequence[str]) -> None:
        chosen = f"“{outcome}”不是此环节可选的处理结果" if outcome else "请选择处理结果"
        choices = f"，可选：{'、'.join(offered)}。" if offered else "，此环节没有可选的结果。"
        super().__init__(chosen + choices, [FieldError("outcome", chosen + choices)])


class NotReachable(WorkflowError, Invalid):
    """The target lies inside parallel branches or an inner process that the token is not in."""

    code = "not_reachable"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"不能从这里转到“{name}”：它不在流程图中，或在另一条并行分支之内。"
            "请改退到该分支之前的环节。"
        )


class NobodyNamed(WorkflowError, Invalid):
    """A signing step would open for nobody."""

    code = "nobody_named"

    def __init__(self, step: str) -> None:
        super().__init__(f"“{step}”没有指定任何人员，请先选定人员再提交。")


class NotASigning(WorkflowError, Invalid):
    """Signers can be added or removed only while the signing runs."""

    code = "not_a_signing"

    def __init__(self) -> None:
        super().__init__("只有正在进行的会签环节可以增减人员。")


class SignerRefused(WorkflowError, Invalid):
    """The person cannot be added or removed; the sentence says why."""

    code = "signer_refused"


class BadVariable(WorkflowError, Invalid):
    """A case variable with an unusable name or value."""

    code = "bad_variable"


class CannotMigrate(WorkflowError, Conflict):
    """The running case stands where the other version has no place for it."""

    code = "cannot_migrate"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("不能迁移到新版本：" + "；".join(obstacles) + "。")
        self.obstacles = tuple(obstacles)


class EngineFault(WorkflowError, Conflict):
    """The diagram cannot go on from here: an incident for the administrator, logged.

    The act is rolled back and the step stays where it was. ``detail`` is for the administrator.
    """

    code = "engine_fault"

    def __init__(self, detail: str) -> None:
        super().__init__("流程在此处无法继续，本次操作未生效，已通知流程管理员处理。")
        self.detail = detail
