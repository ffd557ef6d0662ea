"""The shell scripts, the pinned packages, and the names that the papers use."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from app import ROOT
from app.commands import gongwen

SCRIPTS = [
    ROOT / name
    for name in (
        "run",
        "test",
        ".ci/run",
        "scripts/lock",
        *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scripts").glob("*.sh")),
    )
]
PAPERS = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))]
PINNED = re.compile(r"^[a-z0-9._-]+(\[[a-z0-9,-]+\])?==\S+", re.MULTILINE)
FOLDERS = "app|processes|forms|migrations|requirements|scripts|tests|bench|docs|web|handling"
NAMED_FILE = re.compile(rf"`((?:{FOLDERS}|[a-z]+)/[\w./-]+\.(?:py|txt|md|json))`")


def say(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (the words stand in this file)
        words, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_shell_understands_the_script(script: Path) -> None:
    assert say("bash", "-n", str(script)).stderr == ""


@pytest.mark.parametrize("script", ["run", "test", ".ci/run", "scripts/lock"])
def test_the_script_can_be_executed(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("./run", ["PORT", "HOST", "GONGWEN_DATA", "DATABASE_URL", "GONGWEN_DEMO"]),
        ("./test", ["lint", "types", "rooms", "features", "browser", "coverage"]),
    ],
)
def test_help_lists_the_words(command: str, words: list[str]) -> None:
    answer = say(command, "help")
    assert answer.returncode == 0
    assert [word for word in words if word not in answer.stdout] == []


@pytest.mark.parametrize("command", ["./run", "./test"])
def test_an_unknown_word_is_answered_with_the_usage(command: str) -> None:
    answer = say(command, "no-such-word")
    assert answer.returncode == 2
    assert "用法" in answer.stderr


@pytest.mark.parametrize("name", ["run", "assets", "test"])
def test_every_package_is_pinned_with_hashes_and_no_host(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if not PINNED.match(entry)] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|index-url|find-links", text)


def test_one_version_of_a_package_for_all_requirements() -> None:
    versions: dict[str, set[str]] = {}
    for path in (ROOT / "requirements").glob("*.txt"):
        for pin in PINNED.finditer(path.read_text(encoding="utf-8")):
            package, version = pin.group().split("==")
            versions.setdefault(package.split("[")[0], set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_links_of_the_papers_lead_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", paper.read_text(encoding="utf-8"))
    targets = {link: (paper.parent / link).resolve() for link in links}
    lost = [link for link, target in targets.items() if not target.exists()]
    assert lost == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_files_that_the_papers_name_are_there(paper: Path) -> None:
    named = NAMED_FILE.findall(paper.read_text(encoding="utf-8"))
    assert [
        name for name in named if not (ROOT / name).exists() and not (ROOT / "app" / name).exists()
    ] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_commands_that_the_papers_name_exist(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|/)gongwen ([a-z-]+)", text))
    assert named <= set(gongwen.commands)
