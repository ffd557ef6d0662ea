"""Publishing an office's own processes from the command line."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock
from app.commands.office import Refused, office
from app.handling import routes
from app.organization import Actor, actor, person_by_login

AUTHORITY = "流程管理员（命令行）"
"""What the record says: at the terminal no password was asked for."""


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
    drawn = {path.name: path.read_bytes() for path in files}
    with office() as session:
        at = clock.now(session)
        row = routes.submit(session, _person(session, first), drawn, at, AUTHORITY)
        routes.put_in_force(session, _person(session, second), row.sha256, at, AUTHORITY)
        click.echo(f"流程“{row.name}”第 {row.version} 版已启用。")


def _person(session: Session, login: str) -> Actor:
    return actor(session, person_by_login(session, login).id)
