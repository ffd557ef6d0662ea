"""Time stamps: what openssl says of them, and what is refused."""

import asyncio
import hashlib
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from app.seals.stamping import POLICY, ClockAstray, Stamper, StampMaker, ensure_clock

from ..house import AT, House

DATA = "一件公文".encode()


@pytest.fixture(scope="module")
def maker(house: House) -> StampMaker:
    own = house.stamps[0]
    return StampMaker(own.key, own.certificate, own.chain, lambda: AT)


def query(**changes: object) -> bytes:
    values: dict[str, object] = {
        "version": 1,
        "message_imprint": {
            "hash_algorithm": {"algorithm": "sha256"},
            "hashed_message": hashlib.sha256(DATA).digest(),
        },
        "nonce": 4711,
        "cert_req": True,
    }
    return tsp.TimeStampReq(values | changes).dump()


def told(answer: bytes) -> tsp.TSTInfo:
    token = tsp.TimeStampResp.load(answer)["time_stamp_token"]
    return token["content"]["encap_content_info"]["content"].parsed


def test_openssl_verifies_the_answer_to_its_own_query(maker, house: House, tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is missing")
    data, asked, reply, roots, chain = (
        tmp_path / name for name in ("data", "query.tsq", "reply.tsr", "root.pem", "chain.pem")
    )
    data.write_bytes(DATA)
    make = ["openssl", "ts", "-query", "-data", data, "-sha256", "-cert", "-out", asked]
    subprocess.run(make, check=True, capture_output=True)  # noqa: S603  fixed words
    reply.write_bytes(maker.answer(asked.read_bytes()))
    for path, der in ((roots, house.chain()[1]), (chain, house.chain()[0])):
        certificate = x509.load_der_x509_certificate(der)
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    look = ["openssl", "ts", "-verify", "-queryfile", asked, "-in", reply, "-CAfile", roots]
    look += ["-untrusted", chain, "-attime", str(int(AT.timestamp()))]
    done = subprocess.run(look, capture_output=True, text=True, check=False)  # noqa: S603
    assert "Verification: OK" in done.stdout, done.stderr
    other = tmp_path / "other"
    other.write_bytes(DATA + b"!")
    changed = ["openssl", "ts", "-verify", "-data", other, "-in", reply, "-CAfile", roots]
    changed += ["-untrusted", chain, "-attime", str(int(AT.timestamp()))]
    assert subprocess.run(changed, capture_output=True, check=False).returncode != 0  # noqa: S603


def test_a_stamp_says_when_how_exactly_and_by_which_rules(maker) -> None:
    stamp = told(maker.answer(query()))
    assert stamp["gen_time"].native == AT
    assert stamp["accuracy"]["seconds"].native == 1
    assert stamp["policy"].native == POLICY
    assert stamp["nonce"].native == 4711


def test_no_two_stamps_have_one_serial(maker) -> None:
    serials = {told(maker.answer(query()))["serial_number"].native for _ in range(20)}
    assert len(serials) == 20
    assert all(0 < serial < 2**160 for serial in serials)


def test_certificates_come_only_when_they_are_asked_for(maker) -> None:
    bare = tsp.TimeStampResp.load(maker.answer(query(cert_req=False)))
    assert not bare["time_stamp_token"]["content"]["certificates"]
    full = tsp.TimeStampResp.load(maker.answer(query()))
    assert len(full["time_stamp_token"]["content"]["certificates"]) == 3


@pytest.mark.parametrize(
    ("asked", "failure"),
    [
        (b"no query", "bad_data_format"),
        (query()[:-3], "bad_data_format"),
        (
            query(
                message_imprint={
                    "hash_algorithm": {"algorithm": "sha1"},
                    "hashed_message": hashlib.sha1(DATA).digest(),  # noqa: S324  the point
                }
            ),
            "bad_alg",
        ),
        (
            query(
                message_imprint={
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": b"short",
                }
            ),
            "bad_alg",
        ),
        (query(req_policy="1.2.3.4"), "unaccepted_policy"),
    ],
    ids=["no query", "cut short", "weak digest", "wrong length", "other rules"],
)
def test_what_cannot_be_stamped_is_rejected(maker, asked: bytes, failure: str) -> None:
    status = tsp.PKIStatusInfo.load(maker.answer(asked)[2:], strict=True)  # and no token after it
    assert status["status"].native == "rejection"
    assert failure in status["fail_info"].native


def test_the_asking_side_takes_no_answer_to_another_query(maker) -> None:
    stale = maker.answer(query())
    with pytest.raises(TimestampRequestError):
        asyncio.run(
            Stamper(lambda _: stale).async_timestamp(hashlib.sha256(DATA).digest(), "sha256")
        )


def test_the_asking_side_says_that_none_was_given(maker) -> None:
    with pytest.raises(TimestampRequestError):
        asyncio.run(
            Stamper(lambda _: maker.answer(b"no query")).async_timestamp(
                hashlib.sha256(DATA).digest(), "sha256"
            )
        )


@pytest.mark.parametrize(("seconds", "refused"), [(0, False), (2, False), (-3, True), (3, True)])
def test_a_clock_that_is_astray_stops_the_stamps(seconds: int, refused: bool) -> None:
    if not refused:
        return ensure_clock(AT + timedelta(seconds=seconds), AT)
    with pytest.raises(ClockAstray, match="校准时钟"):
        ensure_clock(AT + timedelta(seconds=seconds), AT)
