"""Pictures of texts, the lock of whoever writes, and forms not yet saved"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_by_id", ID, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_picture_unit_id")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_picture_added_by_id")
        ),
        sa.PrimaryKeyConstraint("unit_id", "sha256", "added_by_id", name=op.f("pk_picture")),
    )
    op.create_table(
        "document_picture",
        sa.Column("document_id", ID, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_picture_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "sha256", name=op.f("pk_document_picture")),
    )
    op.create_index("ix_document_picture_sha256", "document_picture", ["sha256"], unique=False)
    op.create_table(
        "edit_lock",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("task_id", ID, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("asked_at", TIME, nullable=True),
        sa.Column("refused_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_edit_lock_document_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_edit_lock_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_edit_lock_task_id")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_edit_lock_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["refused_id"], ["person.id"], name=op.f("fk_edit_lock_refused_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_edit_lock")),
    )
    op.create_table(
        "form_draft",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_draft_person_id")),
        sa.PrimaryKeyConstraint("person_id", "place", name=op.f("pk_form_draft")),
    )


def downgrade() -> None:
    """Texts keep their pictures by hash; the bytes stay in the store."""
    op.drop_table("form_draft")
    op.drop_table("edit_lock")
    op.drop_index("ix_document_picture_sha256", "document_picture")
    op.drop_table("document_picture")
    op.drop_table("picture")
