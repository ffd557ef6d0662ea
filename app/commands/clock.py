"""The clock that limits live by: how the hosts see it, and believing it after it was set."""

import click
import sqlalchemy as sa

from app import audit
from app.clock import now
from app.commands.office import office
from app.deadlines import clockwatch
from app.deadlines.models import Heartbeat
from app.web.words import full

BY = audit.signed_by_rule("命令行")


@click.group()
def clock() -> None:
    """时限所依据的系统时钟。"""


@clock.command()
def show() -> None:
    """列出各调度主机最近一次到期检查和它看到的时钟。"""
    with office() as session:
        beats = session.scalars(sa.select(Heartbeat).order_by(Heartbeat.worker)).all()
        for each in beats:
            click.echo(
                f"{each.worker}：{full(each.at)} 检查；"
                f"系统时钟对照实际经过的时间：{_off(each.jump_ms)}；"
                f"本机时钟对照数据库：{_off(each.skew_ms)}。"
            )
        if not beats:
            click.echo("还没有主机做过到期检查。")


@clock.command("confirm")
@click.option("--reason", required=True, help="时钟变动的原因，记入审计记录。")
def confirm_clock(reason: str) -> None:
    """认可系统时钟现在的时间：时限从此按它生效，写入审计记录。"""
    with office() as session:
        hosts = clockwatch.confirm(session, reason, BY, now(session))
        click.echo(f"已认可系统时钟（{'、'.join(hosts)}），到期检查随后恢复。")


def _off(milliseconds: int) -> str:
    seconds = round(milliseconds / 1000)
    return f"{'快' if seconds > 0 else '慢'} {abs(seconds)} 秒" if seconds else "相符"
