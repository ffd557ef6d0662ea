"""Numbers in addresses that no database can hold."""

from typing import Any

from app.errors import NotFound

LARGEST = 2**63 - 1


def refuse_impossible(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """What has such an id is simply not there (404); for the blueprints of pages."""
    if any(isinstance(value, int) and value > LARGEST for value in (values or {}).values()):
        raise NotFound
