"""签名服务: the process that holds the keys. It trusts nobody.

Who asks for a signature has to say for which act of which person, and the signer checks both by
itself: it asks the person for the password and plays the act. Only where the act then lacks
nothing but this signature is it made (see ``signing``). The web process reaches it by ``client``.
"""

from app.seals.signer.approvals import Approvals, Need, Page
from app.seals.signer.asking import Client, Health
from app.seals.signer.errors import NoApproval, SignerUnavailable
from app.seals.signer.orders import ByPassword, ByToken, Order, Signed

_in_use: list[Client] = []


def use(client: Client) -> None:
    """Replace the client of this process. Called by create_app."""
    _in_use[:] = [client]


def client() -> Client:
    return _in_use[0]


__all__ = [
    "Approvals",
    "ByPassword",
    "ByToken",
    "Client",
    "Health",
    "Need",
    "NoApproval",
    "Order",
    "Page",
    "Signed",
    "SignerUnavailable",
    "client",
    "use",
]
