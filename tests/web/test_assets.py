"""The built front end: addresses follow the manifest, and a change of the sources is noticed."""

import json
import re
from pathlib import Path

import pytest

from app.web import assets
from app.web.assets import AssetsMissing, asset, assets_stale


def write_manifest(built: Path, stamp: str = "0", **files: str) -> None:
    built.mkdir(exist_ok=True)
    (built / "manifest.json").write_text(json.dumps({"stamp": stamp, "files": files}), "utf-8")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(assets, "BUILT", tmp_path / "built")
    return tmp_path / "built"


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    folder = tmp_path / "frontend"
    (folder / "src").mkdir(parents=True)
    for name in ("package-lock.json", "build.mjs", "src/app.css"):
        (folder / name).write_text(name, "utf-8")
    return folder


def test_address_is_the_hashed_file(built: Path) -> None:
    write_manifest(built, **{"app.css": "app-1.css"})
    assert asset("app.css") == "/static/built/app-1.css"


def test_a_new_build_is_seen_without_a_restart(built: Path) -> None:
    write_manifest(built, **{"app.css": "app-1.css"})
    asset("app.css")
    write_manifest(built, **{"app.css": "app-second.css"})
    assert asset("app.css") == "/static/built/app-second.css"


def test_without_a_build_the_message_says_what_to_run(built: Path) -> None:
    with pytest.raises(AssetsMissing, match="gongwen assets"):
        asset("app.css")


@pytest.mark.parametrize("content", ["", "{}", "[", '{"stamp": "0"}'])
def test_a_broken_manifest_is_named(built: Path, content: str) -> None:
    built.mkdir()
    (built / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(AssetsMissing, match="损坏"):
        asset("app.css")


def test_a_name_that_was_not_built_is_named(built: Path) -> None:
    write_manifest(built, **{"app.css": "app-1.css"})
    with pytest.raises(AssetsMissing, match=r"other\.js"):
        asset("other.js")


def test_stale_until_built_and_again_after_any_change(frontend: Path, built: Path) -> None:
    assert assets_stale(frontend, built)
    write_manifest(built, assets._stamp(frontend))
    assert not assets_stale(frontend, built)
    (frontend / "src" / "new.js").write_text("", "utf-8")
    assert assets_stale(frontend, built)


@pytest.mark.parametrize("name", ["package-lock.json", "build.mjs", "src/app.css"])
def test_each_source_counts(frontend: Path, built: Path, name: str) -> None:
    write_manifest(built, assets._stamp(frontend))
    (frontend / name).write_text("changed", "utf-8")
    assert assets_stale(frontend, built)


def test_an_installed_wheel_has_no_sources_and_is_not_stale(tmp_path: Path, built: Path) -> None:
    write_manifest(built)
    assert not assets_stale(tmp_path / "absent", built)


def test_lock_file_names_no_registry_and_pins_exactly() -> None:
    lock = (assets.FRONTEND / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    package = json.loads((assets.FRONTEND / "package.json").read_text("utf-8"))
    pins = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values())


def test_own_script_evaluates_no_text() -> None:
    """CSP is script-src 'self' without unsafe-eval and unsafe-inline."""
    sources = assets.FRONTEND / "src"
    for source in [*sources.glob("*.js"), *sources.glob("*modeler/*.js"), *sources.glob("form*/*")]:
        text = source.read_text("utf-8")
        found = re.findall(
            r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", text
        )
        assert not found, source.name
