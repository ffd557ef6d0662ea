"""What this room refuses. Each error is also of one of the kinds of ``app.errors``."""

from app.errors import Conflict, DomainError, Invalid

CLASSIFIED_CODE = "classified_refused"
CLASSIFIED = (
    "本系统不处理涉及国家秘密的公文：请立即停止录入，按保密规定改由机要渠道办理。本次内容没有保存。"
)


class DocumentError(DomainError):
    """Base of the refusals of this room."""


class Classified(DocumentError, Invalid):
    """State secrets (decision 8, SEC-01). Recorded without the content; nothing is kept."""

    code = CLASSIFIED_CODE

    def __init__(self, field: str) -> None:
        Invalid.__init__(self, CLASSIFIED, Invalid.at(field, CLASSIFIED).errors)


class WrongState(DocumentError, Conflict):
    """The document is not where this act may be done; nothing is wrong, nothing is recorded."""

    code = "wrong_state"


class NotSigned(WrongState):
    """A number, a seal or a dispatch was asked for before the sign-off (OUT-09)."""

    code = "not_signed"


class Stale(DocumentError, Conflict):
    """Somebody saved a newer version first (SRC-10); the input is handed back."""

    code = "stale_version"


class TooLarge(DocumentError, Invalid):
    """An upload over a limit of size, counted while it streams or before it unpacks (413)."""

    code = "attachment_too_large"


class Infected(DocumentError, Invalid):
    """An upload in which the scanner found a virus; it is in quarantine (SEC-18). Recorded."""

    code = "attachment_infected"


class ScannerSilent(DocumentError, Conflict):
    """The scanner does not answer, so nothing is taken in (SEC-18; 503)."""

    code = "scanner_unavailable"

    def __init__(self) -> None:
        super().__init__("病毒扫描现在没有应答，文件没有保存。请稍后重试，或者联系系统管理员。")


class WrongType(DocumentError, Invalid):
    """An upload of a type that is not taken, or is not what its name says (ATT-07; 415)."""

    code = "attachment_type"


class Unreadable(DocumentError, Invalid):
    """An upload that is empty, cut off, damaged or locked by a password (422)."""

    code = "attachment_unreadable"


class ActiveContent(DocumentError, Invalid):
    """An upload that would run or fetch something when opened (422); recorded."""

    code = "attachment_active"


class FileMissing(DocumentError, Conflict):
    """The store does not hold the bytes that a row refers to, or holds other bytes."""

    code = "file_missing"


class NoPreview(DocumentError, Conflict):
    """The file cannot be shown in the browser; nothing is wrong with it, it can be saved."""

    code = "no_preview"
