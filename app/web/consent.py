"""同意 or 不同意: which of two buttons somebody pressed."""

from collections.abc import Mapping

from app.errors import Invalid


def yes_or_no(typed: Mapping[str, str]) -> bool:
    """Raises Invalid where neither was: silence is no refusal."""
    pressed = typed.get("agree")
    if pressed not in ("yes", "no"):
        raise Invalid.at("agree", "请选择同意或者不同意。")
    return pressed == "yes"
