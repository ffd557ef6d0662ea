"""Proving the record from the command line."""

import click

from app import audit
from app.commands.office import Refused, office


@click.command("verify-audit")
def verify_audit() -> None:
    """逐条核验审计记录；有误时指出第一条并以状态 1 结束。"""
    with office() as session:
        found = audit.verify(session)
    if not found.ok:
        raise Refused(f"审计记录有误：{found.reason}此前 {found.entries} 条完好。")
    click.echo(f"审计记录完好，共 {found.entries} 条。")
