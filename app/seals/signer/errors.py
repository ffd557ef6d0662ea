"""What the signer refuses, and how a refusal goes over the socket and is the same afterwards."""

from collections.abc import Sequence
from typing import Any

from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed, NotFound


class SignerUnavailable(DomainError):
    """The process that holds the keys does not run or does not answer in time (503)."""

    code = "signer_unavailable"


class NoApproval(NotAllowed):
    """The act that is said to need a signature needs none: nobody has approved anything."""

    code = "no_approval"

    def __init__(self) -> None:
        super().__init__("此件在这一环节不需要签名或用印，签名服务没有签。请刷新页面后再办理。")


class ProofTooOld(NotAllowed):
    """The proof of identity was given too long ago, or to somebody else."""

    code = "proof_too_old"

    def __init__(self) -> None:
        super().__init__("身份验证已过两分钟，没有签名。请重新输入密码后再签。")


class PageChanged(Conflict):
    """The page that would be signed is not the one that the person was shown (S11)."""

    code = "page_changed"

    def __init__(self) -> None:
        super().__init__("您看到的版式文件之后有变动，没有签名。请重新打开、核对后再签。")


class PaperNotIntact(Conflict):
    """The paper that would be sealed does not verify."""

    code = "paper_not_intact"

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(f"版式文件没有通过核验，没有用印：{''.join(sentences)}请退回重新签发。")


class NoKey(Conflict):
    """The certificate is good, but its private half is not with the signer."""

    code = "no_key"

    def __init__(self) -> None:
        super().__init__("证书的密钥不由签名服务保管，或者已经销毁，没有签名。请联系证书管理人员。")


class TooManySignatures(DomainError):
    """One key signs too often in an hour; somebody should look why."""

    code = "too_many_signatures"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"这个签名密钥一小时内已用 {limit} 次，达到上限，暂停使用。请稍后再试，"
            "或者联系安全管理员。"
        )


KINDS: dict[str, type[DomainError]] = {
    "not_allowed": NotAllowed,
    "not_found": NotFound,
    "conflict": Conflict,
    "invalid": Invalid,
}


def to_wire(error: DomainError) -> dict[str, Any]:
    """Kind, code, sentence and fields of a refusal."""
    kind = next((name for name, kind in KINDS.items() if isinstance(error, kind)), "other")
    said = {"kind": kind, "code": error.code, "message": error.message}
    if isinstance(error, Invalid):
        said["errors"] = [[each.field, each.message] for each in error.errors]  # type: ignore[assignment]
    return said


def from_wire(said: dict[str, Any]) -> DomainError:
    """The refusal that :func:`to_wire` described, of the same kind and with the same words."""
    kind, code, message = (str(said.get(key, "")) for key in ("kind", "code", "message"))
    if kind == "invalid":
        fields = [FieldError(str(name), str(words)) for name, words in said.get("errors", [])]
        return Invalid(message, fields, code)
    if kind == "not_found":
        return NotFound(message)
    return KINDS.get(kind, DomainError)(message, code)
