"""The office's own certification authority: its founding, its lists, what units choose."""

import os
from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.orm import Session, sessionmaker

from app import audit, clock, organization
from app.commands.office import Refused, office, settings
from app.commands.signer import Work, run, with_kek
from app.config import Config
from app.database import db
from app.errors import NotFound
from app.organization import Actor, Unit, roles
from app.seals.authority import issuing
from app.seals.certificates import ceremony, clearing, duties, founding, policy, publishing
from app.seals.certificates.office import Office
from app.seals.certificates.serving import Asked
from app.seals.keys.places import Places
from app.seals.models import DIGESTS
from app.seals.registry import digests
from app.web.words import full

BY = audit.signed_by_rule("命令行")


@click.group(invoke_without_command=True)
@click.pass_context
def authority(context: click.Context) -> None:
    """启动证书服务：签发证书、撤销清单和时间戳。不带子命令时启动；子命令管理签发机构。"""
    if context.invoked_subcommand is None:
        run("authority", certifying)


with_kek(authority, "authority")


def certifying(config: Config, places: Places) -> Work:
    """What the authority does: its duties, answers on status, and time stamps."""
    hand = at_hand(config)
    asked = Asked(sessionmaker(db.engine), hand)
    return asked.operations(), lambda sessions: duties.of_authority(sessions, hand)


@authority.command()
@click.option("--unit", "unit_key", required=True, help="设立签发机构的单位的标识。")
@click.option(
    "--offline", type=click.Path(path_type=Path), required=True, help="离线文件夹（空）。"
)
@click.option(
    "--holder", "holders", multiple=True, required=True, help="根密钥保管人登录名，两位。"
)
@click.option("--auditor", required=True, help="到场的安全审计员登录名。")
def found(unit_key: str, offline: Path, holders: tuple[str, ...], auditor: str) -> None:
    """建立签发机构：根密钥加密后存入离线文件夹，签发、时间戳、状态查询密钥存入证书服务。"""
    config = settings()
    with office() as session:
        unit, present = _unit(session, unit_key), _present(session, holders, auditor)
        ceremony.ensure_empty(offline)
        session.rollback()  # people take their time to type; nobody waits for them meanwhile
        click.echo("请两位保管人先后各输入一个口令（每个输两遍，屏幕不显示）。")
        secret = _asked_for([f"保管人{each.name}" for each in present[:2]], confirm=True)
        key, at = ceremony.new_root_key(), clock.now(session)
        names = [each.name for each in present]
        made = founding.found(session, at_hand(config), unit, key, at, present=names)
        record = _record(unit, present, made, at)
        ceremony.put_away(offline, key, secret, made.root.der, record)
        ceremony.keep_list(offline, _list(session, made.root.id))
    click.echo(record)
    click.echo(f"根密钥已存入 {offline}。请把它移到离线介质，另做一份备份，分开保管。")


@authority.command()
@click.option(
    "--offline", type=click.Path(path_type=Path), help="存放根密钥的文件夹：更新根的清单。"
)
def lists(offline: Path | None) -> None:
    """更新撤销清单；带 --offline 时由两位保管人更新根证书的清单（每年一次）。"""
    with office() as session:
        if offline is None:
            made = publishing.renew_lists(session, at_hand(settings()), clock.now(session))
            numbers = "、".join(f"第 {each.number} 号" for each in made)
            click.echo(f"已签发{numbers}撤销清单。" if made else "撤销清单是最新的。")
            return
        key = ceremony.unlock(offline, _asked_for(["保管人", "保管人"]))
        row = founding.renew_root_list(session, key, clock.now(session))
        ceremony.keep_list(offline, _list(session, row.id))
        until = publishing.newest(session, row.id)
        click.echo(f"根证书的撤销清单已更新，有效至 {full(until.next_update)}。" if until else "")


@authority.command("renew-issuing")
@click.option("--offline", type=click.Path(path_type=Path), required=True, help="根密钥文件夹。")
def renew_issuing(offline: Path) -> None:
    """更换签发机构：新的签发密钥和证书、时间戳和状态查询密钥；旧证书照常有效。"""
    with office() as session:
        key = ceremony.unlock(offline, _asked_for(["保管人", "保管人"]))
        at, row = clock.now(session), founding.own_root(session)
        unit, root = session.get_one(Unit, row.unit_id), issuing.Issuer.of(key, row.der)
        made = founding.certify_issuing(session, at_hand(settings()), row, root, unit, at)
        click.echo(f"新的签发机构证书：{issuing.fingerprint(made.der)}")


@authority.command()
@click.argument("certificate", type=click.Path(path_type=Path, exists=True))
@click.option("--reason", required=True, help="列入名录的依据，记入审计记录。")
def trust(certificate: Path, reason: str) -> None:
    """把外部电子认证机构的根证书（PEM 或 DER 文件）列入受信任的名录（SIG-25）。"""
    content = certificate.read_bytes()
    pem = content.lstrip().startswith(b"-----BEGIN")
    try:
        load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
        der = issuing.der_of(load(content))
    except ValueError:
        raise Refused(f"{certificate} 不是证书文件。") from None
    with office() as session:
        founding.trust(session, BY, der, clock.now(session), reason)
    click.echo(f"已列入名录：{issuing.fingerprint(der)}")


@authority.command("retire-digest")
@click.argument("digest", type=click.Choice(list(DIGESTS)))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="停用的日期。")
@click.option("--reason", required=True, help="停用的依据，记入审计记录。")
def retire_digest(digest: str, on: datetime, reason: str) -> None:
    """定下一种摘要算法的停用日期：新时间戳改用下一种，已发公文在停用前 90 天续归档时间戳。"""
    ends_at = on.replace(tzinfo=clock.SHANGHAI)
    with office() as session:
        digests.retire(session, BY, digest, ends_at, reason, clock.now(session))
        now = digests.in_use(digests.ends(session))
    click.echo(f"{DIGESTS[digest]} 自 {on:%Y-%m-%d} 起停用；新的归档时间戳使用 {DIGESTS[now]}。")


@authority.command("unit")
@click.argument("unit_key")
@click.option("--kind", type=click.Choice(list(policy.KIND)), help="机关单位或者其他单位。")
@click.option("--renewal", type=click.Choice(list(policy.RENEWAL)), help="更新由谁办理。")
@click.option("--reason", required=True)
@click.option("--source", default="", help="依据的文件。")
def choose(unit_key: str, kind: str | None, renewal: str | None, reason: str, source: str) -> None:
    """选定单位的证书规则：档案保存年限（SIG-22）、到期提醒发给谁（SIG-13）。"""
    chosen = {key: value for key, value in (("kind", kind), ("renewal", renewal)) if value}
    with office() as session:
        unit = _unit(session, unit_key)
        at = clock.now(session)
        policy.choose(session, BY, unit, chosen, at, reason=reason, source=source)
        now = policy.in_force(session, unit.id)
    click.echo(f"{policy.KIND[now['kind']]}；{policy.RENEWAL[now['renewal']]}。")


@authority.command()
@click.option("--reason", required=True, help="清理的理由，记入审计记录。")
def clear(reason: str) -> None:
    """清理已过保存期限的证书档案（SIG-22）；公文上用过的证书不清理。"""
    count = 0
    with office() as session:
        while serials := clearing.clear(session, BY, clock.now(session), reason):
            session.commit()
            count += len(serials)
    click.echo(f"已清理 {count} 张证书的档案。" if count else "没有已过保存期限的档案。")


def at_hand(config: Config) -> Office:
    """The authority's keys; a demonstration office makes its key-encryption key by itself."""
    places = Places.of("authority", config, os.environ)
    return Office(places.software(os.environ, make=config.demo), config.link)


def _present(session: Session, holders: tuple[str, ...], auditor: str) -> list[Actor]:
    """The two holders and the auditor. Raises Refused unless they are three people."""
    people = [
        organization.actor(session, organization.person_by_login(session, login).id)
        for login in (*holders, auditor)
    ]
    if len(holders) != 2 or len({each.person_id for each in people}) != 3:
        raise Refused("建立签发机构须有两位根密钥保管人和一位安全审计员到场，且为三个人。")
    if not people[-1].holds(roles.AUDITOR):
        raise Refused(f"{people[-1].name}（{people[-1].login}）不是安全审计员。")
    return people


def _asked_for(names: list[str], *, confirm: bool = False) -> bytes:
    words = [
        click.prompt(
            f"{'第一' if place == 0 else '第二'}位{name}的口令",
            hide_input=True,
            confirmation_prompt="再输一遍" if confirm else False,
        )
        for place, name in enumerate(names)
    ]
    return ceremony.passphrase(*words)


def _record(unit: Unit, present: list[Actor], made: founding.Founded, at: datetime) -> str:
    first, second, auditor = (f"{each.name}（{each.login}）" for each in present)
    return (
        f"证书签发机构建立记录\n单位：{unit.name}\n时间：{full(at)}\n"
        f"根密钥保管人：{first}、{second}\n监督：{auditor}\n"
        f"根证书指纹（SHA-256）：{issuing.fingerprint(made.root.der)}\n"
        f"签发机构证书指纹（SHA-256）：{issuing.fingerprint(made.issuing.der)}\n"
        "签字：____________  ____________  ____________\n"
    )


def _list(session: Session, issuer_id: int) -> bytes:
    found = publishing.newest(session, issuer_id)
    assert found is not None  # noqa: S101  (it was made a moment before)
    return found.der


def _unit(session: Session, key: str) -> Unit:
    found = session.scalar(sa.select(Unit).where(Unit.key == key))
    if found is None:
        raise NotFound(f"没有标识为“{key}”的单位。")
    return found
