"""What commands say of witnesses, and read of what witnesses handed out themselves."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.cosigning import checking, queries
from app.audit.cosigning.checking import Cosigned
from app.audit.cosigning.notes import WITNESS, NoNote, VerifierKey
from app.commands.office import Refused
from app.web.words import full


def cosigned_elsewhere(
    origins: Sequence[str], keys: Sequence[str], files: Sequence[Path]
) -> tuple[list[VerifierKey], list[Cosigned]]:
    """Keys of witnesses, and the cosigned checkpoints in files. Raises Refused naming what is none.

    origins  names that our log has or had: the checkpoint of another one is refused
    """
    required = [_key(text) for text in keys]
    if files and not required:
        raise Refused("请用 --witness-key 给出见证方的公钥，才能核对它交来的检查点。")
    return required, [each for file in files for each in _read(file, origins, required)]


def _key(text: str) -> VerifierKey:
    try:
        found = VerifierKey.read(text)
    except NoNote:
        raise Refused(f"“{text}”不是见证方的公钥，请原样复制见证方给出的一行。") from None
    if found.kind != WITNESS:
        raise Refused(f"“{text}”是日志的公钥，不是见证方的，请向见证方索取另一把。")
    return found


def _read(file: Path, origins: Sequence[str], keys: Sequence[VerifierKey]) -> list[Cosigned]:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as fault:
        raise Refused(f"{file} 读不出来（{fault.strerror}），请核对文件和权限。") from None
    except UnicodeDecodeError:
        text = ""
    for origin in origins:
        with suppress(NoNote):
            return checking.of_text(text, origin, keys)
    named = "、".join(origins)
    raise Refused(
        f"{file} 不是 {named} 的、由所给见证方副署的检查点，请核对文件和公钥；"
        "改过 GONGWEN_LOG_NAME 的，用 --origin 给出副署时的名称。"
    )


def troubled(session: Session, at: datetime) -> list[queries.ListedWitness]:
    """Witnesses that lag, cannot be reached or do not agree."""
    return [each for each in queries.witnesses(session, at) if each.missing or each.fault]


def in_words(each: queries.ListedWitness) -> str:
    if each.cosigned_at is None:
        said = "还没有副署"
    else:
        said = f"副署到第 {each.size} 条（{full(each.cosigned_at)}）"
    behind = f"，之后 {each.behind} 条还没有副署" if each.behind and each.size else ""
    trouble = f"；{each.trouble}" if each.fault else ""
    missing = "；有检查点等了一天以上没有副署，请联系见证方" if each.missing else ""
    return f"见证方 {each.name}：{said}{behind}{trouble}{missing}。"
