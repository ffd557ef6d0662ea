"""Publishing an office's own processes from the command line."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock
from app.commands.office import Refused, office
from app.database import reading
from app.handling import routes
from app.handling.whatif import saved
from app.handling.whatif.saved import Run
from app.organization import Actor, actor, person_by_login
from app.workflow.errors import BadDiagram

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
        played = _played(session, first, drawn)
        at = clock.now(session)
        row = routes.submit(
            session, _person(session, first), drawn, at, AUTHORITY, played=played.sha256
        )
        by = _person(session, second)
        routes.put_in_force(session, by, row.sha256, at, AUTHORITY, tests=played)
        click.echo(f"流程“{row.name}”第 {row.version} 版已启用。")


def _played(session: Session, first: str, drawn: Mapping[str, bytes]) -> Run:
    """The drawing and the saved tests, played before anything is held; then nobody waits for it.

    Raises BadDiagram with every fault, NotAllowed.
    """
    with reading():
        looked = routes.look(session, _person(session, first), drawn, AUTHORITY)
        session.rollback()
        faults = looked.faults()
        if faults:
            raise BadDiagram(faults)
        tests = saved.run_all(session, looked.definition)
        session.rollback()
    return replace(tests, sha256=looked.sha256)


def _person(session: Session, login: str) -> Actor:
    return actor(session, person_by_login(session, login).id)
