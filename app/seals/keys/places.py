"""Where one process has its keys, its key-encryption key and its socket."""

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.config import Config, UnsafeSettings
from app.seals.keys.encryption import KeyEncryption, new_file
from app.seals.keys.files import make_private
from app.seals.keys.software import SoftwareKeys

WORDS = {"signer": "签名服务", "authority": "证书服务"}


@dataclass(frozen=True)
class Places:
    """Of the signer or the authority.

    name     ``signer`` or ``authority``; the settings are called after it
    keys     folder of the encrypted keys, of this process's account alone
    kek      usual file of the key-encryption key
    socket   where it listens
    clients  accounts besides its own that may ask, by their numbers
    """

    name: str
    keys: Path
    kek: Path
    socket: Path
    clients: frozenset[int] = frozenset()

    @classmethod
    def of(cls, name: str, config: Config, environ: Mapping[str, str]) -> "Places":
        """Raises UnsafeSettings for an account that this machine does not know."""
        setting = f"GONGWEN_{name.upper()}"
        home = Path(environ.get(f"{setting}_KEYS") or config.data / name).resolve()
        clients = frozenset(
            _number(each.strip(), f"{setting}_CLIENTS")
            for each in environ.get(f"{setting}_CLIENTS", "").split(",")
            if each.strip()
        )
        return cls(name, home / "keys", home / "kek", config.socket(name), clients)

    @property
    def words(self) -> str:
        return WORDS[self.name]

    def encryption(self, environ: Mapping[str, str]) -> KeyEncryption:
        """Raises UnsafeSettings."""
        return KeyEncryption.from_environment(environ, self._setting, self.kek)

    def software(self, environ: Mapping[str, str], *, make: bool = False) -> SoftwareKeys:
        """The keys in the folder.

        make  in the demonstration office a missing key-encryption key is made, where no key
              would be lost by it
        """
        if make and not self.has_kek(environ) and not any(self.keys.glob("*.pem")):
            self.new_kek()
        return SoftwareKeys(self.keys, self.encryption(environ))

    def has_kek(self, environ: Mapping[str, str]) -> bool:
        given = environ.get(self._setting) or environ.get(f"{self._setting}_FILE")
        return bool(given) or self.kek.exists()

    def new_kek(self) -> None:
        """Raises FileExistsError."""
        make_private(self.kek.parent)
        new_file(self.kek)

    @property
    def _setting(self) -> str:
        return f"GONGWEN_{self.name.upper()}_KEK"


def own_account() -> int:
    return os.geteuid()


def _number(account: str, setting: str) -> int:
    if account.isdigit():
        return int(account)
    try:
        return pwd.getpwnam(account).pw_uid
    except KeyError:
        raise UnsafeSettings(f"{setting} 中的“{account}”不是这台机器上的账户。") from None
