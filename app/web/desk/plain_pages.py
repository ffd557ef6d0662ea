"""Pages of acts beside the route, for people with whom nothing of the case need lie.

Such a page extends ``desk/plain.html``; its view draws it with :func:`draw` and runs its operation
through ``act_pages.carry_out``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template

from app.errors import DomainError, FieldError, Invalid
from app.web import refusals


@dataclass(frozen=True)
class PlainPage:
    """One drawing of such a page.

    about  what the act is about: the title of a document
    back   address of the page that it is reached from, and ``leads`` what that page is called
    typed  what stands in the fields, by name; ``lists``: all values of each
    """

    about: str
    back: str
    leads: str
    typed: Mapping[str, Any]
    error: DomainError | None
    errors: list[FieldError]

    def chosen(self, name: str) -> list[str]:
        """What was ticked under a name."""
        found: list[str] = self.typed.get("lists", {}).get(name, [])
        return found


def draw(
    template: str,
    about: str,
    back: str,
    leads: str = "返回此件",
    *,
    typed: Mapping[str, Any] | None = None,
    error: DomainError | None = None,
    **shown: Any,
) -> Response:
    """The page, with what was typed and why it was refused."""
    errors = list(error.errors) if isinstance(error, Invalid) else []
    page = PlainPage(about, back, leads, typed or {}, error, errors)
    status = refusals.status_of(error) if error else 200
    return make_response(render_template(template, page=page, **shown), status)
