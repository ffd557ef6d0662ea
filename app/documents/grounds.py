"""Words that must stand in the record, such as the reason of a choice and its document."""

from app.documents import wording
from app.errors import FieldError

LONGEST = 200
"""Characters of a reason or of the name of a document."""


def unfounded(reason: str, source: str) -> list[FieldError]:
    """What is wrong with what a choice rests on."""
    return [*unwritten("reason", "原因", reason), *unwritten("source", "依据", source)]


def unwritten(field: str, label: str, text: str) -> list[FieldError]:
    """What is wrong with words that must stand in the record."""
    if wording.is_blank(text):
        return [FieldError(field, f"请写明{label}。")]
    if len(text.strip()) > LONGEST:
        return [FieldError(field, f"{label}最多 {LONGEST} 字，请精简。")]
    point = wording.control_character(text.strip())
    return [FieldError(field, f"{label}中有不能显示的控制字符 {point}，请删去。")] if point else []
