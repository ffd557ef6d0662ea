import subprocess
import sys
import time

import pytest

from app.documents.layout import RenderingStopped
from app.documents.layout.process import WORKER, run_worker

JOB = {
    "fonts": [],
    "conditions": {},
    "wishes": {},
    "seconds": 5,
    "wish_pages": 40,
    "take_any": False,
    "variant": "pdf/a-3b",
    "identifier": "0" * 32,
}


def job(html: str, css: str = "") -> dict[str, object]:
    return {**JOB, "attempts": [{"html": html, "css": css}]}


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RenderingStopped, match="排版没有完成"):
        run_worker(job("<div>" * 3000))


def test_runaway_input_ends_in_time() -> None:
    row = "<tr>" + "<td colspan=1000>x</td>" * 4 + "</tr>"
    began = time.monotonic()
    with pytest.raises(RenderingStopped) as refused:
        run_worker(job(f"<table>{row * 4000}</table>"), seconds=2)
    assert time.monotonic() - began < 6
    assert "within 2 s" in refused.value.detail


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<img src="data:image/png;base64,AAAA">',
    ],
)
def test_the_document_fetches_nothing(html: str) -> None:
    with pytest.raises(RenderingStopped) as refused:
        run_worker(job(html))
    assert "the document asked for" in refused.value.detail


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:9/font.otf"])
def test_the_style_sheet_fetches_only_listed_fonts(url: str) -> None:
    css = f"@font-face{{font-family:a;src:url({url})}} p{{font-family:a}}"
    with pytest.raises(RenderingStopped) as refused:
        run_worker(job("<p>x</p>", css))
    assert "not a listed font" in refused.value.detail


CONFINED = """
import importlib.util, socket, subprocess, sys
spec = importlib.util.spec_from_file_location("worker", sys.argv[1])
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)
worker.confine()
sys.addaudithook(worker._refuse)
try:
    {attempt}
except (MemoryError, PermissionError) as refused:
    print(type(refused).__name__)
"""


@pytest.mark.parametrize(
    ("attempt", "refused"),
    [
        ("bytearray(2_000_000_000)", "MemoryError"),
        ("socket.socket()", "PermissionError"),
        ("socket.getaddrinfo('localhost', 80)", "PermissionError"),
        ("subprocess.run(['true'])", "PermissionError"),
    ],
)
def test_the_process_is_confined(attempt: str, refused: str) -> None:
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-I", "-c", CONFINED.format(attempt=attempt), str(WORKER)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == refused


def test_conditions_choose_the_attempt() -> None:
    """The second attempt is the first to have both names on one page."""
    first = '<p id="a">x</p><p id="b" style="break-before:page">y</p>'
    answer = run_worker(
        {
            **JOB,
            "attempts": [
                {"html": first, "css": ""},
                {"html": first, "css": "*{break-before:auto!important}"},
            ],
            "conditions": {"together": ("a", "b"), "end": ("b", -1)},
        }
    )
    assert answer["attempt"] == 1
    assert answer["pdf"]


def test_no_attempt_that_fits_gives_no_file() -> None:
    html = '<p id="a">x</p><p id="b" style="break-before:page">y</p>'
    answer = run_worker({**job(html), "conditions": {"together": ("a", "b")}})
    assert answer["pdf"] is None
    assert answer["unmet"] == ["together"]
