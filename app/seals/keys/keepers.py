"""The keepers that the settings name, and the one in which new keys are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.config import UnsafeSettings
from app.seals.keys import KeyKeeper
from app.seals.keys.files import read_private
from app.seals.keys.places import Places
from app.seals.keys.service import HttpService, ServiceKeys
from app.seals.keys.token import TokenKeys


@dataclass(frozen=True)
class Keepers:
    """by_kind: those that are at hand; ``new``: where keys are made from now on."""

    by_kind: Mapping[str, KeyKeeper]
    new: KeyKeeper


def keepers(places: Places, environ: Mapping[str, str], *, demo: bool) -> Keepers:
    """``GONGWEN_SIGNER_KEEPER`` says where new keys are made: software (usual), token or service.

    Keys of another keeper stay usable as long as it is set up too. Raises UnsafeSettings.
    """
    chosen = environ.get("GONGWEN_SIGNER_KEEPER", "software")
    found: dict[str, KeyKeeper] = {}
    if chosen == "software" or places.has_kek(environ):
        found["software"] = places.software(environ, make=demo)
    if library := environ.get("GONGWEN_SIGNER_PKCS11"):
        found["token"] = TokenKeys(
            Path(library), environ.get("GONGWEN_SIGNER_TOKEN", ""), _pin(environ)
        )
    if address := environ.get("GONGWEN_CRYPTO_SERVICE"):
        found["service"] = ServiceKeys(_service(address, environ))
    if chosen not in found:
        raise UnsafeSettings(
            f"GONGWEN_SIGNER_KEEPER 为“{chosen}”，但没有接入：应为 software、token"
            "（另设 GONGWEN_SIGNER_PKCS11）或 service（另设 GONGWEN_CRYPTO_SERVICE）。"
        )
    return Keepers(found, found[chosen])


def _pin(environ: Mapping[str, str]) -> str:
    path = environ.get("GONGWEN_SIGNER_PIN_FILE")
    if not path:
        raise UnsafeSettings("请设置 GONGWEN_SIGNER_PIN_FILE：存放密码设备 PIN 的文件。")
    return read_private(Path(path), "密码设备 PIN")


def _service(address: str, environ: Mapping[str, str]) -> HttpService:
    path = environ.get("GONGWEN_CRYPTO_SECRET_FILE")
    if not path:
        raise UnsafeSettings("请设置 GONGWEN_CRYPTO_SECRET_FILE：存放与密码服务约定的密钥的文件。")
    trusted = environ.get("GONGWEN_CRYPTO_CA")
    secret = read_private(Path(path), "密码服务约定密钥")
    return HttpService.read(address, secret, Path(trusted) if trusted else None)
