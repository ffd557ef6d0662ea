"""What the record may refuse."""

from pathlib import Path

from app.errors import Conflict


class RecordNotWhole(Conflict):
    """An entry does not fit; nothing is signed or proved over it."""

    code = "record_not_whole"

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(
            f"第 {seq} 条记录不完整或者被改动，不能签署检查点。请运行 gongwen verify-audit 查明。"
        )


class KeyNotPrivate(Exception):
    """The file of the key can be read by others, or holds something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 不是只有本账号能读的检查点密钥：请改为 0600，或者恢复原来的文件。"
        )
