"""Papers from the command line: what files are worth, and their time stamps renewed in time."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.commands.office import Refused, office, settings
from app.config import Config
from app.database import db
from app.handling.equipment import equipment
from app.seals import renewals, verification
from app.seals.renewals import Sessions
from app.seals.signer import Client
from app.seals.verification import Trust, Verdict, VerificationStopped


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。")
def verify(files: Sequence[Path], as_json: bool) -> None:
    """核验版式公文：谁签发、谁用印、何时，此后有没有改动。

    有一个文件无效或者打不开，即以状态 1 结束。
    """
    bad = 0
    with office() as session:
        at, trust = clock.now(session), verification.trust(session)
        session.rollback()
        for file in files:
            said = _said(session, file, trust, at)
            bad += not (isinstance(said, Verdict) and said.ok)
            click.echo(_as_json(file, said) if as_json else _as_words(file, said))
    if bad:
        raise Refused(f"{len(files)} 个文件中有 {bad} 个无效或不能核验。")


def _said(session: Session, file: Path, trust: Trust, at: datetime) -> Verdict | str:
    """The verdict, or why there is none. No transaction stays open while a file is looked at."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return "没有这个文件。请核对路径。"
    except OSError:
        return "文件读不到：可能是文件夹，或者没有读取权限。"
    expected = verification.expected(session, content)
    session.rollback()
    try:
        return verification.verify(
            content, trust, at, expected=expected, on_record=expected is not None
        )
    except VerificationStopped as stopped:
        return stopped.message


def _as_words(file: Path, said: Verdict | str) -> str:
    sentences = (said,) if isinstance(said, str) else said.sentences
    return "\n  ".join((f"{file}：", *sentences))


def _as_json(file: Path, said: Verdict | str) -> str:
    values = {"ok": False, "sentences": [said]} if isinstance(said, str) else said.as_json()
    return json.dumps({"file": str(file), **values}, ensure_ascii=False)


@click.command("renew-timestamps")
def renew_timestamps() -> None:
    """为快到期的已发公文续归档时间戳（到期前 90 天）；计划任务每小时也会做。"""
    config = settings()
    with office() as session:
        session.rollback()
        found = renew_due(authority(config), sessionmaker(db.engine))
    click.echo(f"已续 {found.done} 份公文的归档时间戳。")
    if found.failed:
        said = "；".join(sorted({*found.failed.values()}))
        raise Refused(f"还有 {len(found.failed)} 份没有续成：{said}请检查证书服务和文件存储。")


def renew_due(
    client: Client, sessions: Sessions, stopping: Callable[[], bool] = lambda: False
) -> renewals.Run:
    """Every paper that is due, for the command and for the scheduler."""

    def ask(query: bytes) -> bytes:
        return client.reply("stamp", query)

    return renewals.renew_due(sessions, equipment().store, ask, stopping)


def authority(config: Config) -> Client:
    """The process that makes time stamps."""
    return Client(config.socket("authority"), "证书服务")
