"""见证 from the command line: who cosigns our record, and whose records we cosign."""

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import sessionmaker

from app import audit, clock
from app.audit import checkpoints
from app.audit.cosigning import directory, queries, submitting
from app.audit.cosigning.notes import LOG, WITNESS, VerifierKey
from app.audit.errors import KeyNotPrivate
from app.commands.cosigned import in_words
from app.commands.office import Refused, office, settings
from app.commands.record import key_of
from app.config import Config
from app.database import db
from app.web.words import full

BY = audit.signed_by_rule("命令行")


@click.group()
def witness() -> None:
    """见证：与另一系统互相为检查点副署。"""


@witness.command()
def show() -> None:
    """本系统的两把公钥（交给对方登记），见证方的状态，在此见证的日志。"""
    config = settings()
    click.echo(
        f"本日志的公钥（请见证方登记）：{VerifierKey.of(config.origin, LOG, key_of(config))}"
    )
    own = VerifierKey.of(config.witness_name, WITNESS, _cosigning_key(config))
    click.echo(f"本见证方的公钥（请对方登记）：{own}")
    with office() as session:
        at = clock.now(session)
        for each in queries.witnesses(session, at):
            click.echo(in_words(each))
        for log in queries.logs(session):
            click.echo(_of_log(log))


@witness.command()
@click.argument("address")
@click.argument("key")
def add(address: str, key: str) -> None:
    """登记见证方：地址 ADDRESS（https://…/api/v1/witness）和它的公钥 KEY。"""
    config = settings()
    with office() as session:
        at = clock.now(session)
        row = directory.add_witness(session, BY, at, address=address, key=key, demo=config.demo)
        click.echo(f"已登记见证方 {row.name}，时限程序从下一个检查点起送交。")


@witness.command()
@click.argument("name")
def end(name: str) -> None:
    """停用见证方 NAME；它已有的副署保留。"""
    with office() as session:
        directory.end_witness(session, BY, clock.now(session), name)
        click.echo(f"已停用见证方 {name}。")


@witness.command()
@click.argument("key")
def trust(key: str) -> None:
    """登记另一系统日志的公钥 KEY，此后为它的检查点副署。"""
    _cosigning_key(settings())  # made now, by whoever may write there
    with office() as session:
        row = directory.trust_log(session, BY, clock.now(session), key)
        click.echo(f"已登记 {row.origin} 的公钥，此后为它的检查点副署。")


@witness.command("end-log")
@click.argument("origin")
def end_log(origin: str) -> None:
    """不再为日志 ORIGIN 副署。"""
    with office() as session:
        directory.end_log(session, BY, clock.now(session), origin)
        click.echo(f"不再为 {origin} 副署；已副署到哪里仍保留。")


@witness.command()
@click.argument("origin")
def note(origin: str) -> None:
    """输出为日志 ORIGIN 副署过的最近一个检查点，可交给该单位的审计员核验。"""
    with office() as session:
        click.echo(directory.last_note(session, origin), nl=False)


@witness.command()
def send() -> None:
    """立即把最近的检查点送交各见证方。"""
    config = settings()
    with office() as session:
        sessions = sessionmaker(db.engine)
        session.rollback()
        came = witnesses_of(config)(sessions, lambda: False)
        click.echo(f"收到副署 {came} 份。")
        for each in queries.witnesses(session, clock.now(session)):
            click.echo(in_words(each))


def witnesses_of(config: Config) -> submitting.Errand:
    """The errand of the scheduler that has checkpoints cosigned."""
    return submitting.submitter(key_of(config), config.origin, demo=config.demo)


def _of_log(log: queries.ListedLog) -> str:
    if log.cosigned_at is None:
        said = "还没有送来检查点"
    else:
        said = f"副署到第 {log.size} 条（{full(log.cosigned_at)}）"
    refused = f"；{full(log.refused_at)} 前后不一，已拒绝" if log.refused_at else ""
    return f"所见证的 {log.origin}：{said}{refused}。"


def _cosigning_key(config: Config) -> Ed25519PrivateKey:
    """Raises Refused where others read it."""
    try:
        return checkpoints.kept_key(config.cosigning_key)
    except KeyNotPrivate as fault:
        raise Refused(str(fault)) from None
