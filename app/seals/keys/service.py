"""Keys with an external cryptographic service (密码服务), by HTTP: docs/crypto-service.md.

Both sides prove that they know the shared secret, message by message; the service sees the
attributes that are signed (with the digest of the paper), never the paper.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from app.config import LOOPBACK, UnsafeSettings
from app.seals.keys.errors import KeyUnusable, ensure_known

SECONDS = 6.0
"""How long the service may take; the client of the signer waits for ten."""
MOST = 64 * 1024  # bytes of an answer
SHORTEST_SECRET = 32
SIGNATURE, NONCE, TIME = "X-Gongwen-Signature", "X-Gongwen-Nonce", "X-Gongwen-Timestamp"
_REFERENCE = re.compile("[A-Za-z0-9_-]{1,100}")
_SILENT = "外部密码服务没有答复，没有签名，此件留在原处。请稍后再试，或者联系系统管理员。"


class CryptoService(Protocol):
    """What the signer asks of a cryptographic service; everything raises KeyUnusable."""

    def make(self) -> str:
        """Make a pair of keys in the service; what it is called there."""

    def public_key(self, reference: str) -> bytes:
        """DER of SubjectPublicKeyInfo."""

    def sign(self, reference: str, data: bytes, permit: str) -> bytes:
        """Signature over SHA-256 of ``data`` (ECDSA in DER).

        The same permit and data again have the same answer: a repeat is not a second use.
        """

    def destroy(self, reference: str) -> None:
        """Destroy the private half."""


@dataclass(frozen=True)
class ServiceKey:
    """A key in the service, opened for one permit."""

    service: CryptoService
    reference: str
    public_key: bytes
    permit: str
    algorithm: str = "ecdsa-p256-sha256"

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        ensure_known(digest)
        return self.service.sign(self.reference, data, self.permit)


@dataclass(frozen=True)
class ServiceKeys:
    """The keeper of keys over a service."""

    service: CryptoService
    kind: str = "service"

    def make(self) -> str:
        return self.service.make()

    def open(self, reference: str, permit: str = "") -> ServiceKey:
        return ServiceKey(self.service, reference, self.service.public_key(reference), permit)

    def destroy(self, reference: str) -> None:
        self.service.destroy(reference)


@dataclass(frozen=True)
class HttpService:
    """The service at an address. ``trusted``: file of its certification authority, if its own."""

    host: str
    port: int | None
    secure: bool
    path: str
    secret: bytes = field(repr=False)
    trusted: Path | None = None

    @classmethod
    def read(cls, address: str, secret: str, trusted: Path | None = None) -> "HttpService":
        """Raises UnsafeSettings."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UnsafeSettings("GONGWEN_CRYPTO_SERVICE 无法识别：应为密码服务的 https 地址。")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise UnsafeSettings("GONGWEN_CRYPTO_SERVICE 须用 https（只有本机的服务可用 http）。")
        if len(secret.encode()) < SHORTEST_SECRET:
            raise UnsafeSettings(
                "GONGWEN_CRYPTO_SECRET_FILE 里的密钥太短：与密码服务约定的密钥至少 32 个字符。"
            )
        secure = parts.scheme == "https"
        path = parts.path.rstrip("/")
        return cls(parts.hostname, parts.port, secure, path, secret.encode(), trusted)

    def make(self) -> str:
        reference = str(self._ask("POST", "/keys", {})["reference"])
        if not _REFERENCE.fullmatch(reference):
            raise KeyUnusable("外部密码服务给出的密钥标识无法识别。请联系系统管理员。")
        return reference

    def public_key(self, reference: str) -> bytes:
        return _bytes(self._ask("GET", f"/keys/{reference}", {}), "public_key")

    def sign(self, reference: str, data: bytes, permit: str) -> bytes:
        asked = {"data": base64.b64encode(data).decode(), "permit": permit}
        return _bytes(self._ask("POST", f"/keys/{reference}/signatures", asked), "signature")

    def destroy(self, reference: str) -> None:
        self._ask("DELETE", f"/keys/{reference}", {})

    def _ask(self, method: str, path: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """One request; no redirect is followed, nothing is sent twice."""
        body = json.dumps(given).encode()
        nonce, at = secrets.token_hex(16), str(int(time.time()))
        connection = self._connection()
        target = self.path + path
        proof = sign_request(self.secret, method, target, at, nonce, body)
        headers = {"Content-Type": "application/json", NONCE: nonce, TIME: at, SIGNATURE: proof}
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            answer, proven = response.read(MOST + 1), response.headers.get(SIGNATURE, "")
        except (OSError, HTTPException):
            raise KeyUnusable(_SILENT, "service_silent") from None
        finally:
            connection.close()
        expected = sign_answer(self.secret, nonce, response.status, answer)
        if len(answer) > MOST or not hmac.compare_digest(proven.encode(), expected.encode()):
            raise KeyUnusable(
                "答复不是约定的密码服务发出的，没有采用，没有签名。请系统管理员检查网络和密钥。",
                "service_unproven",
            )
        return _read(response.status, answer)

    def _connection(self) -> HTTPConnection:
        if not self.secure:
            return HTTPConnection(self.host, self.port, timeout=SECONDS)
        context = ssl.create_default_context(cafile=self.trusted)
        return HTTPSConnection(self.host, self.port, timeout=SECONDS, context=context)


def sign_request(secret: bytes, method: str, target: str, at: str, nonce: str, body: bytes) -> str:
    """What proves the asking side: over everything that could be changed on the way."""
    return _proof(secret, b"request", method.encode(), target.encode(), at.encode(), nonce, body)


def sign_answer(secret: bytes, nonce: str, status: int, body: bytes) -> str:
    """What proves the answering side, and that it answers this very request."""
    return _proof(secret, b"answer", str(status).encode(), nonce, body)


def _proof(secret: bytes, *parts: bytes | str) -> str:
    message = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        message.update(len(content).to_bytes(8, "big") + content)
    return hmac.new(secret, message.digest(), hashlib.sha256).hexdigest()


def _read(status: int, answer: bytes) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise KeyUnusable("外部密码服务的答复无法识别。请联系系统管理员。", "service_unread")
    if not 200 <= status < 300:
        why = str(said.get("message") or f"HTTP {status}")[:200]
        raise KeyUnusable(f"外部密码服务拒绝：{why}没有签名，此件留在原处。", "service_refused")
    return said


def _bytes(said: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(str(said.get(name, "")), validate=True)
    except ValueError:
        raise KeyUnusable("外部密码服务的答复无法识别。请联系系统管理员。") from None
