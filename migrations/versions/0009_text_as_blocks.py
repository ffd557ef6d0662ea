"""Texts as blocks"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BATCH = 200
_TABLE = sa.table(
    "document",
    sa.column("id", sa.BigInteger),
    sa.column("body", sa.Text),
    sa.column("text", sa.JSON),
)


def upgrade() -> None:
    """Column by column: a table that SQLite makes anew loses its checks."""
    op.add_column("document", sa.Column("text", sa.JSON(), nullable=False, server_default="[]"))
    _rewrite("body", "text", _blocks)
    op.drop_column("document", "body")


def downgrade() -> None:
    """Tables, pictures and page breaks become nothing; their versions keep them."""
    op.add_column("document", sa.Column("body", sa.Text(), nullable=False, server_default=""))
    _rewrite("text", "body", _lines)
    op.drop_column("document", "text")


def _rewrite(old: str, new: str, change: Any) -> None:
    """Row by row in batches, so that an office with many documents needs little memory."""
    table = _TABLE
    bind, last = op.get_bind(), 0
    while True:
        query = sa.select(table.c.id, table.c[old]).where(table.c.id > last)
        rows = bind.execute(query.order_by(table.c.id).limit(_BATCH)).all()
        if not rows:
            return
        for key, value in rows:
            row = sa.update(table).where(table.c.id == key)
            bind.execute(row.values({new: change(value)}))
        last = rows[-1].id


def _blocks(body: str) -> list[dict[str, str]]:
    return [_block(line) for line in body.split("\n")] if body else []


def _block(line: str) -> dict[str, str]:
    if line.startswith("# "):
        return {"type": "title", "text": line.removeprefix("# ")}
    return {"type": "paragraph", "text": line} if line else {"type": "paragraph"}


def _lines(blocks: Any) -> str:
    marks = {"title": "# ", "paragraph": ""}
    return "\n".join(marks[b["type"]] + b.get("text", "") for b in blocks if b["type"] in marks)
