"""Renders one job in a process of its own: JSON on standard input, JSON on standard output.

Run as a file with ``python -I``, so that nothing of the program is loaded. Limits are set before
the renderer is imported, and from then on the process may not open a socket or start another.
"""

import base64
import json
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 30
MM = 25.4 / 96
FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def confine() -> None:
    """Limit this process; inherited by nobody, since it may start none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN_EVENTS):
        raise PermissionError(event)


class Renderer:
    """Renders attempts of one job with the fetchers that the job may use."""

    def __init__(self, fonts: Iterable[str]) -> None:
        from weasyprint.urls import FatalURLFetchingError, URLFetcher

        allowed = {Path(font).as_uri() for font in fonts}

        class FontsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
            """For our own style sheet: the listed font files and nothing else."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                if url not in allowed:
                    raise FatalURLFetchingError(f"not a listed font: {url}")
                return super().fetch(url, headers)

        class NothingAtAll(URLFetcher):  # type: ignore[misc]  # as above
            """For the document, which refers to nothing."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                raise FatalURLFetchingError(f"the document asked for {url}")

        self._style_fetcher = FontsOnly(allowed_protocols={"file"}, allow_redirects=False)
        self._document_fetcher = NothingAtAll(allowed_protocols=set(), allow_redirects=False)

    def render(self, html: str, css: str) -> Any:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
        style = CSS(string=css, url_fetcher=self._style_fetcher, font_config=fonts)
        document = HTML(string=html, base_url="about:blank", url_fetcher=self._document_fetcher)
        return document.render(stylesheets=[style], font_config=fonts)


def boxes(document: Any) -> dict[str, tuple[int, float, float, float, float]]:
    """{name: (page from 1, left, top, right, bottom)} in mm from the top left of the paper.

    What goes over several pages is given where it begins.
    """
    found: dict[str, tuple[int, float, float, float, float]] = {}
    for number, page in enumerate(document.pages, start=1):
        for name, box in page.anchors.items():
            left, top, right, bottom = (round(edge * MM, 3) for edge in box)
            found.setdefault(name, (number, left, top, right, bottom))
    return found


def unmet(places: dict[str, Any], pages: int, conditions: dict[str, Any]) -> list[str]:
    """Names of the conditions that the attempt does not meet.

    Each condition is a pair of names that have to stand on one page, or a name and a page
    (-1: the last). A name that is not in the document asks for nothing.
    """
    failed = []
    for key, (first, second) in conditions.items():
        if first not in places or (isinstance(second, str) and second not in places):
            continue
        wanted = places[second][0] if isinstance(second, str) else second % (pages + 1)
        if places[first][0] != wanted:
            failed.append(key)
    return failed


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Render the attempts in order up to the first that meets every condition and wish.

    Without one, the first that meets every condition is written; with ``take_any`` the first of
    all is. An attempt is skipped where the first one lacked what it cannot mend, and none is begun
    after ``seconds``, so that a long document ends in time.
    """
    renderer = Renderer(job["fonts"])
    until = time.monotonic() + job["seconds"]
    chosen = None
    answer: dict[str, Any] = {"pdf": None, "unmet": []}
    for i, attempt in enumerate(job["attempts"]):
        if i and time.monotonic() > until:
            break
        if set(answer["unmet"]) & set(attempt.get("skip_after", ())):
            continue
        document = renderer.render(attempt["html"], attempt["css"])
        places, pages = boxes(document), len(document.pages)
        failed = unmet(places, pages, job["conditions"])
        satisfied = not failed and not unmet(places, pages, job["wishes"])
        if i == 0 or satisfied or (chosen is None and not failed):
            answer.update(attempt=i, unmet=failed, boxes=places, pages=pages)
        if satisfied or (chosen is None and (not failed or job["take_any"])):
            chosen = document
        if satisfied:
            break
    if chosen is not None:
        identifier = job["identifier"].encode()
        pdf = chosen.write_pdf(pdf_variant=job["variant"], pdf_identifier=identifier)
        answer["pdf"] = base64.b64encode(pdf).decode()
    return answer


def main() -> None:
    confine()
    job = json.load(sys.stdin)
    import weasyprint  # noqa: F401  loads its libraries before starting programs is forbidden

    sys.addaudithook(_refuse)
    json.dump(run(job), sys.stdout)


if __name__ == "__main__":
    main()
