"""A cryptographic service to try the interface of docs/crypto-service.md with. Not for an office:

its keys live in memory. usage: CRYPTO_SECRET=… python docs/examples/crypto_service.py [port]
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MOST = 64 * 1024
WINDOW = 300  # seconds that the clocks of both sides may differ
USES = 20
"""Different data that one permit may sign: a failed attempt makes new data (the time is in it)."""


def proof(secret: bytes, *parts: bytes) -> str:
    message = hashlib.sha256()
    for part in parts:
        message.update(len(part).to_bytes(8, "big") + part)
    return hmac.new(secret, message.digest(), hashlib.sha256).hexdigest()


class Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Keys:
    """The service proper: keys, what each permit has signed already, and the log of uses."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        self.signed: dict[str, dict[bytes, bytes]] = {}
        self.uses: list[tuple[str, str]] = []
        self.nonces: dict[str, float] = {}

    def make(self) -> dict[str, str]:
        reference = secrets.token_hex(16)
        self.keys[reference] = ec.generate_private_key(ec.SECP256R1())
        return {"reference": reference}

    def show(self, reference: str) -> dict[str, str]:
        public = self._key(reference).public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {"public_key": base64.b64encode(der).decode(), "algorithm": "ecdsa-p256-sha256"}

    def sign(self, reference: str, data: bytes, permit: str) -> dict[str, str]:
        key = self._key(reference)
        if not permit:
            raise Refusal(422, "没有用印许可。")
        before = self.signed.setdefault(f"{reference}/{permit}", {})
        digest = hashlib.sha256(data).digest()
        if digest not in before:
            if len(before) >= USES:
                raise Refusal(409, "这个用印许可已经用过多次。")
            before[digest] = key.sign(data, ec.ECDSA(hashes.SHA256()))
            self.uses.append((reference, permit))
        return {"signature": base64.b64encode(before[digest]).decode()}

    def destroy(self, reference: str) -> dict[str, str]:
        self.keys.pop(reference, None)
        return {}

    def ensure_new(self, nonce: str, at: str) -> None:
        """A request counts once, and only about now."""
        now = time.time()
        self.nonces = {old: when for old, when in self.nonces.items() if now - when < 2 * WINDOW}
        if not at.isdigit() or abs(now - int(at)) > WINDOW or nonce in self.nonces or not nonce:
            raise Refusal(403, "请求过时或者重复。")
        self.nonces[nonce] = now

    def _key(self, reference: str) -> ec.EllipticCurvePrivateKey:
        if reference not in self.keys:
            raise Refusal(404, "没有这把密钥。")
        return self.keys[reference]


def handler(keys: Keys, secret: bytes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            nonce = self.headers.get("X-Gongwen-Nonce", "")
            with keys.lock:
                try:
                    status, said = 200, self.answer(nonce)
                except Refusal as refusal:
                    status, said = refusal.status, {"message": str(refusal)}
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            signature = proof(secret, b"answer", str(status).encode(), nonce.encode(), body)
            self.send_header("X-Gongwen-Signature", signature)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = do  # noqa: N815  (names that http.server asks for)

        def answer(self, nonce: str) -> dict[str, str]:
            length = self.headers.get("Content-Length", "0")
            if not length.isdigit() or int(length) > MOST:
                raise Refusal(413, "请求过大。")
            body, at = self.rfile.read(int(length)), self.headers.get("X-Gongwen-Timestamp", "")
            parts = (self.command, self.path, at, nonce)
            expected = proof(secret, b"request", *(each.encode() for each in parts), body)
            if not hmac.compare_digest(self.headers.get("X-Gongwen-Signature", ""), expected):
                raise Refusal(403, "请求方没有证明自己。")
            keys.ensure_new(nonce, at)
            given = json.loads(body)
            match (self.command, *self.path.strip("/").split("/")):
                case ("POST", "keys"):
                    return keys.make()
                case ("GET", "keys", reference):
                    return keys.show(reference)
                case ("POST", "keys", reference, "signatures"):
                    return keys.sign(reference, base64.b64decode(given["data"]), given["permit"])
                case ("DELETE", "keys", reference):
                    return keys.destroy(reference)
            raise Refusal(404, "没有这个接口。")

        def log_message(self, *_: object) -> None:
            """Uses are in ``Keys.uses``."""

    return Handler


def server(secret: bytes, port: int = 0, keys: Keys | None = None) -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", port), handler(keys or Keys(), secret))


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8100
    with server(os.environ["CRYPTO_SECRET"].encode(), port) as running:
        print(f"http://127.0.0.1:{port}")
        running.serve_forever()
