"""核验: whether a file is what it claims, for everybody; nothing of it is kept."""

from app.web.verify.views import blueprint

__all__ = ["blueprint"]
