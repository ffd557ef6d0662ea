"""The two samples go the whole way with keys; another program agrees with our verdict."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.handling.equipment import equipment
from app.seals import verification
from app.seals.registry import shelf
from tests import samples
from tests.handling.signing.direct import SigningOffice


@pytest.mark.parametrize("sample", [samples.NOTICE, samples.REQUEST], ids=["notice", "request"])
def test_a_sample_ends_as_a_sealed_page(
    office: SigningOffice, tmp_path: Path, sample: dict[str, Any]
) -> None:
    world = office.world
    done = world.draft(**{"main_recipients": [], "note": "", **sample})
    office.run(done)
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert (document.state, kept.stage) == ("dispatched", "sealed")
    pdf = equipment().store.get(kept.sha256)
    expected = verification.expected(world.session, pdf)
    trust = verification.trust(world.session)
    verdict = verification.verify(pdf, trust, world.at, expected=expected)
    assert (verdict.ok, verdict.texts["发文字号"]) == (True, document.number)
    _ensure_poppler_agrees(pdf, tmp_path / "sealed.pdf")


def _ensure_poppler_agrees(pdf: bytes, file: Path) -> None:
    program = shutil.which("pdfsig")
    if program is None:
        pytest.skip("no pdfsig: apt-get install poppler-utils")
    file.write_bytes(pdf)
    said = subprocess.run(  # noqa: S603  our own file
        [program, "-nocert", str(file)], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert "签发" in said
    assert "单位印章" in said
