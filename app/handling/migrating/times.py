"""A drawn timer whose time differs between two versions, in words."""

from app.workflow.differing import words
from app.workflow.expressions import is_time_literal

STANDS_STILL = "此件已暂停，而两个版本的定时器不同，请恢复办理后再迁移"
"""What a timer of a case that stands still has left is kept elsewhere, and would be lost."""


def sentence(name: str, before: str, after: str) -> str:
    """``before`` and ``after``: as they are drawn."""
    return f"定时器“{name}”的时间由{_drawn(before)}改为{_drawn(after)}".rstrip()


def _drawn(text: str) -> str:
    return f" {words.duration(text)} " if is_time_literal(text) else f"字段“{text}”"
