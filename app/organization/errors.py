"""What this room refuses."""

from app.errors import Conflict, DomainError, Invalid, NotAllowed


class OrganizationError(DomainError):
    """Base of the refusals of this room."""


class SignInRefused(OrganizationError, NotAllowed):
    """Unknown login, wrong password, locked, expired or closed: the same words for all.

    The counters and the entry of the record are in the session when this is raised; the caller
    commits them, or the account would never lock.
    """

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__(
            "登录名或密码不正确，或者账号暂时不能登录。连续输错五次将锁定 30 分钟；"
            "初始密码 24 小时内有效，过期请联系系统管理员重置。"
        )


class CodeRefused(OrganizationError, NotAllowed):
    """A wrong code at sign-in, or one that was used already; committed like SignInRefused.

    ``over``: this sign-in is at an end and has to begin anew.
    """

    code = "code_refused"

    def __init__(self, *, over: bool) -> None:
        self.over = over
        if over:
            super().__init__("本次登录已失效，或者账号已锁定，请稍后重新登录。")
        else:
            super().__init__(
                "验证码不正确或者已经用过，请等下一个验证码再输入。连续输错五次将锁定 30 分钟。"
            )


class CertificateRefused(OrganizationError, NotAllowed):
    """A certificate that opens nothing, with the reason; committed like SignInRefused."""

    code = "certificate_refused"


class ProofRefused(OrganizationError, NotAllowed):
    """Whoever is signed in could not prove again who it is, before a signature or a seal.

    As with SignInRefused the counters and the entry are in the session; the caller commits them.
    """

    code = "proof_refused"


class TooManyRequests(OrganizationError):
    """Too many sign-ins at once, or too many failures from one address (429)."""

    code = "too_many_requests"

    def __init__(self, retry_seconds: int) -> None:
        self.retry_seconds = retry_seconds
        wait = f"{retry_seconds} 秒" if retry_seconds < 60 else f"{-(-retry_seconds // 60)} 分钟"
        super().__init__(f"登录请求过多，请约 {wait}后再试。")


class PasswordRefused(OrganizationError, Invalid):
    """A new password that breaks the rules, or a wrong present one; names the field."""

    code = "password_refused"


class AlreadyThere(OrganizationError, Conflict):
    """A key, login or appointment that exists already."""

    code = "already_there"


class MissingRole(OrganizationError, NotAllowed):
    """No role of the person allows the act (ORG-08); the sentence names whom to ask."""

    code = "missing_role"


class SeparationOfDuties(OrganizationError, NotAllowed):
    """Two of the three administrators in one hand, or with business, or self-granting (ORG-34)."""

    code = "separation_of_duties"


class LastHolder(OrganizationError, Conflict):
    """One of the three administrators would be left without anybody."""

    code = "last_holder"


class DelegationCircle(OrganizationError, Conflict):
    """The agent has delegated the same matters, straight or round about, to the principal."""

    code = "delegation_circle"

    def __init__(self) -> None:
        super().__init__("对方已直接或间接委托您代办同样的公文，互相委托会无人办理。请另选代办人。")
