"""Pages typeset per second, memory after many documents, and the same text in plain WeasyPrint.

usage: python -m bench.typesetting [--rounds 5] [--documents 200]

  cold    the first document of a process: the cmaps of the fonts are read
  warm    the documents after it; each still starts a process of its own for the rendering
  cpu     processor time of a warm one; pages/s is by it, so that it holds on a busy machine too
  inside  the renderer alone, in a process that renders again and again, which the office does not
  plain   the same text as paragraphs for WeasyPrint, broken into lines by CSS: no 避头尾 beyond
          what the library knows, no flush right edge, no grid; in the same warm process
  ratio   inside over plain

Milliseconds are medians; those of inside and plain are processor time too. Memory is the resident
size of the office's process after 10 and after all documents. Ends with status 1 if it grew by
more than 10 %.
"""

import argparse
import html
import importlib
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.documents.layout import FontBook, Sheet, font_book, render, standard_folders
from app.documents.layout.worker import Renderer
from app.documents.text import plain
from tests.documents.layout.specimens.documents import MEASURES, NOTICE
from tests.documents.layout.specimens.formats import MINUTES, SHORT_LETTER

SHEETS = {"letter": SHORT_LETTER, "notice": NOTICE, "measures": MEASURES, "minutes": MINUTES}
LINE = "{:<10}{:>7}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>8}"
FLAT = 1.1
PLAIN = """@page {{ size: A4; margin: 37mm 26mm 35mm 28mm }}
@font-face {{ font-family: text; src: url({url}) }}
body {{ font: 16pt/10.2272mm text; text-align: justify }} p {{ margin: 0; text-indent: 2em }}"""


def milliseconds(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    begun = clock()
    work()
    return (clock() - begun) * 1000


def of_the_processor() -> float:
    """Seconds that this process and those it has waited for have had of it."""
    return sum(os.times()[:4])


def resident() -> float:
    """Megabytes that this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def first_attempt(sheet: Sheet, fonts: FontBook) -> dict[str, Any]:
    """The job that a render gives to its worker, cut down to the first attempt."""
    module, jobs = importlib.import_module("app.documents.layout.render"), []
    run = module.run_worker

    def noted(job: dict[str, Any]) -> dict[str, Any]:
        jobs.append(job)
        return run(job)

    module.run_worker = noted
    render(sheet, fonts)
    module.run_worker = run
    return jobs[0]["attempts"][0] | {"fonts": jobs[0]["fonts"]}


def inside(renderer: Renderer, page: str, css: str) -> None:
    renderer.render(page, css).write_pdf(pdf_variant="pdf/a-3b")


def measure(name: str, sheet: Sheet, rounds: int, folder: Path) -> None:
    fonts = FontBook(standard_folders(), folder)
    pages = 0

    def once() -> None:
        nonlocal pages
        pages = render(sheet, fonts).pages

    cold = milliseconds(once)
    warm = statistics.median(milliseconds(once) for _ in range(rounds))
    busy = statistics.median(milliseconds(once, of_the_processor) for _ in range(rounds))
    job = first_attempt(sheet, fonts)
    renderer = Renderer(job["fonts"], {})
    url = fonts.first("fangsong").path.as_uri()
    body = "".join(f"<p>{html.escape(line)}</p>" for line in plain(sheet.text).split("\n"))
    ours, theirs = [], []
    for i in range(rounds + 1):  # in turn, so that the load of the machine hits both alike
        ours.append(
            milliseconds(lambda: inside(renderer, job["html"], job["css"]), of_the_processor)
        )
        theirs.append(
            milliseconds(lambda: inside(renderer, body, PLAIN.format(url=url)), of_the_processor)
        )
        if i == 0:
            ours, theirs = [], []
    own, other = statistics.median(ours), statistics.median(theirs)
    print(
        LINE.format(
            name,
            pages,
            f"{cold:.0f}",
            f"{warm:.0f}",
            f"{busy:.0f}",
            f"{pages / busy * 1000:.2f}",
            f"{own:.0f}",
            f"{other:.0f}",
            f"{own / other:.2f}",
        ),
        flush=True,
    )


def grown(documents: int, folder: Path) -> bool:
    """Whether the process of the office grows with the documents that it has set."""
    fonts, early = font_book(standard_folders(), folder), 0.0
    for n in range(1, documents + 1):
        render(replace(SHORT_LETTER, number=f"江水函〔2026〕{n}号"), fonts)
        if n == 10:
            early = resident()
    late = resident()
    print(f"memory after 10 documents {early:.0f} MB, after {documents} {late:.0f} MB", flush=True)
    return late > early * FLAT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--documents", type=int, default=200, help="for the memory")
    options = parser.parse_args()
    times = ("cold ms", "warm ms", "cpu ms", "pages/s", "inside", "plain", "ratio")
    with tempfile.TemporaryDirectory() as folder:
        grew = grown(options.documents, Path(folder))  # before the renderer is loaded here
        print(LINE.format("document", "pages", *times))
        for name, sheet in SHEETS.items():
            measure(name, sheet, options.rounds, Path(folder))
    return int(grew)


if __name__ == "__main__":
    sys.exit(main())
