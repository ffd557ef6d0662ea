"""Series of numbers, their books, and the whole ledger"""

from itertools import count

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = (
    *("决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告"),
    *("请示", "批复", "议案", "函", "纪要"),
)


def upgrade() -> None:
    before = _books_before()
    with op.batch_alter_table("issued_number") as batch_op:
        batch_op.drop_constraint(op.f("fk_issued_number_series_id"), type_="foreignkey")
    op.drop_table("number_series")
    _create_series()
    _keep(before)
    _widen_lines()
    _change_documents(unique=False)


def downgrade() -> None:
    """Reserved and skipped numbers, and those of further series, had no place before."""
    _change_documents(unique=True)
    _narrow_lines()
    rows = op.get_bind().execute(
        sa.text(
            "SELECT b.id, s.code, b.year, b.last FROM number_book b"
            " JOIN number_series s ON s.id = b.series_id"
        )
    )
    books = [
        {"id": book, "agency_code": code, "year": year, "last": last}
        for book, code, year, last in rows
    ]
    op.drop_table("number_book")
    with op.batch_alter_table("number_series") as batch_op:
        batch_op.drop_index(batch_op.f("ix_number_series_unit_id"))
    op.drop_table("number_series")
    series = op.create_table(
        "number_series",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("agency_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("agency_code", "year", name=op.f("uq_number_series_agency_code_year")),
    )
    if books:
        op.bulk_insert(series, books)
    _count_on("number_series")
    with op.batch_alter_table("issued_number") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_issued_number_series_id"), "number_series", ["series_id"], ["id"]
        )


def _books_before() -> list[sa.Row]:
    """(id, agency code, year, last, unit) of each book; unused ones of no unit are left behind."""
    query = """
        SELECT n.id, n.agency_code, n.year, n.last, COALESCE(
            (SELECT u.id FROM unit u WHERE u.agency_code = n.agency_code),
            (SELECT MIN(d.unit_id) FROM issued_number i JOIN document d ON d.id = i.document_id
             WHERE i.series_id = n.id))
        FROM number_series n ORDER BY n.id"""
    return [row for row in op.get_bind().execute(sa.text(query)) if row[4] is not None]


def _create_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("unit_id", IDENTIFIER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("role_key", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["role_key"], ["role.key"], name=op.f("fk_number_series_role_key")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_number_series_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("code", name=op.f("uq_number_series_code")),
    )
    with op.batch_alter_table("number_series") as batch_op:
        batch_op.create_index(batch_op.f("ix_number_series_unit_id"), ["unit_id"], unique=False)
    op.create_table(
        "number_book",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("series_id", IDENTIFIER, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["number_series.id"], name=op.f("fk_number_book_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_book")),
        sa.UniqueConstraint("series_id", "year", name=op.f("uq_number_book_series_id_year")),
    )


def _keep(before: list[sa.Row]) -> None:
    """Every code becomes the series of its unit; the books keep their ids."""
    unit = sa.table("unit", sa.column("id"), sa.column("short_name"))
    names = dict(op.get_bind().execute(sa.select(unit.c.id, unit.c.short_name)).fetchall())
    units = {code: unit_id for _, code, _, _, unit_id in before}
    ids = dict(zip(units, count(1), strict=False))
    series = sa.table(
        "number_series",
        *(sa.column(name) for name in ("id", "unit_id", "code", "name", "form")),
        sa.column("kinds", sa.JSON()),
    )
    book = sa.table(
        "number_book",
        *(sa.column(name) for name in ("id", "series_id", "year", "last", "reserved")),
    )
    for code, unit_id in units.items():
        op.execute(
            series.insert().values(
                id=ids[code],
                unit_id=unit_id,
                code=code,
                name=f"{names[unit_id]}发文",
                form="number",
                kinds=list(KINDS),
            )
        )
    for number, code, year, last, _ in before:
        op.execute(
            book.insert().values(id=number, series_id=ids[code], year=year, last=last, reserved=0)
        )
    _count_on("number_series")
    _count_on("number_book")


def _count_on(table: str) -> None:
    """Rows were given their ids here: PostgreSQL has to go on behind them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608  (words of this file)
            f" (SELECT COALESCE(MAX(id), 0) + 1 FROM {table}), false)"
        )


def _widen_lines() -> None:
    with op.batch_alter_table("issued_number") as batch_op:
        batch_op.drop_constraint(op.f("uq_issued_number_series_id_number"), type_="unique")
        batch_op.drop_constraint(op.f("uq_issued_number_text"), type_="unique")
        batch_op.drop_constraint(op.f("ck_issued_number_state"), type_="check")
        batch_op.drop_constraint(op.f("ck_issued_number_reason"), type_="check")
        batch_op.drop_constraint(op.f("fk_issued_number_voided_by_id"), type_="foreignkey")
        batch_op.alter_column("series_id", new_column_name="book_id")
        batch_op.alter_column("voided_by_id", new_column_name="struck_by_id")
        batch_op.alter_column("voided_at", new_column_name="struck_at")
        for name, kind in (("document_id", IDENTIFIER), ("taken_by_id", IDENTIFIER)):
            batch_op.alter_column(name, existing_type=kind, nullable=True)
        batch_op.alter_column("taken_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.add_column(sa.Column("purpose", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reserved_by_id", IDENTIFIER, nullable=True))
        batch_op.add_column(sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("issued_number") as batch_op:
        batch_op.create_unique_constraint(
            op.f("uq_issued_number_book_id_number"), ["book_id", "number"]
        )
        batch_op.create_unique_constraint(
            op.f("uq_issued_number_book_id_text"), ["book_id", "text"]
        )
        for name, column, table in (
            ("fk_issued_number_book_id", "book_id", "number_book"),
            ("fk_issued_number_reserved_by_id", "reserved_by_id", "person"),
            ("fk_issued_number_struck_by_id", "struck_by_id", "person"),
        ):
            batch_op.create_foreign_key(op.f(name), table, [column], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_issued_number_state"), "state IN ('reserved', 'used', 'void', 'skipped')"
        )
        batch_op.create_check_constraint(
            op.f("ck_issued_number_reason"),
            "(state IN ('void', 'skipped')) = (reason IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_issued_number_taken"),
            "(state IN ('used', 'void')) = (document_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_issued_number_purpose"),
            "state <> 'reserved' OR (purpose IS NOT NULL AND expires_at IS NOT NULL)",
        )
        batch_op.create_index(
            batch_op.f("ix_issued_number_document_id"), ["document_id"], unique=False
        )


def _narrow_lines() -> None:
    op.execute("DELETE FROM issued_number WHERE document_id IS NULL")
    with op.batch_alter_table("issued_number") as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_number_document_id"))
        for name in ("taken", "purpose", "state", "reason"):
            batch_op.drop_constraint(op.f(f"ck_issued_number_{name}"), type_="check")
        for name in ("book_id", "reserved_by_id", "struck_by_id"):
            batch_op.drop_constraint(op.f(f"fk_issued_number_{name}"), type_="foreignkey")
        for name in ("book_id_number", "book_id_text"):
            batch_op.drop_constraint(op.f(f"uq_issued_number_{name}"), type_="unique")
        for name in ("purpose", "expires_at", "reserved_by_id", "reserved_at"):
            batch_op.drop_column(name)
        batch_op.alter_column("book_id", new_column_name="series_id")
        batch_op.alter_column("struck_by_id", new_column_name="voided_by_id")
        batch_op.alter_column("struck_at", new_column_name="voided_at")
        for name, kind in (("document_id", IDENTIFIER), ("taken_by_id", IDENTIFIER)):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.alter_column("taken_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("issued_number") as batch_op:
        batch_op.create_unique_constraint(
            op.f("uq_issued_number_series_id_number"), ["series_id", "number"]
        )
        batch_op.create_unique_constraint(op.f("uq_issued_number_text"), ["text"])
        batch_op.create_check_constraint(
            op.f("ck_issued_number_state"), "state IN ('used', 'void')"
        )
        batch_op.create_check_constraint(
            op.f("ck_issued_number_reason"), "(state = 'void') = (reason IS NOT NULL)"
        )
        batch_op.create_foreign_key(
            op.f("fk_issued_number_voided_by_id"), "person", ["voided_by_id"], ["id"]
        )


def _change_documents(*, unique: bool) -> None:
    """第5号 may stand on an order of every unit; the ledger keeps numbers unique.

    Documents before were those of one agency.
    """
    with op.batch_alter_table("document") as batch_op:
        if unique:
            batch_op.drop_column("joint_issuers")
            batch_op.drop_index(batch_op.f("ix_document_number"))
            batch_op.create_unique_constraint(op.f("uq_document_number"), ["number"])
        else:
            batch_op.add_column(
                sa.Column("joint_issuers", sa.JSON(), nullable=False, server_default="[]")
            )
            batch_op.drop_constraint(op.f("uq_document_number"), type_="unique")
            batch_op.create_index(batch_op.f("ix_document_number"), ["number"], unique=False)
