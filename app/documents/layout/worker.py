"""Renders one job in a process of its own: JSON on standard input, JSON lines on standard output.

Run as a file with ``python -I``, so that nothing of the program is loaded. Limits are set before
the renderer is imported, and from then on the process may not open a socket or start another.
"""

import base64
import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 30
MM = 25.4 / 96
PICTURE = "picture:"
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

    def __init__(self, fonts: Iterable[str], pictures: dict[str, str]) -> None:
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

        allowed = {Path(font).as_uri() for font in fonts}

        class FontsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
            """For our own style sheet: the listed font files and nothing else."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                if url not in allowed:
                    raise FatalURLFetchingError(f"not a listed font: {url}")
                return super().fetch(url, headers)

        class PicturesOnly(URLFetcher):  # type: ignore[misc]  # as above
            """For the document, which refers to nothing but the pictures of the job."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                name = url.removeprefix(PICTURE)
                if name == url or name not in pictures:
                    raise FatalURLFetchingError(f"the document asked for {url}")
                try:
                    body = opaque(base64.b64decode(pictures[name]))
                except Exception as unreadable:
                    raise FatalURLFetchingError(f"not a picture: {name}") from unreadable
                return URLFetcherResponse(url, body, {"Content-Type": "image/png"})

        self._style_fetcher = FontsOnly(allowed_protocols={"file"}, allow_redirects=False)
        self._document_fetcher = PicturesOnly(allowed_protocols=set(), allow_redirects=False)

    def render(self, html: str, css: str) -> Any:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
        style = CSS(string=css, url_fetcher=self._style_fetcher, font_config=fonts)
        document = HTML(string=html, base_url="about:blank", url_fetcher=self._document_fetcher)
        return document.render(stylesheets=[style], font_config=fonts)


def opaque(content: bytes) -> bytes:
    """The picture as grey or RGB without transparency, which is what PDF/A asks least of."""
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint would show half a picture
    opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    opened.load()
    if opened.format == "JPEG" and opened.mode in ("L", "RGB"):
        return content
    picture: Image.Image = opened
    if picture.mode not in ("1", "L", "RGB"):
        layers = picture.convert("RGBA")
        picture = Image.new("RGB", picture.size, "white")
        picture.paste(layers, mask=layers.getchannel("A"))
    out = io.BytesIO()
    picture.convert("L" if picture.mode in ("1", "L") else "RGB").save(out, "PNG")
    return out.getvalue()


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
    (-1: the last, 0: any even one). A name that is not in the document asks for nothing.
    """
    failed = []
    for key, (first, second) in conditions.items():
        if first not in places or (isinstance(second, str) and second not in places):
            continue
        if second == 0:
            met = places[first][0] % 2 == 0
        else:
            wanted = places[second][0] if isinstance(second, str) else second % (pages + 1)
            met = places[first][0] == wanted
        if not met:
            failed.append(key)
    return failed


def run(job: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Render the attempts in order up to the first that meets every condition and wish.

    Without one, the first that meets every condition is written; with ``take_any`` the first of
    all is. An attempt is skipped where the first one lacked what it cannot mend, and none is begun
    after ``seconds`` of work, so that a long document ends in time. For a mere wish no more than
    ``wish_pages`` are set: counted, not timed, so that a busy machine gives the same page.
    ``tell`` hears of each attempt that is begun.
    """
    renderer = Renderer(job["fonts"], job.get("pictures", {}))
    until = time.process_time() + job["seconds"]
    chosen = None
    answer: dict[str, Any] = {"pdf": None, "unmet": []}
    for i, attempt in enumerate(job["attempts"]):
        tried_enough = chosen is not None and i * answer["pages"] > job["wish_pages"]
        if tried_enough or (i and time.process_time() > until):
            break
        if set(answer["unmet"]) & set(attempt.get("skip_after", ())):
            continue
        tell({"pass": i})
        document = renderer.render(attempt["html"], attempt["css"])
        places, pages = boxes(document), len(document.pages)
        failed = unmet(places, pages, job["conditions"])
        satisfied = not failed and not unmet(places, pages, job["wishes"])
        if i == 0 or satisfied or (chosen is None and not failed):
            answer.update(attempt=i, unmet=failed, boxes=places, pages=pages, satisfied=satisfied)
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
    _say(run(job, _say))


def _say(words: dict[str, Any]) -> None:
    """One line for who waits."""
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
