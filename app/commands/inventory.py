"""清点: that maintenance has left content and metadata as they were (REC-08)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit import chain, inventory
from app.commands.office import Refused, office, settings
from app.commands.record import key_of
from app.config import Config
from app.database import Base
from app.documents.errors import FileMissing
from app.documents.models import Attachment, Picture
from app.handling.casefile.verify import signed
from app.handling.equipment import equipment
from app.seals.models import Paper

BY = audit.signed_by_rule("命令行")
PLACE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
SHOWN = 20
REPORTS = "reports"
"""Folder in the data folder where the signed reports are kept."""


@click.group("inventory")
def take_inventory() -> None:
    """升级、恢复、迁移前后的清点和比对：数量和校验值。"""


@take_inventory.command()
@click.option("--to", "file", type=OUT, default=Path("清点.json"), help="写到哪里。")
def take(file: Path) -> None:
    """维护之前清点全部内容和元数据，写成签名的文件；请停止网页和调度程序后进行。"""
    config = settings()
    with office() as session:
        found = _take(session, None)
        text = _signed(config, {**found, "at": clock.now(session).isoformat()})
    file.write_text(text, encoding="utf-8")
    rows = sum(each["rows"] for each in found["tables"].values())
    click.echo(
        f"已清点 {len(found['tables'])} 张表 {rows} 行、{found['files']['count']} 个文件：{file}"
    )
    if found["files"]["broken"]:
        click.echo(f"其中 {len(found['files']['broken'])} 个文件现在就不在或者已损坏。", err=True)


@take_inventory.command()
@click.argument("before", type=PLACE)
@click.option("--key", help="应当签署清点的公钥（十六进制），默认是本机的检查点公钥。")
def compare(before: Path, key: str | None) -> None:
    """维护之后与清点文件比对；报告签名后存入数据文件夹的 reports，有差别时以状态 1 结束。"""
    config = settings()
    earlier = read(before, key or _public(config))
    with office() as session:
        at = clock.now(session)
        found = _take(session, earlier)
        told = inventory.differences(earlier, found)
        report = {
            **{"at": at.isoformat(), "differences": told, "after": found, "before": earlier},
        }
        text = _signed(config, report)
        place = _kept(config.data / REPORTS, at.strftime("%Y%m%d-%H%M%S"), text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        detail = {"same": not told, "differences": len(told), "report": digest}
        audit.record(session, "inventory.compared", BY, at=at, detail=detail)
    rows = sum(each["rows"] for each in earlier["tables"].values())
    if told:
        shown = "\n".join(told[:SHOWN])
        raise Refused(f"内容或者元数据与清点时不同，共 {len(told)} 处：\n{shown}\n报告：{place}")
    click.echo(
        f"内容和元数据与清点时一致：{len(earlier['tables'])} 张表 {rows} 行、"
        f"{earlier['files']['count']} 个文件。报告：{place}"
    )


def read(file: Path, public_key: str) -> dict[str, Any]:
    """An inventory as it was signed. Raises Refused for what is none, or is not by this key."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
        body = {name: value for name, value in given.items() if name != "signature"}
        whole = signed(body["public_key"], given["signature"], _bytes(body)) and body["tables"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("这个文件不是清点文件（JSON），请核对。") from None
    if not whole:
        raise Refused("清点文件的签名不成立：文件被改动过，不能用来比对。")
    if body["public_key"] != public_key.lower():
        raise Refused(
            f"清点文件由另一把密钥签署：{body['public_key']}。核实无误的，用 --key 写明它。"
        )
    return dict(body)


def _take(session: Session, before: Mapping[str, Any] | None) -> inventory.Inventory:
    if session.get_bind().dialect.name == "postgresql":
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            session.execute(sa.text(f"SET LOCAL {limit} = 0"))  # reading all files takes long
    return inventory.take(session, Base.metadata, _digests(session), _is_whole, before)


def _digests(session: Session) -> Iterator[str]:
    for column in (Attachment.sha256, Picture.sha256, Paper.sha256):
        yield from session.scalars(sa.select(column).distinct())


def _is_whole(digest: str) -> bool:
    try:
        equipment().store.get(digest)
    except FileMissing:
        return False
    return True


def _public(config: Config) -> str:
    return key_of(config).public_key().public_bytes_raw().hex()


def _bytes(body: Mapping[str, Any]) -> bytes:
    return inventory.PURPOSE + chain.canonical(body).encode()


def _signed(config: Config, said: Mapping[str, Any]) -> str:
    key = key_of(config)
    body = {**said, "public_key": _public(config)}
    whole = {**body, "signature": key.sign(_bytes(body)).hex()}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)


def _kept(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"比对-{name}.json"
    place.touch(mode=0o600)
    place.write_text(text, encoding="utf-8")
    return place
