"""流程分析 as two rooms show it: the auditor for every unit, the process administrator for his."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import request, url_for

from app import clock
from app.clock import SHANGHAI
from app.database import current_session
from app.deadlines.workdays import local_date
from app.handling.flow.behind import FIGURES, behind
from app.handling.flow.measuring import Flow, StepFigures, Wait, Wanted, measure
from app.handling.flow.versions import Version, drawing, versions
from app.web import words
from app.web.addresses import page_number
from app.web.current import asked_at
from app.web.days import day
from app.workflow.loading import definition

PAGE_ROWS = 50


@dataclass(frozen=True)
class Asked:
    """What the address asks for; days as they stand in it, both included."""

    room: str
    version: str = ""
    since: str = ""
    until: str = ""

    def address(self, **changes: str) -> str:
        return url_for(f"{self.room}.flow", **self._given(changes))

    def behind(self, figure: str, step: str = "", page: int = 1) -> str:
        """The cases behind a figure of this page."""
        also: dict[str, Any] = {"figure": figure}
        if step:
            also["step"] = step
        if page > 1:
            also["page"] = page
        return url_for(f"{self.room}.flow_cases", **self._given({}), **also)

    def _given(self, changes: Mapping[str, str]) -> dict[str, Any]:
        given = asdict(replace(self, **changes))
        return {name: value for name, value in given.items() if value and name != "room"}

    def wanted(self, version: Version, units: Collection[int] | None) -> Wanted:
        until = _begins(self.until)
        ends = until + timedelta(days=1) if until else None
        return Wanted(version.process, version.version, _begins(self.since), ends, units)


def read(room: str, given: Mapping[str, str]) -> Asked:
    """Words that mean nothing here are as good as none."""
    return Asked(
        room=room,
        version=given.get("version", "")[:64],
        since=str(day(given.get("since", "")) or ""),
        until=str(day(given.get("until", "")) or ""),
    )


def flow(room: str, units: Collection[int] | None) -> dict[str, Any]:
    """All that the page shows: of the version asked for, or of the one with most open cases."""
    session, asked = current_session(), read(room, request.args)
    found = versions(session, units)
    chosen = _chosen(found, asked)
    shown: dict[str, Any] = {
        "asked": asked,
        "versions": found,
        "chosen": chosen,
        "periods": _periods(local_date(asked_at()), asked),
    }
    if chosen is None:
        return shown
    asked = replace(asked, version=chosen.sha256)
    steps = [(each.id, each.name) for each in definition(session, chosen.sha256).steps]
    drawn = drawing(session, chosen.sha256)
    measured = measure(session, asked.wanted(chosen, units), steps, clock.now(session))
    names = {each.step: each.name for each in measured.steps}
    return {
        **shown,
        "asked": asked,
        "flow": measured,
        "names": names,
        "steps": _grouped(measured),
        "waits": [_wait(each, names) for each in measured.waits],
        "drawn": {**drawn, "heat": [_badge(each) for each in measured.steps if _seen(each)]},
    }


def cases(room: str, units: Collection[int] | None) -> dict[str, Any] | None:
    """The stays behind a figure; None for a version that is not there."""
    session, asked = current_session(), read(room, request.args)
    chosen = _chosen(versions(session, units), asked)
    if chosen is None:
        return None
    figure = request.args.get("figure", "")
    figure = figure if figure in FIGURES else "passes"
    step, page = request.args.get("step", "")[:64], page_number(request.args.get("page", ""))
    known = {each.id: each.name for each in definition(session, chosen.sha256).steps}
    rows = behind(
        session,
        asked.wanted(chosen, units),
        figure,
        step,
        clock.now(session),
        PAGE_ROWS + 1,
        (page - 1) * PAGE_ROWS,
    )
    return {
        "asked": asked,
        "chosen": chosen,
        "figure": FIGURES[figure],
        "step_name": known.get(step, step),
        "rows": rows[:PAGE_ROWS],
        "page": page,
        "previous": asked.behind(figure, step, page - 1) if page > 1 else None,
        "following": asked.behind(figure, step, page + 1) if len(rows) > PAGE_ROWS else None,
    }


def _chosen(found: Sequence[Version], asked: Asked) -> Version | None:
    if asked.version:
        return next((each for each in found if each.sha256 == asked.version), None)
    return max(found, key=lambda each: (each.open, each.cases), default=None)


def _seen(each: StepFigures) -> bool:
    return bool(each.passes or each.open or each.skipped)


def _grouped(found: Flow) -> Sequence[StepFigures]:
    """Steps that something passed or waits at; the others say nothing."""
    return [each for each in found.steps if _seen(each)]


def _wait(each: Wait, names: Mapping[str, str]) -> dict[str, Any]:
    return {"case_id": each.case_id, "step": names[each.step], "minutes": each.minutes}


def _badge(each: StepFigures) -> dict[str, Any]:
    """What stands at a step of the drawing; the table says the same."""
    parts = [f"{each.passes} 次"] if each.passes else []
    if each.median is not None:
        parts.append(f"中位 {words.span(each.median)}")
    if each.open:
        parts.append(f"在办 {each.open}")
    if each.returned:
        parts.append(f"退回 {each.returned}")
    return {"step": each.step, "heat": each.heat, "text": " · ".join(parts) or "按规则跳过"}


def _begins(text: str) -> datetime | None:
    found = day(text)
    return datetime(found.year, found.month, found.day, tzinfo=SHANGHAI) if found else None


def _periods(today: date, asked: Asked) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the present one) of the usual periods."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    last = month - timedelta(days=1)
    usual = {
        "全部": ("", ""),
        "本月": (str(month), str(today)),
        "上月": (str(last.replace(day=1)), str(last)),
        "今年": (str(year), str(today)),
    }
    return [
        (
            label,
            asked.address(since=since, until=until),
            (since, until) == (asked.since, asked.until),
        )
        for label, (since, until) in usual.items()
    ]
