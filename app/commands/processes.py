"""Publishing an office's own processes from the command line."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import ROOT, audit, clock
from app.commands.office import Refused, office
from app.errors import NotAllowed
from app.organization import Actor, actor, person_by_login, role_labels
from app.organization.roles import PROCESS_ADMIN
from app.workflow import forms, publishing


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--by", "first", required=True, help="提交人（流程管理员）的登录名。")
@click.option("--second", required=True, help="启用人（另一位流程管理员）的登录名。")
def publish(files: tuple[Path, ...], first: str, second: str) -> None:
    """检查并启用一个流程（FILES：流程图及其调用的流程图）；在办的事项不受影响。"""
    if len({path.name for path in files}) < len(files):
        raise Refused("两个文件同名，请改名后再发布。")
    with office() as session:
        at = clock.now(session)
        row = publishing.publish(
            session,
            {path.name: path.read_bytes() for path in files},
            _signature(session, first),
            at,
            roles=role_labels(session),
            forms=forms.load(ROOT / "forms"),
        )
        publishing.put_in_force(session, row.sha256, _signature(session, second), at)
        click.echo(f"流程“{row.name}”第 {row.version} 版已启用。")


def _signature(session: Session, login: str) -> audit.Signature:
    """The person's, naming the command line, where no password was asked for."""
    who: Actor = actor(session, person_by_login(session, login).id)
    if not who.holds(PROCESS_ADMIN):
        raise NotAllowed(f"{who.name}（{login}）不是流程管理员，不能发布流程。")
    return who.signature("流程管理员（命令行）")
