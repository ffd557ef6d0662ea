"""Headers that every answer carries (security): nothing inline, nothing framed, nothing cached."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


DRAWN = POLICY.replace("style-src 'self';", "style-src 'self'; style-src-attr 'unsafe-inline';")
"""For the two pages with an editor that draws: its marks carry their colour in a style attribute.
Sheets and scripts stay as strict as everywhere."""


def register(app: Flask) -> None:
    app.after_request(_protect)


def let_draw(response: Response) -> Response:
    """Allow style attributes on this page (flow and form editors), and nothing else more."""
    response.headers["Content-Security-Policy"] = DRAWN + "frame-ancestors 'none'"
    return response


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY + "frame-ancestors 'none'")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
