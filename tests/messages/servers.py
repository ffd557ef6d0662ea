"""The other side, on loopback: a mail server and a gateway that keep what they are given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, cast


@dataclass
class MailServer:
    """``answers``: what it says to a command instead of 250, such as {"RCPT": "550 unknown"}."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    found = MailServer()

    class Dialog(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            for line in self.rfile:
                verb = line.split(b" ")[0].strip().decode().upper()
                if verb == "QUIT":
                    return self.say("221 bye")
                if verb == "DATA" and verb not in found.answers:
                    self.say("354 go on")
                    self.take()
                self.say(found.answers.get(verb, "250 ok"))
            return None

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

        def take(self) -> None:
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            letter = BytesParser(policy=default).parsebytes(b"".join(lines))
            found.letters.append(cast(EmailMessage, letter))

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dialog)) as port:
        found.port = port
        yield found


@dataclass
class HttpGateway:
    """``status``: what it answers."""

    port: int = 0
    status: int = 202
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def http_gateway() -> Iterator[HttpGateway]:
    found = HttpGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((self.path, dict(self.headers), body))
            self.send_response(found.status)
            if 300 <= found.status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """It has nothing to say."""

    with _running(HTTPServer(("127.0.0.1", 0), Handler)) as port:
        found.port = port
        yield found


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
