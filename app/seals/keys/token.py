"""Keys in a token or security module (密码设备), by PKCS#11: made in it, and never out of it."""

import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, exceptions
from pkcs11.util.ec import (
    encode_ec_public_key,
    encode_ecdsa_signature,
    encode_named_curve_parameters,
)

from app.seals.keys.errors import KeyUnusable, ensure_known

_CURVE = encode_named_curve_parameters("secp256r1")
_PIN_REFUSED = (
    "密码设备不接受 PIN，签名服务不再试，以免设备锁死。"
    "请系统管理员核对 PIN 的设置，然后重新启动签名服务。"
)


@dataclass(frozen=True)
class TokenKey:
    """A key in the token; the digest is made here, the signature there."""

    token: "TokenKeys"
    reference: str
    public_key: bytes
    algorithm: str = "ecdsa-p256-sha256"

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        ensure_known(digest)
        return self.token.sign(self.reference, data)


class TokenKeys:
    """The keys of one token. Their reference is the object id (CKA_ID), hexadecimal.

    library  of the maker of the token (a shared object)
    label    of the token
    pin      of its user; after it was refused once it is not tried again, or the token would lock
    """

    kind = "token"

    def __init__(self, library: Path, label: str, pin: str) -> None:
        self._library = library
        self._label = label
        self._pin: str | None = pin
        self._lock = threading.Lock()

    def make(self) -> str:
        reference = secrets.token_hex(16)
        with self._session() as session:
            parameters = session.create_domain_parameters(
                KeyType.EC, {Attribute.EC_PARAMS: _CURVE}, local=True
            )
            parameters.generate_keypair(
                id=bytes.fromhex(reference),
                label=f"gongwen-{reference}",
                store=True,
                private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
            )
        return reference

    def open(self, reference: str, permit: str = "") -> TokenKey:
        with self._session() as session:
            public = self._find(session, reference, ObjectClass.PUBLIC_KEY)
            return TokenKey(self, reference, encode_ec_public_key(public))

    def sign(self, reference: str, data: bytes) -> bytes:
        with self._session() as session:
            private = self._find(session, reference, ObjectClass.PRIVATE_KEY)
            raw = private.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA)
            return encode_ecdsa_signature(raw)

    def destroy(self, reference: str) -> None:
        with self._session() as session:
            wanted = {Attribute.ID: bytes.fromhex(reference)}
            for each in list(session.get_objects(wanted)):
                each.destroy()

    def _find(self, session: Any, reference: str, kind: ObjectClass) -> Any:
        try:
            return session.get_key(object_class=kind, id=bytes.fromhex(reference))
        except (exceptions.NoSuchKey, exceptions.MultipleObjectsReturned):
            raise KeyUnusable("密码设备里没有这把密钥。请确认插入的是原来的设备。") from None

    @contextmanager
    def _session(self) -> Iterator[Any]:
        """One at a time, for a token has one login; short, so that a pulled token is noticed."""
        with self._lock:
            if self._pin is None:
                raise KeyUnusable(_PIN_REFUSED)
            try:
                token = pkcs11.lib(str(self._library)).get_token(token_label=self._label)
                with token.open(rw=True, user_pin=self._pin) as session:
                    yield session
            except (exceptions.PinIncorrect, exceptions.PinLocked, exceptions.PinLenRange):
                self._pin = None
                raise KeyUnusable(_PIN_REFUSED) from None
            except (exceptions.NoSuchToken, exceptions.TokenNotPresent, exceptions.DeviceRemoved):
                raise KeyUnusable(
                    f"没有找到密码设备“{self._label}”。请插好设备后再试，或者联系系统管理员。"
                ) from None
            except (exceptions.PKCS11Error, RuntimeError, OSError) as failure:
                kind = type(failure).__name__
                raise KeyUnusable(f"密码设备没有完成操作（{kind}）。请联系系统管理员。") from None
