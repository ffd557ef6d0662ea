"""归档移交: the catalogue of the archive, what waits to be filed and handed over, and the lists."""

from app.web.archive import acts, lists, transfers
from app.web.archive.blueprint import blueprint

__all__ = ["acts", "blueprint", "lists", "transfers"]
