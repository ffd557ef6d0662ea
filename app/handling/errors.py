"""What handling may refuse."""

from datetime import datetime
from typing import ClassVar

from app.clock import SHANGHAI
from app.errors import Conflict, DomainError, Invalid, NotAllowed


class HandlingError(DomainError):
    """Base of the refusals of this room."""


class StepAlreadyDone(HandlingError, Conflict):
    """Somebody else ended the stay first (the loser's opinion stays in the field)."""

    code = "already_done"

    HOW: ClassVar = {
        "withdrawn": "撤回",
        "recalled": "收回",
        "returned": "退回",
        "removed": "减签",
        "waiting": "加签后转为等候",
    }

    def __init__(self, by: str, at: datetime | None, state: str = "done") -> None:
        when = f" 于 {at.astimezone(SHANGHAI):%m-%d %H:%M} " if at else ""
        super().__init__(f"此件已由{by}{when}{self.HOW.get(state, '办理')}，您的意见未提交。")


class StaleRevision(HandlingError, Conflict):
    """The form was drawn from an older state of the stay."""

    code = "stale_revision"

    def __init__(self) -> None:
        super().__init__("此件在您打开之后有变动，您的意见未提交。请刷新页面后再提交。")


class CaseNotRunning(HandlingError, Conflict):
    """The case is closed, cancelled or suspended."""

    code = "case_not_running"

    def __init__(self, state: str) -> None:
        super().__init__(f"此件{state}，不能再办理。")


class StepBlocked(HandlingError, Conflict):
    """Nobody can act here; the administrator names somebody, and does not act himself."""

    code = "step_blocked"

    def __init__(self, step: str) -> None:
        super().__init__(f"“{step}”环节无人可办，请先指定办理人，由其办理。")


class NotYourTask(HandlingError, NotAllowed):
    """Visible, but somebody else's to do; says whom to ask."""

    code = "not_your_task"

    def __init__(self, step: str, people: list[str]) -> None:
        whom = f"请联系{'、'.join(people[:5])}" if people else "请联系流程管理员"
        super().__init__(f"您不是“{step}”环节的办理人，{whom}。")


class DelegationOver(HandlingError, NotAllowed):
    """The agent's right has ended; the document is with its principal alone."""

    code = "delegation_over"

    def __init__(self, principal: str) -> None:
        super().__init__(
            f"{principal}对您的委托已经结束，此件由{principal}本人办理，您的意见未提交。"
        )


class OpinionMissing(HandlingError, Invalid):
    """OUT-06, CSG-07: without a saved opinion the step is not recorded as done."""

    code = "opinion_missing"

    def __init__(self, step: str) -> None:
        message = f"“{step}”环节须填写意见后再提交。（OUT-06）"
        super().__init__(message)
        self.errors = Invalid.at("opinion", message).errors


class NoSigningHere(HandlingError, Invalid):
    """加签 and 减签 are for steps that several people sign; the sentence says what to use."""

    code = "not_a_signing"

    def __init__(self, step: str) -> None:
        super().__init__(
            f"“{step}”不是会签环节，不能加签、减签。交给别人办理的请用转办，只听取意见的请用征求意见。"
        )


class CannotWithdraw(HandlingError, Conflict):
    """OUT-18: only what the next person has not opened can be taken back."""

    code = "cannot_withdraw"


class NobodyChosen(HandlingError, Invalid):
    """The sender must name the next people here."""

    code = "next_missing"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.errors = Invalid.at("next", message).errors
