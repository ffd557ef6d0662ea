"""Small secret files: written whole or not at all, read only when nobody else can read them."""

import errno
import os
import stat
import uuid
from pathlib import Path

from app.config import UnsafeSettings

OWNER_ONLY = 0o600
LONGEST = 1024  # bytes of a secret
_WHY = {errno.ENOENT: "没有这个文件", errno.EACCES: "无权读取", errno.ELOOP: "是一个链接"}


def make_private(folder: Path) -> None:
    """The folder and those above it that are missing, for its owner alone."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def read_private(path: Path, what: str, hint: str = "") -> str:
    """The text of a secret file, which nobody but its owner may read. Raises UnsafeSettings.

    what  is in it, for the sentence; ``hint``: what to do when it cannot be opened
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as failure:
        why = _WHY.get(failure.errno or 0, failure.strerror)
        raise UnsafeSettings(f"{what}文件 {path} 打不开（{why}）。{hint}") from None
    try:
        _ensure_private(path, what, os.fstat(descriptor))
        return os.read(descriptor, LONGEST).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)


def _ensure_private(path: Path, what: str, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UnsafeSettings(f"{path} 不是普通文件，不能作{what}。")
    if found.st_mode & 0o077:
        raise UnsafeSettings(
            f"{what}文件 {path} 的权限太宽（{stat.S_IMODE(found.st_mode):04o}）："
            f"请改为只有运行账户可读，即 chmod 600 {path}，并考虑更换{what}。"
        )
    if found.st_uid not in (os.geteuid(), 0):
        raise UnsafeSettings(f"{what}文件 {path} 属于别的账户，请改为运行账户所有。")


def write_once(path: Path, content: bytes) -> None:
    """Write a new file. Raises FileExistsError when there is one already."""
    temporary = _written_beside(path, content)
    try:
        os.link(temporary, path)  # unlike rename, never in the place of another
    finally:
        temporary.unlink()
    sync_folder(path.parent)


def write_over(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of the file: the old one or the new one, never a part."""
    temporary = _written_beside(path, content)
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written_beside(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{uuid.uuid4().hex}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary
