"""Papers at each stage, made once for all tests that look at them or attack them."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.documents.layout import (
    FontBook,
    FontsMissing,
    Sheet,
    font_book,
    for_signature,
    places,
    render,
    standard_folders,
)
from app.seals import papers
from app.seals.authority import profiles

from ..documents.layout.sheets import notice
from ..documents.layout.sheets import request as request_sheet
from .house import AT, House

LEADER = "王建国"
NUMBER, PRINTED_ON = "江水〔2026〕15号", "2026年3月20日印发"
DAY = date(2026, 3, 20)
AGENCIES = ("江洲县水务局", "江洲县财政局", "江洲县应急管理局")


@pytest.fixture(scope="session")
def house() -> House:
    return House()


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontBook:
    cache: Path = tmp_path_factory.mktemp("faces")
    try:
        return font_book(standard_folders(), cache)
    except FontsMissing as missing:
        pytest.skip(f"fonts are missing: {'、'.join(missing.faces)}")


@dataclass(frozen=True)
class Stages:
    """One paper on its way, and who signed it."""

    sheet: Sheet
    fields: tuple[papers.Field, ...]
    laid_out: bytes
    signed: bytes
    numbered: bytes
    sealed: bytes
    leader: papers.Signatory
    seals: tuple[papers.Signatory, ...]
    picture: papers.Picture


@pytest.fixture(scope="session")
def issued(house: House, fonts: FontBook) -> Callable[..., Stages]:
    """Takes a sheet through sign-off, number and as many seals as it has."""

    def issue(sheet: Sheet, *, picture: papers.Picture | None = None) -> Stages:
        blank = for_signature(sheet, (LEADER,), DAY)
        page = render(blank, fonts)
        where = places(blank, page.positions)
        fields = papers.expected_fields(where, stamped=bool(sheet.posts))
        shown = picture or papers.drawn_seal(sheet.signature_unit, sheet.seal_diameter, fonts)
        return signed_by(house, AT, blank, fields, papers.lay_out(page.pdf, fields), shown, fonts)

    return issue


def signed_by(
    house: House,
    at: datetime,
    sheet: Sheet,
    fields: tuple[papers.Field, ...],
    laid_out: bytes,
    picture: papers.Picture,
    fonts: FontBook,
) -> Stages:
    """A paper with empty fields, signed, numbered and sealed by people of the house."""
    leader = house.holder(LEADER)
    stamp = papers.drawn_name(LEADER, fonts) if papers.shows_stamp(fields) else None
    signed = papers.sign_off(
        laid_out, papers.SIGN_OFF, leader, house.evidence(at), house.stamper(at), at, stamp
    )
    texts = {papers.NUMBER: NUMBER, papers.PRINTED_ON: PRINTED_ON}
    known = [field.name for field in fields if field.is_text]
    numbered = papers.fill(signed, fields, {name: texts[name] for name in known}, fonts)
    sealed, seals = numbered, []
    marked = [field for field in fields if field.locks]
    for field in marked:
        seals.append(house.holder(f"{field.issuer}电子印章", profiles.SEAL))
        sealed = papers.seal(
            sealed,
            field.name,
            seals[-1],
            house.evidence(at),
            house.stamper(at),
            at,
            picture,
            last=field is marked[-1],
        )
    return Stages(sheet, fields, laid_out, signed, numbered, sealed, leader, tuple(seals), picture)


@pytest.fixture(scope="session")
def paper(issued) -> Stages:
    """An upward request of one page, signed, numbered and sealed."""
    return issued(request_sheet())


@pytest.fixture(scope="session")
def joint(issued) -> Stages:
    """A notice of three agencies with the seal of each."""
    return issued(notice(issuers=AGENCIES, paragraphs=("现将有关事项通知如下。", "请遵照执行。")))


@dataclass(frozen=True)
class Old:
    """A paper signed at ``at``, nine years and ten months ago, by an office of that time."""

    house: House
    at: datetime
    stages: Stages


@pytest.fixture(scope="session")
def signed_long_ago(paper: Stages, fonts: FontBook) -> Old:
    at = AT + timedelta(days=120) - timedelta(days=9 * 365 + 300)
    house = House(at - timedelta(days=30))
    same = (paper.sheet, paper.fields, paper.laid_out, paper.picture)
    return Old(house, at, signed_by(house, at, *same, fonts))


@pytest.fixture
def old(signed_long_ago: Old) -> Iterator[Old]:
    """The same, with the one key for time stamps that it began with."""
    first = signed_long_ago.house.stamps[:]
    yield signed_long_ago
    signed_long_ago.house.stamps[:] = first


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the signatures."""
    if not shutil.which("pdfsig"):
        pytest.skip("poppler-utils is missing: no pdfsig")
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    command = ["pdfsig", "-nocert", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout
