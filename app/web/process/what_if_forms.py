"""Reading what the pages of 推演 send: the beginning of a scenario, and one deed after another."""

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from app.clock import SHANGHAI
from app.errors import Invalid
from app.handling.whatif import scenario as scenarios
from app.handling.whatif.scenario import Scenario
from app.workflow.fields import Kind
from app.workflow.form_fields import Field

ABSENCES = 3
"""Lines for people who are away."""
MOST_TEXT = 100_000

Form = MultiDict[str, str]


def scenario(form: Form) -> Scenario:
    """The one that travels with the page, or a new one of its first form. Raises Invalid."""
    text = form.get("scenario", "")
    if not text:
        return _begun(form)
    try:
        given = json.loads(text[:MOST_TEXT])
    except (ValueError, RecursionError):
        raise Invalid("推演的内容不能识别，请重新开始推演。") from None
    return scenarios.read(given)


def with_deed(supposed: Scenario, form: Form, asked: Callable[[str], Sequence[Field]]) -> Scenario:
    """One deed more, or one less, as the pressed button says. Raises Invalid at its fields.

    asked  fields of the form of a step, by its id
    """
    pressed = form.get("do", "")
    stored = supposed.stored()
    if pressed == "less":
        return scenarios.read({**stored, "deeds": stored["deeds"][:-1]})
    if pressed != "more":
        return supposed
    if len(stored["deeds"]) >= scenarios.MOST_ACTS:
        raise Invalid.at("step", f"一次推演最多 {scenarios.MOST_ACTS} 步。")
    step, _, outcome = form.get("step", "").partition(":")
    if not step:
        raise Invalid.at("step", "请选择在哪个环节怎样办理。")
    back = form.get("back", "") if outcome == "←" else ""
    if outcome == "←" and not back:
        raise Invalid.at("back", "请选择退回到哪个环节。")
    deed = {
        "step": step,
        "at": _moment(form.get("at", ""), "at"),
        "person": form.get("person", "").strip(),
        "outcome": None if outcome in ("", "←") else outcome,
        "back": back or None,
        "fields": _fields(form, step, asked(step)),
        "next": _logins(form.get("next", "")),
    }
    return scenarios.read({**stored, "deeds": [*stored["deeds"], deed]})


def _begun(form: Form) -> Scenario:
    absences = []
    for number in range(1, ABSENCES + 1):
        login = form.get(f"away{number}", "")
        if login:
            absences.append(
                {
                    "login": login,
                    "since": _moment(form.get(f"since{number}", ""), f"since{number}"),
                    "until": _moment(form.get(f"until{number}", ""), f"until{number}"),
                    "agent": form.get(f"agent{number}", ""),
                }
            )
    if not form.get("starter"):
        raise Invalid.at("starter", "请选择由谁发起。")
    return scenarios.read(
        {
            "starter": form.get("starter", ""),
            "at": _moment(form.get("at", ""), "at"),
            "direction": form.get("direction", "downward"),
            "kind": form.get("kind", "") or "通知",
            "urgency": form.get("urgency", "none"),
            "countersigners": form.getlist("countersigners"),
            "absences": absences,
        }
    )


def _moment(text: str, field: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid.at(field, "请填写日期和时间，例如 2026-11-23T09:00。") from None
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).isoformat()


def name_of(step: str, key: str) -> str:
    """Of the input for one field of the form of a step."""
    return f"field-{step}-{key}"


def _fields(form: Form, step: str, asked: Sequence[Field]) -> dict[str, Any]:
    """What was filled in of the form of this step, each in its kind; what is empty is left out."""
    found: dict[str, Any] = {}
    for field in asked:
        name = name_of(step, field.key)
        text = form.get(name, "").strip()
        if not text:
            continue
        if field.kind == Kind.YES_NO:
            found[field.key] = text == "yes"
        elif field.kind == Kind.LIST:
            found[field.key] = _logins(text)
        elif field.kind == Kind.NUMBER:
            found[field.key] = _number(text, name, field.label)
        else:
            found[field.key] = text
    return found


def _number(text: str, name: str, label: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Invalid.at(name, f"“{label}”应填数字，例如 3。")
    return int(number) if number.is_integer() else number


def _logins(text: str) -> list[str]:
    return [each for each in re.split(r"[\s,，、]+", text) if each]
