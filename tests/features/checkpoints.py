"""Scenarios that begin with the same acts need not repeat them: the database is kept and copied.

What has happened since the installation is a list of deeds; the same deeds at the same times lead
to the same rows. A deed that cannot be compared, such as an upload, equals nothing but itself.
"""

import shutil
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Checkpoints:
    """Files of databases by the deeds that led to them.

    begin   the installed office; ``tokens`` are its people's, by login
    """

    folder: Path
    begin: Path
    tokens: dict[str, str]
    _kept: dict[Hashable, tuple[Path, Any]] = field(default_factory=dict)

    def keep(self, deeds: Hashable, database: Path, rest: Any) -> None:
        """Copy a database that nobody has open; ``rest`` is what the scenario knows beside it."""
        file = self.folder / f"{len(self._kept)}.sqlite3"
        shutil.copy(database, file)
        self._kept[deeds] = file, rest

    def restore(self, deeds: Hashable, database: Path) -> Any:
        """Put the database of these deeds in place; None when they were never done before."""
        if deeds not in self._kept:
            return None
        file, rest = self._kept[deeds]
        shutil.copy(file, database)
        return rest
