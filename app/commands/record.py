"""Proving the record from the command line, with or without the database."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit import accesses, checkpoints, keeping, proofs, witnesses
from app.audit.errors import KeyNotPrivate
from app.commands.cosigned import cosigned_elsewhere, in_words, troubled
from app.commands.office import Refused, office, settings
from app.config import Config
from app.handling.casefile import making, packing
from app.handling.conformance import checking
from app.handling.conformance.entitled import Posts
from app.handling.conformance.kinds import KINDS
from app.handling.equipment import equipment
from app.handling.models import Case

PLACE = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
SHOWN = 50
"""Sentences that a command writes out; the rest is on the page."""


def checkpoints_of(config: Config) -> Callable[..., int]:
    """The errand of the scheduler that signs and hands over checkpoints."""
    return keeping.keeper(key_of(config), config.witnesses)


def case_files_of(config: Config) -> Callable[..., int]:
    """The errand of the scheduler that makes the case files asked for on pages."""
    return making.maker(key_of(config), equipment().store)


def key_of(config: Config) -> Ed25519PrivateKey:
    """The key that signs checkpoints, case files and packs. Raises Refused where others read it."""
    assert config.audit_key is not None  # noqa: S101  (from_environment always sets it)
    try:
        return checkpoints.kept_key(config.audit_key)
    except KeyNotPrivate as fault:
        raise Refused(str(fault)) from None


@click.command("verify-audit")
@click.option(
    "--witness", "places", multiple=True, type=PLACE, help="见证处的检查点文件或文件夹，可多次。"
)
@click.option("--key", "keys", multiple=True, help="可以采信的检查点公钥（十六进制），可多次。")
@click.option(
    "--witness-key", "cosigners", multiple=True, help="必须有其副署的见证方公钥，可多次。"
)
@click.option(
    "--cosigned", "files", multiple=True, type=FILE, help="见证方交来的、带副署的检查点，可多次。"
)
@click.option("--origin", "origins", multiple=True, help="本日志用过的其他名称，可多次。")
def verify_audit(
    places: tuple[Path, ...],
    keys: tuple[str, ...],
    cosigners: tuple[str, ...],
    files: tuple[Path, ...],
    origins: tuple[str, ...],
) -> None:
    """逐条核验审计记录并与检查点、见证方的副署核对；有误时指出第一条并以状态 1 结束。"""
    try:
        known = witnesses.read(places)
    except ValueError as fault:
        raise Refused(f"{fault}，请核对见证文件。") from None
    required, cosigned = cosigned_elsewhere([settings().origin, *origins], cosigners, files)
    with office() as session:
        given = [each.lower() for each in keys]
        found = audit.verify(session, known, given, cosigned, required)
        looks = accesses.verify(session)
        lagging = troubled(session, clock.now(session))
    if not found.ok:
        raise Refused(f"审计记录有误：{found.reason}此前 {found.entries} 条完好。")
    if not looks.ok:
        raise Refused(f"{looks.reason}此前 {looks.rows} 行查阅记录完好。")
    if any(each.disagrees for each in lagging):
        raise Refused("".join(in_words(each) for each in lagging))
    click.echo(f"审计记录完好，共 {found.entries} 条；{_compared(found)}")
    for each in lagging:
        click.echo(in_words(each), err=True)
    click.echo(f"查阅记录完好，已封存 {looks.rows} 行，待封存 {looks.unsealed} 行。")


def _compared(found: audit.Verification) -> str:
    if not found.checkpoints:
        return "还没有检查点，整体改写无从发现。"
    outside = (
        f"其中见证处的 {found.witnessed} 个"
        if found.witnessed
        else "没有与见证处的核对（--witness）"
    )
    cosigned = f"有见证方副署的 {found.cosigned} 个，" if found.cosigned else ""
    return f"与 {found.checkpoints} 个检查点一致，{cosigned}{outside}。"


@click.command("checkpoint")
def checkpoint() -> None:
    """立即签署一个检查点，并抄送各见证处。"""
    config = settings()
    key = key_of(config)
    with office() as session:
        made = checkpoints.make(session, key, clock.now(session), now=True)
    with office() as session:
        copied = sum(witnesses.hand_over(session, folder) for folder in config.witnesses)
    if made is None:
        click.echo(f"上次检查点以来没有新的记录；补送见证 {copied} 份。")
        return
    click.echo(f"第 {made.size} 条的检查点已签署：{made.root}，公钥 {made.public_key}。")


@click.command("case-file")
@click.argument("case", type=int)
@click.option(
    "--to", "file", type=click.Path(path_type=Path), help="写到哪里，默认 卷宗包-编号.zip。"
)
def case_file(case: int, file: Path | None) -> None:
    """制作一件公文的卷宗包：版本、附件、版式文件、流程图、记录及其证明，签名，可离线核对。"""
    config = settings()
    key, to = key_of(config), file or Path(f"卷宗包-{case}.zip")
    with office() as session:
        checkpoints.make(session, key, clock.now(session), now=True)
        newest = checkpoints.listed(session, 1)
        if not newest:
            raise Refused("记录是空的，没有可以取走的件。")
        session.commit()
        page = packing.page_of(equipment().sessions, case)
        store, at = equipment().store, clock.now(session)
        packed = packing.case_file(session, case, newest[0], key, store, at, page)
        detail = {"what": "case_file", "number": case}
        by = audit.signed_by_rule("命令行")
        audit.record(
            session, "audit.exported", by, at=clock.now(session), case_id=case, detail=detail
        )
    to.write_bytes(packed)
    click.echo(f"卷宗包已写到 {to}，公钥 {newest[0].public_key}。")


@click.command("prove-entry")
@click.argument("seq", type=int)
def prove_entry(seq: int) -> None:
    """输出一条记录的证明（JSON）：凭检查点即可核对，不需要数据库。"""
    with office() as session:
        found = proofs.of_entry(session, seq)
    click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))


@click.command("check-proof")
@click.argument("file", type=FILE)
@click.option("--key", help="应当签署检查点的公钥（十六进制）。")
def check_proof(file: Path, key: str | None) -> None:
    """核对一条记录的证明；不用数据库和网络。"""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise Refused("这个文件不是记录证明（JSON），请核对。") from None
    if not isinstance(given, dict) or not proofs.holds(given):
        raise Refused("证明不成立：记录、路径或者检查点被改动。")
    signed_by = given["checkpoint"]["public_key"]
    if key and key.lower() != signed_by:
        raise Refused(f"检查点由另一把密钥签署：{signed_by}。")
    click.echo(f"证明成立：第 {given['seq']} 条记录在 {given['checkpoint']['at']} 的检查点之内。")
    if not key:
        click.echo(f"请另行核实签署检查点的公钥：{signed_by}")


@click.command("check-conformance")
@click.option("--case", "case_id", type=int, help="只检查这一件，在办的也可以；默认全部已结束的。")
def check_conformance(case_id: int | None) -> None:
    """按每件公文所走的流程版本核对其办理过程；有无法解释的偏离时以状态 1 结束。"""
    posts = Posts()
    with office() as session:
        since = clock.now(session)
    checked = deviating = 0
    wrong: list[str] = []
    while True:
        with office() as session:
            cases = _to_check(session, case_id, since)
            posts.read_on(session)
            by_case = checking.check(session, cases, posts, clock.now(session))
            deviating += sum(bool(each) for each in by_case.values())
            wrong += [
                f"{number} 号案件：{KINDS[each.kind]}：{each.said}"
                for number, found in by_case.items()
                for each in found
                if each.wrong
            ]
        checked += len(cases)
        if not cases or case_id is not None:
            break
    for line in wrong[:SHOWN]:
        click.echo(line, err=True)
    told = f"已检查 {checked} 件，{deviating} 件有偏离"
    if wrong:
        raise Refused(f"{told}，其中 {len(wrong)} 处无法用办理规则解释，请安全审计员查明。")
    click.echo(f"{told}，均为有据可查的例外；明细见“记录核验”的偏离清单。")


def _to_check(session: Session, case_id: int | None, since: datetime) -> Sequence[Case]:
    if case_id is None:
        return checking.next_to_check(session, since)
    case = session.get(Case, case_id)
    if case is None:
        raise Refused(f"没有 {case_id} 号案件，请核对编号。")
    return [case]
