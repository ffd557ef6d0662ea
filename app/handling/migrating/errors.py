"""What 迁移 may refuse."""

from app.errors import Conflict
from app.handling.errors import HandlingError


class CaseHasMoved(HandlingError, Conflict):
    """Somebody acted on the case since; what was planned or done is of an older state."""

    code = "case_has_moved"


class NotInForce(HandlingError, Conflict):
    """Cases go to the version in force and to no other one."""

    code = "not_in_force"

    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"流程“{name}”第 {version} 版不是本单位的现行版本，只能迁移到现行版本。")
