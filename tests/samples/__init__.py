"""Two real documents as input: a public notice of 2017 with the measures it issues, a request."""

from pathlib import Path
from typing import Any

URGENCY = {"none": "none", "加急": "urgent", "特急": "extra_urgent"}


def read(name: str) -> dict[str, Any]:
    """A sample as ``POST /api/v1/documents`` takes it."""
    text = (Path(__file__).parent / f"{name}.md").read_text("utf-8")
    _, head, body = text.split("---\n", 2)
    elements = _elements(head)
    return {
        "direction": elements["direction"],
        "kind": elements["kind"],
        "title": elements["title"],
        "body": "\n".join(line for line in body.strip().split("\n") if line.strip()),
        "urgency": URGENCY[elements["urgency"]],
        "classification": elements["classification"],
        "main_recipients": elements["main_recipients"],
        "copy_recipients": elements.get("copy_recipients") or [],
        "note": elements.get("note", ""),
    }


def _elements(head: str) -> dict[str, Any]:
    """``name: value`` lines, and lists whose items begin with a dash."""
    found: dict[str, Any] = {}
    name = ""
    for line in head.splitlines():
        if line.startswith("  - "):
            found[name].append(line.removeprefix("  - ").strip())
        elif ":" in line and not line.startswith("#"):
            name, _, value = line.partition(":")
            value = value.partition("   #")[0].strip()
            found[name] = [] if value in ("", "[]") else value
    return found


NOTICE = read("downward-yanan-2017-130")
REQUEST = read("upward-request")
