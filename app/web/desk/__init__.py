"""我的公文: what staff do, on pages that work without a script."""

from app.web.desk.views import blueprint

__all__ = ["blueprint"]
