"""红头模板: seen by all of the unit, made by its dispatcher (DRF-06)."""

from app.web.letterheads import pages
from app.web.letterheads.pages import blueprint

__all__ = ["blueprint", "pages"]
