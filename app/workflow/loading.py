"""From the row of a definition to the definition, through the cache of this process."""

import json

from sqlalchemy.orm import Session

from app.workflow.definitions import Definition, cached, peek
from app.workflow.errors import NoDefinition
from app.workflow.models import DefinitionRow
from app.workflow.parser import parse


def definition(session: Session, sha256: str) -> Definition:
    """By content; one SELECT the first time in this process, none afterwards."""
    found = peek(sha256)
    if found is not None:
        return cached(sha256, lambda: found)
    row = session.get(DefinitionRow, sha256)
    if row is None:
        raise NoDefinition
    return of_row(row)


def of_row(row: DefinitionRow) -> Definition:
    files = {name: text.encode() for name, text in json.loads(row.files).items()}
    return cached(
        row.sha256, lambda: parse(row.sha256, row.process_id, row.version, row.name, files)
    )
