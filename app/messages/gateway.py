"""Short messages by the web-hook of a gateway: one signed POST each, to one address only."""

import hashlib
import hmac
import json
import ssl
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from app.config import LOOPBACK, UnsafeSettings
from app.messages.channels import TIMEOUT, Parcel, Undeliverable

FOR_GOOD = (400, 410, 413, 422)
"""Answers that speak of this message; others speak of the gateway and may pass."""
SHORTEST_KEY = 32  # bytes


class GatewayRefused(Exception):
    """The gateway answered something else than 2xx. A redirect is not followed."""


@dataclass(frozen=True)
class Gateway:
    """Where short messages are handed over. ``target``: path and query of its address."""

    host: str
    port: int | None
    secure: bool
    target: str
    key: bytes = field(repr=False)

    def deliver(self, parcel: Parcel) -> None:
        """The subject alone is sent: a short message has no room for more."""
        words = {"id": parcel.identity, "to": parcel.address, "text": parcel.subject}
        body = json.dumps(words, ensure_ascii=False).encode()
        connection = self._connection()
        try:
            connection.request("POST", self.target, body, self.headers(parcel, body))
            status = connection.getresponse().status
        finally:
            connection.close()
        if status in FOR_GOOD:
            raise Undeliverable(f"HTTP {status}")
        if not 200 <= status < 300:
            raise GatewayRefused(f"HTTP {status}")

    def headers(self, parcel: Parcel, body: bytes) -> dict[str, str]:
        """The signature is over time of sending, dot and body: neither can be changed by itself."""
        at = str(int(time.time()))
        signature = hmac.new(self.key, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": parcel.identity,
            "X-Gongwen-Timestamp": at,
            "X-Gongwen-Signature": f"sha256={signature}",
        }

    def _connection(self) -> HTTPConnection:
        if not self.secure:
            return HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        context = ssl.create_default_context()
        return HTTPSConnection(self.host, self.port, timeout=TIMEOUT, context=context)


def read(text: str, key: str) -> Gateway:
    """The gateway that ``GONGWEN_SMS`` names. Raises UnsafeSettings."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UnsafeSettings("GONGWEN_SMS 无法识别：应为短信网关的 https 地址。") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise UnsafeSettings("GONGWEN_SMS 无法识别：应为短信网关的 https 地址，或者 local、off。")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise UnsafeSettings("GONGWEN_SMS 须用 https：明文传送的提醒和签名会被他人读到。")
    if len(key.encode()) < SHORTEST_KEY:
        raise UnsafeSettings("请设置 GONGWEN_SMS_KEY：与短信网关约定的签名密钥，至少 32 个字符。")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Gateway(parts.hostname, port, parts.scheme == "https", target, key.encode())
