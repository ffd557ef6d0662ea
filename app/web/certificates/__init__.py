"""证书: the desk of the office of certificates, one's own certificate, and what is open to all."""

from app.web.certificates import acts, desk, public
from app.web.certificates.blueprint import blueprint

__all__ = ["acts", "blueprint", "desk", "public"]
