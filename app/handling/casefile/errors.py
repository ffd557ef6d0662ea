"""What making a case file may refuse."""

from app.errors import Conflict


class NotItself(Conflict):
    """A case file that its own verifier does not believe; it is given to nobody."""

    code = "case_file_broken"

    def __init__(self, why: str) -> None:
        super().__init__(f"卷宗包没有通过自己的核对：{why}请先核验整条记录，再查明这一项。")
