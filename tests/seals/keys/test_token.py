"""Keys in a token, tried with SoftHSM: a token in a folder of the test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.seals.authority import issuing, profiles
from app.seals.keys.errors import KeyUnusable
from app.seals.keys.token import TokenKeys
from tests.seals.hierarchy import Hierarchy
from tests.seals.keys.test_software import verify

UTIL = shutil.which("softhsm2-util")
LIBRARY = next(
    (
        path
        for folder in ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib64")
        if (path := Path(folder, "libsofthsm2.so")).exists()
    ),
    None,
)
PIN = "246810"

if (UTIL is None or LIBRARY is None) and os.environ.get("CI"):
    raise RuntimeError("softhsm2 is missing")
pytestmark = pytest.mark.skipif(UTIL is None or LIBRARY is None, reason="softhsm2 is missing")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the tokens; the library reads its settings once, so one for the module."""
    folder = tmp_path_factory.mktemp("tokens")
    settings = folder / "softhsm2.conf"
    (folder / "kept").mkdir()
    settings.write_text(f"directories.tokendir = {folder / 'kept'}\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    assert UTIL is not None
    subprocess.run(  # noqa: S603  (the program of the package)
        [UTIL, "--init-token", "--free", "--label", "gongwen", "--pin", PIN, "--so-pin", "1357"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    yield folder
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def keys(tokens: Path) -> TokenKeys:
    assert LIBRARY is not None
    return TokenKeys(LIBRARY, "gongwen", PIN)


def test_a_key_of_the_token_signs_and_its_certificate_verifies(keys: TokenKeys) -> None:
    key = keys.open(keys.make())
    verify(key.public_key, key.sign(b"text"), b"text")
    house = Hierarchy()
    period = issuing.Period.longest(profiles.SEAL, house.at, house.issuing.certificate)
    subject = issuing.name("印章", house.organisation)
    der = issuing.issue(
        house.issuing, profiles.SEAL, subject, key.public_key, period, base=house.base
    )
    public = x509.load_der_x509_certificate(der).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    verify(spki, key.sign(b"paper"), b"paper")


def test_keys_are_told_apart_and_destroyed(keys: TokenKeys) -> None:
    one, two = keys.make(), keys.make()
    assert keys.open(one).public_key != keys.open(two).public_key
    keys.destroy(one)
    keys.destroy(one)
    with pytest.raises(KeyUnusable, match="没有这把密钥"):
        keys.open(one)
    assert keys.open(two).sign(b"text")


def test_a_wrong_pin_is_tried_once_only(tokens: Path, keys: TokenKeys) -> None:
    assert LIBRARY is not None
    reference = keys.make()
    wrong = TokenKeys(LIBRARY, "gongwen", "000000")
    for _ in range(5):
        with pytest.raises(KeyUnusable, match="不接受 PIN") as refused:
            wrong.open(reference)
        assert "000000" not in refused.value.message
    assert keys.open(reference), "the token is not locked"


def test_a_token_that_is_gone_is_said_and_found_again(tokens: Path, keys: TokenKeys) -> None:
    assert LIBRARY is not None
    with pytest.raises(KeyUnusable, match="没有找到密码设备“other”"):
        TokenKeys(LIBRARY, "other", PIN).make()
    with pytest.raises(KeyUnusable, match="请联系系统管理员"):
        TokenKeys(tokens / "no-library.so", "gongwen", PIN).make()
    assert keys.make()


def test_no_pin_shows_in_print(keys: TokenKeys) -> None:
    assert PIN not in repr(keys.open(keys.make()))
