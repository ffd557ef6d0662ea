"""公文台账: what documents there are, found by their metadata, and the ledger as a file."""

from app.web.ledger import pages
from app.web.ledger.blueprint import blueprint

__all__ = ["blueprint", "pages"]
