"""The database itself keeps items and lines: none goes, none changes once it was accepted."""

REFUSAL = "what was filed is kept as it was filed"

FIXED = (
    *("case_id", "unit_id", "department_id", "title", "number", "kind", "formed_on"),
    *("class_code", "year", "proposed", "filed_by_id", "filed_at"),
)
"""Columns of an item that never change; the others do until the archive has accepted it."""
LINE_FIXED = ("retention",)
"""Of a line; its result and reason are written once."""
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def of_items(dialect: str) -> list[str]:
    return _triggers("archive_item", dialect, "OLD.accepted_at IS NOT NULL", FIXED)


def of_lines(dialect: str) -> list[str]:
    fixed = ("transfer_id", "item_id", *LINE_FIXED)
    return _triggers("archive_transfer_line", dialect, "OLD.result <> 'waiting'", fixed)


def _triggers(table: str, dialect: str, over: str, fixed: tuple[str, ...]) -> list[str]:
    """``over``: when nothing of a row may change any more."""
    differs = (f"NEW.{name} {_DIFFERS[dialect]} OLD.{name}" for name in fixed)
    refused = " OR ".join((over, *differs))
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for name, verb, when in (("kept", "DELETE", "1 = 1"), ("fixed", "UPDATE", refused))
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'UPDATE' THEN RAISE EXCEPTION '{REFUSAL}'; END IF; "
        f"IF {refused} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_kept()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()",
    ]
