"""Keys with an external service, tried with the example that the documentation hands out."""

import importlib.util
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from app import ROOT
from app.config import UnsafeSettings
from app.seals.keys import service
from app.seals.keys.errors import KeyUnusable
from app.seals.keys.service import HttpService, ServiceKeys
from tests.seals.keys.test_software import verify

SECRET = "agreed-" * 6


def _example() -> Any:
    path = ROOT / "docs/examples/crypto_service.py"
    spec = importlib.util.spec_from_file_location("crypto_service", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLE = _example()


@pytest.fixture
def other_side() -> Iterator[Any]:
    """The example's keys, with the port it listens on."""
    keys = EXAMPLE.Keys()
    server = EXAMPLE.server(SECRET.encode(), keys=keys)
    keys.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield keys
    server.shutdown()
    server.server_close()
    thread.join()


def asking(port: int, secret: str = SECRET) -> ServiceKeys:
    return ServiceKeys(HttpService.read(f"http://127.0.0.1:{port}", secret))


def test_a_key_of_the_service_signs(other_side: Any) -> None:
    keys = asking(other_side.port)
    key = keys.open(keys.make(), "12:签发")
    verify(key.public_key, key.sign(b"text"), b"text")
    assert other_side.uses == [(key.reference, "12:签发")]


def test_the_same_permit_and_data_are_one_use(other_side: Any) -> None:
    keys = asking(other_side.port)
    key = keys.open(keys.make(), "12:签发")
    assert key.sign(b"text") == key.sign(b"text")
    key.sign(b"other text")
    assert len(other_side.uses) == 2


def test_without_a_permit_nothing_is_signed(other_side: Any) -> None:
    keys = asking(other_side.port)
    with pytest.raises(KeyUnusable, match="没有用印许可") as refused:
        keys.open(keys.make()).sign(b"text")
    assert refused.value.code == "service_refused"
    assert other_side.uses == []


def test_a_destroyed_key_is_gone(other_side: Any) -> None:
    keys = asking(other_side.port)
    reference = keys.make()
    keys.destroy(reference)
    with pytest.raises(KeyUnusable, match="没有这把密钥"):
        keys.open(reference)


def test_who_does_not_know_the_secret_gets_nothing(other_side: Any) -> None:
    with pytest.raises(KeyUnusable, match="不是约定的密码服务") as refused:
        asking(other_side.port, "guessed" * 6).make()
    assert refused.value.code == "service_unproven"
    assert other_side.keys == {}


def test_a_request_counts_once(other_side: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has listened cannot send it again, nor one of another hour."""
    monkeypatch.setattr(service.secrets, "token_hex", lambda _size: "ab" * 16)
    keys = asking(other_side.port)
    keys.make()
    with pytest.raises(KeyUnusable, match="过时或者重复"):
        keys.make()
    monkeypatch.undo()
    monkeypatch.setattr(service, "time", SimpleNamespace(time=lambda: 1_000_000_000))
    with pytest.raises(KeyUnusable, match="过时或者重复"):
        keys.make()


def test_an_impostor_is_not_believed() -> None:
    """It answers as the service would, but cannot prove that it is the service."""

    class Impostor(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"reference": "mine"}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Impostor) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(KeyUnusable, match="不是约定的密码服务"):
            asking(server.server_address[1]).make()
        thread.join()


def test_silence_is_said_and_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(KeyUnusable, match="此件留在原处") as refused:
            asking(silent.getsockname()[1]).make()
        port = silent.getsockname()[1]
    assert refused.value.code == "service_silent"
    with pytest.raises(KeyUnusable, match="没有答复"):
        asking(port).make()


@pytest.mark.parametrize(
    ("address", "secret", "sentence"),
    [
        ("ftp://crypto.example.cn", SECRET, "无法识别"),
        ("https://user:word@crypto.example.cn", SECRET, "无法识别"),
        ("http://crypto.example.cn", SECRET, "须用 https"),
        ("https://crypto.example.cn", "short", "至少 32 个字符"),
    ],
)
def test_unsafe_settings_are_refused(address: str, secret: str, sentence: str) -> None:
    with pytest.raises(UnsafeSettings, match=sentence):
        HttpService.read(address, secret)


def test_no_secret_shows_in_print() -> None:
    assert "agreed" not in repr(asking(1))
