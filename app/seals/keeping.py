"""The database keeps certificates and their history until their time, and as they were (SIG-22)."""

REFUSAL = "records of certificates are kept until their time"

FIXED = ("role", "issuer_id", "serial", "der", "sha256", "not_before", "not_after", "issued_at")
"""What stands in a certificate and never changes."""
_NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def of_certificates(dialect: str) -> list[str]:
    """No early deletion, no shorter keeping, no change of what stands in the certificate."""
    differs = (f"NEW.{name} {_DIFFERS[dialect]} OLD.{name}" for name in FIXED)
    fixed = " OR ".join(("NEW.keep_until < OLD.keep_until", *differs))
    early = f"OLD.keep_until > {_NOW[dialect]}"
    return _triggers("certificate", dialect, early, fixed)


def of_changes(dialect: str) -> list[str]:
    """History is never rewritten, and goes with its certificate at the earliest."""
    early = (
        "EXISTS (SELECT 1 FROM certificate"  # noqa: S608  (nothing in it comes from outside)
        f" WHERE id = OLD.certificate_id AND keep_until > {_NOW[dialect]})"
    )
    return _triggers("certificate_change", dialect, early, "1 = 1")


def _triggers(table: str, dialect: str, early: str, fixed: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for name, verb, when in (("kept", "DELETE", early), ("fixed", "UPDATE", fixed))
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION '{REFUSAL}'; END IF; "
        f"IF TG_OP = 'DELETE' THEN IF {early} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; "
        f"RETURN OLD; END IF; "
        f"IF {fixed} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_kept()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()",
    ]
