"""Two hundred case files, half of them damaged in different ways: each is judged right.

By the verifier that lies in them, alone with the standard library.
"""

import json
import subprocess
import sys
from pathlib import Path

from app.handling.casefile import verify
from tests.handling.casefiles import PUBLIC, Damage, damages, shelf
from tests.world import World

WHOLE = 100


def test_two_hundred_case_files_are_judged_right(world: World, tmp_path: Path) -> None:
    good = shelf(world, WHOLE)
    bad = _different(good)
    assert len(bad) >= WHOLE
    assert len({each.what for each in bad}) == len(bad)
    files = {f"good-{place:03}.zip": data for place, data in enumerate(good)}
    files |= {f"bad-{place:03}.zip": each.data for place, each in enumerate(bad)}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "verify.py").write_bytes(verify.unpack(good[0])["verify.py"])
    said = _judged(tmp_path, sorted(files))
    assert set(said) == set(files)
    wrong = {name for name, whole in said.items() if whole != name.startswith("good")}
    assert not {bad[int(name[4:7])].what if name[0] == "b" else name for name in wrong}


def _different(good: list[bytes]) -> list[Damage]:
    """Every damage once, dealt out to a fifth of the case files."""
    dealt = good[:: len(good) // 20]
    found: list[Damage] = []
    for place, one in enumerate(dealt):
        other = next(each for each in reversed(good) if _case(each) != _case(one))
        found += list(damages(one, other))[place :: len(dealt)]
    return found


def _case(data: bytes) -> int:
    number: int = json.loads(verify.unpack(data)["manifest.json"])["case"]
    return number


def _judged(folder: Path, names: list[str]) -> dict[str, bool]:
    """Name and whether it was called whole, from what the verifier prints."""
    run = [sys.executable, "-I", "-S", "verify.py", *names, "--key", PUBLIC]
    ended = subprocess.run(  # noqa: S603  (our own verifier)
        run, cwd=folder, capture_output=True, timeout=300, check=False
    )
    assert ended.returncode == 1, ended.stderr.decode()
    lines = ended.stdout.decode().splitlines()
    return {line.partition("：")[0]: line.endswith("卷宗包完好。") for line in lines}
