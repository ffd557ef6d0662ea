"""检查包 from the command line: case files of a year drawn at random, and all exceptions."""

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit import Checkpoint, checkpoints
from app.commands.office import Refused, office, settings
from app.commands.record import key_of
from app.config import Config
from app.database import reading
from app.handling.equipment import equipment
from app.handling.inspection import indexing, ordering, packing
from app.organization.queries import units


def packs_of(config: Config) -> Callable[..., int]:
    """The errand of the scheduler that makes the packs that auditors have asked for."""
    return ordering.maker(key_of(config))


@click.command("inspection-pack")
@click.option("--year", required=True, help="年度，例如 2026。")
@click.option("--seed", required=True, help="抽样的种子，例如当众抽出的号码。")
@click.option("--count", default="20", show_default=True, help="抽多少件的卷宗。")
@click.option("--unit", default="", help="单位的标识；不写为全部单位。")
@click.option("--checkpoint", "size", type=int, help="重做时用：原来那份的检查点。")
@click.option(
    "--to", "file", type=click.Path(path_type=Path), help="写到哪里，默认 检查包-年度.zip。"
)
def inspection_pack(
    year: str, seed: str, count: str, unit: str, size: int | None, file: Path | None
) -> None:
    """制作年度检查包：随机抽样的卷宗，全部偏差、缺号、超时和破窗，附索引；同一种子可原样重做。"""
    key = key_of(settings())
    with office() as session:
        plan = packing.read(year, seed, count, unit, [each.key for each in units(session)])
        if size is None:
            checkpoints.make(session, key, clock.now(session), now=True)
    _follow()
    with office() as session:
        with reading():  # it takes a while, and keeps nobody from writing
            seen = _checkpoint(session, size)
            packed, detail = packing.pack(session, plan, seen, key, equipment().store)
            session.rollback()
        audit.record(
            session,
            "audit.packed",
            audit.signed_by_rule("命令行"),
            at=clock.now(session),
            detail=detail,
        )
    to = file or Path(f"检查包-{plan.year}.zip")
    to.write_bytes(packed)
    click.echo(
        f"检查包已写到 {to}：{detail['among']} 件中抽 {len(detail['drawn'])} 件，"
        f"偏差 {detail['deviations']} 条，缺号 {detail['gaps'] + detail['missing']} 个。"
    )
    click.echo(f"SHA-256 {detail['sha256']}；重做时加 --checkpoint {seen.size}。")


def _follow() -> None:
    """Index what has come, a transaction for every thousand entries."""
    some = 1
    while some:
        with office() as session:
            some = indexing.catch_up(session)


def _checkpoint(session: Session, size: int | None) -> Checkpoint:
    found = checkpoints.listed(session, None)
    for each in found:
        if size in (None, each.size):
            return each
    if size is None:
        raise Refused("记录是空的，没有可以检查的。")
    raise Refused(f"没有第 {size} 条的检查点，请核对 manifest.json 里的 checkpoint。")
