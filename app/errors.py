"""What an operation may refuse, in four kinds; web maps each kind to one status.

Every message is a whole Chinese sentence for the person who acted: what happened, what to do.
Each room has its own errors, and each of those is also of one of these kinds.
"""

from dataclasses import dataclass
from typing import Self


class DomainError(Exception):
    """Base of every refusal. ``code`` is stable and is what a program may rely on."""

    code = "refused"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class NotAllowed(DomainError):
    """Known and visible, but not this person's to do (403). Leaves an audit entry."""

    code = "not_allowed"


class NotFound(DomainError):
    """Absent, or not visible to this person: the text is the same for both (404).

    ``hidden``: it is there. Only the record learns that, in one entry.
    """

    code = "not_found"

    def __init__(
        self, message: str = "没有这个公文或事项，或者您无权查看。", *, hidden: bool = False
    ) -> None:
        super().__init__(message)
        self.hidden = hidden


class Conflict(DomainError):
    """Somebody was first, or the case has moved on (409). The input is handed back."""

    code = "conflict"


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be taken: its name in the API and a sentence."""

    field: str
    message: str


class Invalid(DomainError):
    """The input cannot be taken as it is (422); ``errors`` names the fields."""

    code = "invalid"

    def __init__(
        self, message: str, errors: list[FieldError] | None = None, code: str | None = None
    ) -> None:
        super().__init__(message, code)
        self.errors = errors or []

    @classmethod
    def of(cls, errors: list[FieldError]) -> Self:
        """Of one field its sentence, of several how many there are."""
        several = f"有 {len(errors)} 处需要修改。"
        return cls(errors[0].message if len(errors) == 1 else several, errors)

    @classmethod
    def at(cls, field: str, message: str) -> "Invalid":
        return cls(message, [FieldError(field, message)])
