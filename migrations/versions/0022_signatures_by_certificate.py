"""How often a certificate has signed, and alarms about signatures (用印次数, 签名告警)"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_BEFORE = "'locked', 'certificate'"


def upgrade() -> None:
    op.create_index("ix_signature_certificate", "signature", ["certificate_id", "at"])
    _raise_alarms(f"{_BEFORE}, 'signing'")


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM account_alarm WHERE kind = 'signing'"))
    _raise_alarms(_BEFORE)
    op.drop_index("ix_signature_certificate", table_name="signature")


def _raise_alarms(kinds: str) -> None:
    with op.batch_alter_table("account_alarm", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_account_alarm_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_account_alarm_kind"), f"kind IN ({kinds})")
