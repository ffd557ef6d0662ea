"""Signatures, seals and verifications per second, and what each adds to a file.

usage: python -m bench.papers [--rounds 20]

  lay out   all empty fields in one revision
  sign      签发: signature, time stamp, lists
  fill      number and 印发日期; starts the renderer, whose time is counted too
  seal      the last seal with its archival time stamp
  renew     one archival time stamp more
  verify    the whole verdict; in the confined process (as the office does it), and inside
            without its start

Keys are in memory and the time-stamp service is in the same process, so the way over the sockets
is not counted. Milliseconds are medians of processor time, so that they hold on a busy machine;
per second is of one core. Bytes are what the step adds.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from app.documents.layout import font_book, for_signature, places, render, standard_folders
from app.seals import papers
from app.seals.authority.profiles import SEAL
from app.seals.verification import Trust, confined, verify
from app.seals.verification.reading import safely
from tests.documents.layout.specimens.formats import SHORT_LETTER
from tests.seals.house import AT, House

LINE = "{:<18}{:>10}{:>10}{:>12}"
STAMPS = timedelta(minutes=1)


def of_the_processor() -> float:
    """Seconds that this process and those it has waited for have had of it."""
    return sum(os.times()[:4])


def measured(rounds: int, work: Callable[[], bytes | object]) -> tuple[float, object]:
    """Median milliseconds, and what the last round gave."""
    taken, result = [], None
    for _ in range(rounds):
        begun = of_the_processor()
        result = work()
        taken.append((of_the_processor() - begun) * 1000)
    return statistics.median(taken), result


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    rounds = options.parse_args().rounds
    house = House()
    with tempfile.TemporaryDirectory() as cache:
        fonts = font_book(standard_folders(), Path(cache))
        sheet = for_signature(SHORT_LETTER, ("王建国",), date(2026, 3, 20))
        page = render(sheet, fonts)
        fields = papers.expected_fields(places(sheet, page.positions))
        leader, seal = house.holder("王建国"), house.holder("印章", SEAL)
        picture = papers.drawn_seal(sheet.signature_unit, 42, fonts)
        evidence = house.evidence()
        texts = {papers.NUMBER: "江水函〔2026〕15号", papers.PRINTED_ON: "2026年3月20日印发"}
        known = {field.name: texts[field.name] for field in fields if field.is_text}
        pdf = page.pdf
        steps: list[tuple[str, int, Callable[[bytes], bytes]]] = [
            ("lay out", rounds, lambda pdf: papers.lay_out(pdf, fields)),
            (
                "sign",
                rounds,
                lambda pdf: papers.sign_off(
                    pdf, papers.SIGN_OFF, leader, evidence, house.stamper(), AT
                ),
            ),
            ("fill", max(1, rounds // 5), lambda pdf: papers.fill(pdf, fields, known, fonts)),
            (
                "seal",
                rounds,
                lambda pdf: papers.seal(
                    *(pdf, papers.SEAL, seal, evidence, house.stamper(), AT, picture), last=True
                ),
            ),
            (
                "renew",
                rounds,
                lambda pdf: papers.renew(pdf, evidence, house.stamper(AT + STAMPS), AT + STAMPS),
            ),
        ]
        print(LINE.format("step", "ms", "per s", "bytes"))
        for name, times, step in steps:
            before = pdf
            took, after = measured(times, lambda step=step, before=before: step(before))
            assert isinstance(after, bytes)
            print(LINE.format(name, f"{took:.0f}", f"{1000 / took:.1f}", len(after) - len(before)))
            pdf = pdf if name == "renew" else after
    trust = Trust(house.roots, tuple(house.chain()[:1]), evidence.lists)
    at = AT + timedelta(hours=1)
    for name, ask in (("verify", confined), ("verify, inside", safely)):
        took, said = measured(rounds, lambda ask=ask: verify(pdf, trust, at, ask=ask))
        assert getattr(said, "ok", False), said
        print(LINE.format(name, f"{took:.0f}", f"{1000 / took:.1f}", ""))
    print(f"the page {len(page.pdf)} bytes, issued {len(pdf)}; growth {len(pdf) - len(page.pdf)}")


if __name__ == "__main__":
    main()
