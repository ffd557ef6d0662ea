"""The roles that the shipped routes ask for. Roles are rows: an office may add further ones."""

from typing import Literal, NamedTuple

Scope = Literal["unit", "department"]


class ShippedRole(NamedTuple):
    key: str
    label: str
    scope: Scope


UNIT_HEAD = "unit-head"
LEADER_IN_CHARGE = "leader-in-charge"
OFFICE_HEAD = "office-head"
DEPT_HEAD = "dept-head"
OFFICE_SECRETARY = "office-secretary"
SUPERVISOR = "supervisor"
PRINTING_ROOM = "printing-room"
SEAL_KEEPER = "seal-keeper"
DISPATCHER = "dispatcher"
ARCHIVIST = "archivist"
DRAFTER = "drafter"
CERTIFICATE_OFFICER = "certificate-officer"
CERTIFICATE_ISSUER = "certificate-issuer"
PROCESS_ADMIN = "process-admin"
SYSTEM_ADMIN = "system-admin"
SECURITY_ADMIN = "security-admin"
AUDITOR = "auditor"

SHIPPED = (
    ShippedRole(UNIT_HEAD, "主要领导", "unit"),
    ShippedRole(LEADER_IN_CHARGE, "主管领导", "department"),
    ShippedRole(OFFICE_HEAD, "办公室负责人", "unit"),
    ShippedRole(DEPT_HEAD, "部门负责人", "department"),
    ShippedRole(OFFICE_SECRETARY, "办公室秘书", "unit"),
    ShippedRole(SUPERVISOR, "督办人员", "unit"),
    ShippedRole(PRINTING_ROOM, "文印室", "unit"),
    ShippedRole(SEAL_KEEPER, "印章管理员", "unit"),
    ShippedRole(DISPATCHER, "收发员", "unit"),
    ShippedRole(ARCHIVIST, "档案员", "unit"),
    ShippedRole(CERTIFICATE_OFFICER, "证书审核员", "unit"),
    ShippedRole(CERTIFICATE_ISSUER, "证书签发员", "unit"),
    ShippedRole(PROCESS_ADMIN, "流程管理员", "unit"),
    ShippedRole(SYSTEM_ADMIN, "系统管理员", "unit"),
    ShippedRole(SECURITY_ADMIN, "安全管理员", "unit"),
    ShippedRole(AUDITOR, "安全审计员", "unit"),
    ShippedRole(DRAFTER, "拟稿人", "department"),
)
"""From the top of the office down; the place in this list is ``Role.position``."""

ADMINISTRATORS = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR})
"""The three administrators (三员分立): one person holds at most one, and nothing beside it."""
