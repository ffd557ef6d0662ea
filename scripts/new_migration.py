"""Write the next migration: what the models have and the migrations so far do not.

    .venv/bin/python scripts/new_migration.py "Words that say what changes"

Compares with a throw-away SQLite database; read the result before committing it.
"""

import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import alembic.command

from app import ROOT, create_app
from app.commands.schema import migrations, upgrade
from app.config import Config


def without_remarks(path: Path) -> None:
    """Alembic's own comments tell the author to read the file, not the reader."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")


def main(message: str) -> None:
    versions = ROOT / "migrations/versions"
    versions.mkdir(exist_ok=True)
    number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/scratch.sqlite3"
        app = create_app(Config(Path(folder), url, secrets.token_hex(32), demo=True))
        with app.app_context():
            upgrade(app)
            made = alembic.command.revision(
                migrations(app), message, autogenerate=True, rev_id=number
            )
    without_remarks(Path(made.path))
    subprocess.run(["ruff", "format", str(versions)], check=True)  # noqa: S603, S607


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
