"""The command line `gongwen`: every refusal is one Chinese sentence and a status of 1."""

import sys

import click
from alembic.util import CommandError
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.commands.authority import authority
from app.commands.clock import clock
from app.commands.database import database
from app.commands.inspection import inspection_pack
from app.commands.inventory import take_inventory
from app.commands.logs import event_log, process_net
from app.commands.office import Refused
from app.commands.papers import renew_timestamps, verify
from app.commands.people import role, token, unit, user
from app.commands.processes import publish
from app.commands.record import (
    case_file,
    check_conformance,
    check_proof,
    checkpoint,
    prove_entry,
    verify_audit,
)
from app.commands.schema import NOT_ALLOWED, demo, init
from app.commands.server import assets, scheduler, serve
from app.commands.signer import signer
from app.commands.witness import witness
from app.config import UnsafeSettings
from app.errors import DomainError, Invalid
from app.web.assets import AssetsMissing


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def gongwen() -> None:
    """公文办理系统的命令。各命令的用法：gongwen 命令 --help"""


for command in (
    *(serve, scheduler, signer, assets, clock),
    *(init, demo, database, take_inventory),
    *(unit, role, user, token),
    *(publish, verify_audit, checkpoint, prove_entry, check_proof, case_file),
    *(check_conformance, event_log, process_net, inspection_pack),
    *(authority, verify, renew_timestamps, witness),
):
    gongwen.add_command(command)


def main() -> None:
    try:
        gongwen.main(standalone_mode=False)
    except click.UsageError as misuse:
        path = misuse.ctx.command_path if misuse.ctx else "gongwen"
        _end(f"用法不对（{misuse.format_message()}）。请看：{path} --help", 2)
    except click.Abort:
        _end("已中断。", 130)
    except Invalid as refusal:
        _end("\n".join(dict.fromkeys([str(refusal), *(e.message for e in refusal.errors)])))
    except (DomainError, UnsafeSettings, Refused, AssetsMissing) as refusal:
        _end(str(refusal))
    except (OperationalError, ProgrammingError) as failure:
        reason = str(failure.orig).splitlines()[0]
        if getattr(failure.orig, "sqlstate", None) == NOT_ALLOWED:
            _end(f"所用的数据库账号没有这项权限（{reason}）。请用表的所有者的账号运行这条命令。")
        _end(f"数据库不能使用（{reason}）。请检查 DATABASE_URL；尚未建立时先运行 gongwen init。")
    except CommandError as failure:
        _end(f"数据库的结构版本与程序不符（{failure}）。请使用与数据库相配的程序版本。")


def _end(sentence: str, status: int = 1) -> None:
    click.echo(sentence, err=True)
    sys.exit(status)
