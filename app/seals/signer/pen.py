"""The pen of the signer: one of its keys, a time stamp of the authority, a field of the paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import tsp

from app.documents.layout import FontBook
from app.documents.storage import Store
from app.seals import papers
from app.seals.keys import SigningKey
from app.seals.models import Seal
from app.seals.signer.approvals import Need, Page
from app.seals.signer.asking import Client
from app.seals.signer.credentials import Credential
from app.seals.signer.registering import Made
from app.seals.stamping import Stamper

STAMP_SECONDS = 10.0


@dataclass(frozen=True)
class PaperPen:
    """Signs papers as ``papers`` lays them out; ``authority`` makes the time stamps."""

    authority: Client
    store: Store
    fonts: FontBook

    def sign(
        self,
        page: Page,
        need: Need,
        credential: Credential,
        key: SigningKey,
        seal: Seal | None,
        at: datetime,
    ) -> Made:
        """Raises PaperRefused, GlyphMissing, SignerUnavailable; nothing was signed then."""
        who = papers.Signatory(key, credential.der, credential.chain)
        proof = papers.Evidence(
            roots=credential.chain[-1:],
            certificates=credential.chain[:-1],
            lists=credential.lists,
        )
        stamps = _Stamps(self.authority)
        stamper = Stamper(stamps.ask)
        if need.kind == "signatory" or seal is None:
            stamp = self._stamp(seal) if seal else None
            signed = papers.sign_off(page.content, need.field, who, proof, stamper, at, stamp)
        else:
            picture = self._picture(seal)
            last = [each.name for each in papers.loaded(page.fields) if each.locks][-1]
            signed = papers.seal(
                *(page.content, need.field, who, proof, stamper, at, picture),
                last=need.field == last,
            )
        return Made(signed, stamps.last(at))

    def _picture(self, seal: Seal) -> papers.Picture:
        """As it is registered: brought as a picture, or drawn by us (国发〔1999〕25号)."""
        if seal.picture is None:
            return papers.drawn_seal(seal.wording, seal.diameter, self.fonts)
        return papers.seal_from(self.store.get(seal.picture), seal.diameter)

    def _stamp(self, seal: Seal) -> papers.Picture:
        """签名章 of who signs: his handwriting as registered, or his name drawn by us."""
        if seal.picture is None:
            return papers.drawn_name(seal.wording, self.fonts)
        return papers.stamp_from(self.store.get(seal.picture))


class _Stamps:
    """Asks for time stamps and keeps the time of the first: that of the signature itself."""

    def __init__(self, authority: Client) -> None:
        self._authority = authority
        self._first: datetime | None = None

    def ask(self, query: bytes) -> bytes:
        reply = self._authority.reply("stamp", query, seconds=STAMP_SECONDS)
        self._first = self._first or _time_of(reply)
        return reply

    def last(self, at: datetime) -> datetime:
        return self._first or at


def _time_of(reply: bytes) -> datetime | None:
    """None when the reply holds no stamp; the paper then refuses it."""
    token = tsp.TimeStampResp.load(reply)["time_stamp_token"]
    if token.native is None:
        return None
    info: Any = token["content"]["encap_content_info"]["content"].parsed
    time: datetime = info["gen_time"].native
    return time
