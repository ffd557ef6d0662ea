"""What the proxy in front says of a request, and that nobody else can say it.

Only from the addresses in GONGWEN_PROXIES are these headers read; from anybody else they are taken
off before a view sees them.
"""

import hmac
import ipaddress
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote
from wsgiref.types import StartResponse

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app, request

from app.errors import NotAllowed

ADDRESS = "HTTP_X_REAL_IP"
CERTIFICATE, VERIFIED, SECRET = "HTTP_X_CLIENT_CERT", "HTTP_X_CLIENT_VERIFY", "HTTP_X_PROXY_SECRET"
SCHEME = "HTTP_X_FORWARDED_PROTO"
_FORGED, _PLAIN = "gongwen.forged", "gongwen.plain"
LONGEST = 16384
"""Characters of a certificate in a header."""

Environ = dict[str, Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class BehindProxies:
    """Takes the address of the person from a proxy that is known, and strips what others claim."""

    def __init__(self, application: Application, proxies: Iterable[str]) -> None:
        self._application = application
        self._networks = [ipaddress.ip_network(each) for each in proxies]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ[_PLAIN] = self._is_plain(environ)
        if self._knows(environ.get("REMOTE_ADDR", "")):
            address = _address(environ.get(ADDRESS, ""))
            if address is not None:
                environ["REMOTE_ADDR"] = str(address)
        else:
            claimed = [environ.pop(each, None) for each in (CERTIFICATE, VERIFIED, SECRET)]
            environ[_FORGED] = any(claimed)
        return self._application(environ, start_response)

    def _is_plain(self, environ: Environ) -> bool:
        """Whether it came over a network unencrypted: a proxy says so, or there is none.

        We speak no TLS ourselves; what comes from this very machine has crossed no network.
        """
        peer = environ.get("REMOTE_ADDR", "")
        if self._knows(peer):
            return str(environ.get(SCHEME, "")).strip().lower() != "https"
        address = _address(peer)
        return address is not None and not address.is_loopback

    def _knows(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self._networks)


def refuse_plain() -> None:
    """Nothing is shown or taken over an open line (SEC-16). Raises NotAllowed.

    But what is signed and for everybody: lists of certificates and answers on their state, which
    programs have to get before they can trust any encrypted connection.
    """
    if current_app.config["DEMO"] or request.blueprint == "pki":
        return
    if request.environ.get(_PLAIN):
        raise NotAllowed(
            "未加密的连接不予办理：请用 https 打开。经代理的，请管理员核对 GONGWEN_PROXIES 和"
            " X-Forwarded-Proto。（SEC-16）",
            code="unencrypted",
        )


def is_forged() -> bool:
    """Whether somebody who is no proxy of ours sent what only a proxy may say."""
    if request.environ.get(_FORGED):
        return True
    secret = current_app.config["SETTINGS"].certificate_secret
    given = request.environ.get(SECRET, "")
    return CERTIFICATE in request.environ and not hmac.compare_digest(
        given.encode("utf-8", "replace"), secret.encode()
    )


def has_failed() -> bool:
    """Whether the proxy was shown a certificate that it could not verify."""
    return str(request.environ.get(VERIFIED, "")).startswith("FAILED")


def presented() -> bytes | None:
    """The certificate, DER, whose key the proxy has checked; None when there is none.

    Only to be asked when nothing is forged.
    """
    text = request.environ.get(CERTIFICATE, "")
    if request.environ.get(VERIFIED) != "SUCCESS" or not 0 < len(text) <= LONGEST:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(unquote(text).encode("ascii"))
    except ValueError:
        return None
    return certificate.public_bytes(Encoding.DER)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None
