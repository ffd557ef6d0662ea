"""Which keepers the settings name."""

from pathlib import Path

import pytest

from app.config import Config, UnsafeSettings
from app.seals.keys.keepers import keepers
from app.seals.keys.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places("signer", tmp_path / "keys", tmp_path / "kek", tmp_path / "socket")


def secret(tmp_path: Path, content: str = "agreed-" * 6) -> str:
    path = tmp_path / "secret"
    path.write_text(content)
    path.chmod(0o600)
    return str(path)


def test_keys_lie_in_files_unless_it_is_said_otherwise(places: Places) -> None:
    found = keepers(places, {}, demo=True)
    assert list(found.by_kind) == ["software"]
    assert found.new.kind == "software"
    assert found.new.open(found.new.make())


def test_an_office_makes_its_key_encryption_key_itself(places: Places) -> None:
    with pytest.raises(UnsafeSettings, match="new-kek"):
        keepers(places, {}, demo=False)


def test_a_lost_key_encryption_key_is_not_replaced(places: Places) -> None:
    keepers(places, {}, demo=True).new.make()
    places.kek.unlink()
    with pytest.raises(UnsafeSettings, match="请从备份恢复"):
        keepers(places, {}, demo=True)


def test_new_keys_go_to_the_service_and_the_old_ones_stay_usable(
    places: Places, tmp_path: Path
) -> None:
    old = keepers(places, {}, demo=True).new.make()
    settings = {
        "GONGWEN_SIGNER_KEEPER": "service",
        "GONGWEN_CRYPTO_SERVICE": "https://crypto.example.cn/api/",
        "GONGWEN_CRYPTO_SECRET_FILE": secret(tmp_path),
    }
    found = keepers(places, settings, demo=False)
    assert found.new.kind == "service"
    assert found.by_kind["software"].open(old)


@pytest.mark.parametrize("kind", ["token", "service", "paper"])
def test_a_keeper_that_is_not_set_up_is_refused(kind: str, places: Places) -> None:
    with pytest.raises(UnsafeSettings, match=f"“{kind}”，但没有接入"):
        keepers(places, {"GONGWEN_SIGNER_KEEPER": kind}, demo=True)


def test_pin_and_secret_come_from_private_files(places: Places, tmp_path: Path) -> None:
    token = {"GONGWEN_SIGNER_KEEPER": "token", "GONGWEN_SIGNER_PKCS11": "/lib/token.so"}
    with pytest.raises(UnsafeSettings, match="GONGWEN_SIGNER_PIN_FILE"):
        keepers(places, token, demo=True)
    pin = secret(tmp_path, "246810")
    Path(pin).chmod(0o644)
    with pytest.raises(UnsafeSettings, match="密码设备 PIN文件") as refused:
        keepers(places, {**token, "GONGWEN_SIGNER_PIN_FILE": pin}, demo=True)
    assert "246810" not in str(refused.value)


def test_places_follow_the_settings(tmp_path: Path) -> None:
    config = Config(tmp_path, "sqlite://", "k" * 32, sockets={"signer": Path("/run/s/socket")})
    settings = {"GONGWEN_SIGNER_KEYS": str(tmp_path / "mine"), "GONGWEN_SIGNER_CLIENTS": "0, root"}
    found = Places.of("signer", config, settings)
    assert (found.keys, found.kek) == (tmp_path / "mine/keys", tmp_path / "mine/kek")
    assert found.socket == Path("/run/s/socket")
    assert found.clients == {0}
    usual = Places.of("authority", config, {})
    assert usual.socket == tmp_path / "run/authority/socket"
    assert usual.keys == tmp_path / "authority/keys"


def test_an_unknown_account_is_refused(tmp_path: Path) -> None:
    config = Config(tmp_path, "sqlite://", "k" * 32)
    with pytest.raises(UnsafeSettings, match="不是这台机器上的账户"):
        Places.of("signer", config, {"GONGWEN_SIGNER_CLIENTS": "nobody-of-this-name"})
