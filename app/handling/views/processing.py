"""处理状态: what a document waits for at the person who has it (SRC-04).

Told from the diagram: a step signs off, or an end of it seals or sends; else it is for reviewing.
Nothing in a diagram tells 批示 from any other step of a leader but its name.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.workflow.behind import topics_behind
from app.workflow.definitions import Definition, Step

PROCESSING: Mapping[str, str] = MappingProxyType(
    {
        "review": "待审稿",
        "instruct": "待批示",
        "sign": "待签发",
        "seal": "待盖章",
        "dispatch": "待发文",
        "other": "待办理",
    }
)
"""States of what is to do; what has been sent, 已发文, is nobody's to do any more."""
INSTRUCTS = ("批示", "阅批")


def processing(definition: Definition, step: Step) -> str:
    """A key of PROCESSING."""
    topics = topics_behind(definition, step)
    if step.properties.get("sign_off") == "yes":
        return "sign"
    if "seal" in topics:
        return "seal"
    if "dispatch" in topics:
        return "dispatch"
    if any(word in step.name for word in INSTRUCTS):
        return "instruct"
    return "review" if step.properties.get("stage", "handling") == "review" else "other"
