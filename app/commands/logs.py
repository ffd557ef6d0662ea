"""Event logs and nets written to files from the command line, as big as the record is."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from app import audit, clock
from app.clock import SHANGHAI
from app.commands.office import Refused, office
from app.database import reading
from app.handling.eventlogs import exporting, petri
from app.handling.eventlogs.gathering import Wanted, count
from app.workflow import queries as routes
from app.workflow.loading import definition

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("event-log")
@click.option(
    "--form", type=click.Choice([*exporting.FORMS]), default="xes", help="文件格式，默认 xes。"
)
@click.option("--since", type=DAY, help="从哪一天起发起的案件（含当日）。")
@click.option("--until", type=DAY, help="到哪一天为止发起的案件（含当日）。")
@click.option("--process", default="", help="只要这个流程的案件，例如 outgoing。")
@click.option(
    "--to", "file", type=click.Path(path_type=Path), help="写到哪里，默认 事件日志.（格式）。"
)
def event_log(
    form: str, since: datetime | None, until: datetime | None, process: str, file: Path | None
) -> None:
    """导出事件日志（XES、OCEL 2.0 或 CSV），供流程挖掘软件读取；不含意见和正文。"""
    wanted = Wanted(_begins(since), _begins(until, days=1), process)
    to = file or Path(f"事件日志.{exporting.FORMS[form].ending}")
    with office() as session:
        cases, entries = count(session, wanted)
        if not cases:
            raise Refused("这个范围内没有案件，请核对日期和流程标识。")
        by = audit.signed_by_rule("命令行")
        detail = {"form": form, "cases": cases, "entries": entries}
        audit.record(session, "event_log.exported", by, at=clock.now(session), detail=detail)
        session.commit()
        with to.open("wb") as out, reading():
            exporting.write(session, form, wanted, out)
    click.echo(f"{cases} 件、{entries} 条记录的事件日志已写到 {to}。")


@click.command("process-net")
@click.argument("process")
@click.option("--version", type=int, help="第几版，默认启用的一版。")
@click.option(
    "--to", "file", type=click.Path(path_type=Path), help="写到哪里，默认 流程标识-版本.pnml。"
)
def process_net(process: str, version: int | None, file: Path | None) -> None:
    """把一个流程版本写成 Petri 网（PNML），可与事件日志一起交给流程挖掘软件核对。"""
    with office() as session:
        found = {each.version: each for each in routes.versions(session, process)}
        if version is not None and version not in found:
            raise Refused(f"流程 {process} 没有第 {version} 版，请核对。")
        drawn = (
            routes.in_force(session, process)
            if version is None
            else definition(session, found[version].sha256)
        )
        text = petri.pnml(drawn)
    to = file or Path(f"{process}-{drawn.version}.pnml")
    to.write_text(text, encoding="utf-8")
    click.echo(f"流程“{drawn.name}”第 {drawn.version} 版的 Petri 网已写到 {to}。")


def _begins(day: datetime | None, days: int = 0) -> datetime | None:
    return day.replace(tzinfo=SHANGHAI) + timedelta(days=days) if day else None
