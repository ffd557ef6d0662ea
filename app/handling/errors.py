"""What handling may refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from app.clock import SHANGHAI
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.workflow.errors import EngineFault


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


class OutOfHours(HandlingError, Conflict):
    """An ordinary document is sent in working hours, unless its sender insists (TRN-04)."""

    code = "out_of_hours"

    def __init__(self, opens_at: datetime) -> None:
        self.opens_at = opens_at
        moment = f"{opens_at.astimezone(SHANGHAI):%m-%d %H:%M}"
        super().__init__(
            f"现在不是工作时间，普通公文应在正常工作时间发送。可以定到 {moment} 发送；"
            "确需现在发送的，请选择“现在发送”再提交。"
        )


class StaleRevision(HandlingError, Conflict):
    """The form was drawn from an older state of the stay."""

    code = "stale_revision"

    def __init__(self) -> None:
        super().__init__("此件在您打开之后有变动，您的意见未提交。请刷新页面后再提交。")


class CaseNotRunning(HandlingError, Conflict):
    """The case is closed, cancelled or suspended."""

    code = "case_not_running"

    def __init__(self, state: str) -> None:
        if state == "暂停":
            super().__init__("此件已由流程管理员暂停办理，您的操作没有生效，请等恢复后再办。")
        else:
            super().__init__(f"此件{state}，不能再办理。")


class StepBlocked(HandlingError, Conflict):
    """Nobody can act here; the administrator names somebody, and does not act himself."""

    code = "step_blocked"

    def __init__(self, step: str) -> None:
        super().__init__(f"“{step}”环节无人可办，请先指定办理人，由其办理。")


class NotYourTask(HandlingError, NotAllowed):
    """Visible, but somebody else's to do (SEC-27); says whom to ask."""

    code = "not_your_task"

    def __init__(self, step: str, people: list[str]) -> None:
        whom = f"请联系{'、'.join(people[:5])}" if people else "请联系流程管理员"
        super().__init__(f"您不是“{step}”环节的办理人，{whom}。")


class DelegationOver(HandlingError, NotAllowed):
    """The agent's right has ended (ORG-27); the document is with its principal alone."""

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


class PaperUnchecked(HandlingError, Conflict):
    """Nobody has verified the file as things stand. Seen only where the act is not done again."""

    code = "paper_unchecked"

    def __init__(self, paper_id: int) -> None:
        super().__init__("版式文件刚才有变化，还没有核验，没有发送。请再提交一次。")
        self.paper_id = paper_id


class PageNotSet(HandlingError, Conflict):
    """DRF-16: nobody has set the page that would be signed, so nobody knows whether it fits."""

    code = "page_not_set"

    def __init__(self) -> None:
        super().__init__("签发的版面还没有排出，签发没有生效。请打开此件，单独重新提交。（DRF-16）")


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


class ProposalStale(HandlingError, Conflict):
    """What an administrator proposed is about a state that the case has left meanwhile.

    The proposal itself is marked after the act was undone; see :mod:`afterwards`.
    """

    code = "proposal_stale"

    def __init__(self, proposal_id: int) -> None:
        super().__init__("提请之后此件有变动，该提请已失效，没有执行。确需处理的，请重新提请。")
        self.proposal_id = proposal_id


class OneselfConfirms(HandlingError, NotAllowed):
    """S12: what is dangerous takes two people."""

    code = "second_person_needed"

    def __init__(self) -> None:
        super().__init__("须由提请人以外的另一位流程管理员确认，您不能确认自己的提请。")


class PartyToCase(HandlingError, NotAllowed):
    """S12: who drafted or handles a case does not administer it; says who does."""

    code = "party_to_case"

    @classmethod
    def proposing(cls, others: Sequence[str]) -> Self:
        """It takes two of the others: one proposes, one decides."""
        if len(others) < 2:
            whom = "与此件无关的流程管理员不足两位，请安全管理员增设后，由其提请和确认。"
        else:
            whom = f"请其他流程管理员（{'、'.join(others[:5])}）提请和确认。"
        return cls(f"您是此件的拟稿人或者办理人，不能提请对它的措施。{whom}")

    @classmethod
    def deciding(cls, others: Sequence[str]) -> Self:
        if not others:
            whom = "没有其他与此件无关的流程管理员，请安全管理员增设一位，由其确认。"
        else:
            whom = f"请其他流程管理员（{'、'.join(others[:5])}）确认。"
        return cls(f"您是此件的拟稿人或者办理人，不能确认对它的措施。{whom}")


class StepFault(HandlingError, Conflict):
    """The diagram could not take an act: an incident, written after the act was undone.

    place   where, by whom and what, to try it again; ``detail`` is what the engine said
    """

    code = "engine_fault"

    def __init__(self, place: "FaultPlace", fault: EngineFault) -> None:
        super().__init__(fault.message)
        self.place = place
        self.detail = fault.detail


class StillFaulty(StepFault):
    """An administrator tried it again, and it failed as before."""

    def __init__(self, fault: StepFault) -> None:
        Conflict.__init__(self, f"试办仍然失败（{fault.detail}），此件停在原处，请查明原因后再试。")
        self.place, self.detail = fault.place, fault.detail


@dataclass(frozen=True)
class FaultPlace:
    """Where and with what an act failed, in plain values that outlive the transaction.

    task_id  the stay in hand; ``open`` is whether it was: a withdrawal acts on one that has ended
    words    what the person did; ``trial`` is the same for the program, see :mod:`stays.trials`
    """

    case_id: int
    document_id: int
    task_id: int
    open: bool
    step: str
    step_name: str
    words: str
    trial: Mapping[str, Any]
    person_id: int
    login: str
    name: str


class CannotStart(HandlingError, Conflict):
    """The diagram cannot take a document at its very beginning: there is no case to go on with."""

    code = "cannot_start"

    def __init__(self, process: str, version: int) -> None:
        super().__init__(
            f"“{process}”流程（第 {version} 版）在开始处无法继续，公文没有保存。"
            "请联系流程管理员检查流程图，之后再试。"
        )
