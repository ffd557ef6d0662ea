"""The service with the key: a query of RFC 3161 becomes a signed token, or a refusal."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from asn1crypto import algos, cms, core, tsp, x509

from app.errors import Conflict
from app.seals.keys import SigningKey

POLICY = "2.25.230220818501396153306750557576585469009"
"""OID of our rules for time stamps; under 2.25, where a random UUID needs no registration."""

ACCURACY = timedelta(seconds=1)
"""By how much a stamp may be early or late; the clock of the host is what it is read from."""

MOST_ASTRAY = timedelta(seconds=2)
SERIAL_BITS = 159
"""RFC 3161 asks for serials up to 160 bits; random ones need no counter that two could share."""

LENGTHS = {name: hashlib.new(name).digest_size for name in ("sha256", "sha384", "sha512")}
"""Digests that are stamped, and their bytes; weaker ones are refused."""


class ClockAstray(Conflict):
    """The host's clock and that of the database differ: no stamp may be made (G2)."""

    code = "clock_astray"

    def __init__(self) -> None:
        super().__init__(
            "时间戳服务的时钟与数据库相差超过 2 秒，已停止签发时间戳。请系统管理员校准时钟后重试。"
        )


def ensure_clock(host: datetime, database: datetime) -> None:
    """Raises ClockAstray. Both times are aware."""
    if abs(host - database) > MOST_ASTRAY:
        raise ClockAstray


class StampMaker:
    """Makes time stamps with one key.

    certificate  DER, for time stamping only (critical extended key usage)
    chain        DER of the authorities above it, put into the token when the query asks for them
    now          the clock that stamps are read from; aware
    """

    def __init__(
        self,
        key: SigningKey,
        certificate: bytes,
        chain: Sequence[bytes],
        now: Callable[[], datetime],
    ) -> None:
        self._key = key
        self._certificate = x509.Certificate.load(certificate)
        self._chain = [x509.Certificate.load(each) for each in chain]
        self._now = now

    def answer(self, query: bytes) -> bytes:
        """A TimeStampResp in DER for a TimeStampReq in DER; what cannot be stamped is rejected."""
        try:
            request = tsp.TimeStampReq.load(query, strict=True)
            imprint = request["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            digest = imprint["hashed_message"].native
            policy = request["req_policy"].native
            asks_for_more = bool(request["extensions"])
        except (ValueError, TypeError, KeyError):
            return _rejection("bad_data_format", "the query is not a TimeStampReq")
        if LENGTHS.get(algorithm) != len(digest):
            return _rejection("bad_alg", "use SHA-256, SHA-384 or SHA-512")
        if policy not in (None, POLICY):
            return _rejection("unaccepted_policy", f"the policy is {POLICY}")
        if asks_for_more:
            return _rejection("unaccepted_extensions", "no extension is known here")
        token = self._token(request, algorithm)
        return bytes(
            tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
        )

    def _token(self, request: tsp.TimeStampReq, digest: str) -> cms.ContentInfo:
        """Signed with the digest that was asked for: no weaker than what it stamps."""
        at = self._now().astimezone(UTC)
        content = self._content(request, at).dump()
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.new(digest, content).digest()),
                _attribute("signing_time", cms.Time({"utc_time": at.replace(microsecond=0)})),
                _attribute("signing_certificate_v2", self._own_name(digest)),
            ]
        )
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": {
                            "issuer": self._certificate.issuer,
                            "serial_number": self._certificate.serial_number,
                        }
                    }
                ),
                "digest_algorithm": {"algorithm": digest},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": f"{digest}_ecdsa"},
                "signature": self._key.sign(attributes.dump(), digest),
            }
        )
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": digest}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content),
            },
            "signer_infos": [signer],
        }
        if request["cert_req"].native:
            signed["certificates"] = [self._certificate, *self._chain]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _content(self, request: tsp.TimeStampReq, at: datetime) -> tsp.TSTInfo:
        values = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": request["message_imprint"],
            "serial_number": secrets.randbits(SERIAL_BITS) | 1,
            "gen_time": at.replace(microsecond=0),
            "accuracy": {"seconds": int(ACCURACY.total_seconds())},
            "tsa": x509.GeneralName("directory_name", self._certificate.subject),
        }
        if request["nonce"].native is not None:
            values["nonce"] = request["nonce"].native
        return tsp.TSTInfo(values)

    def _own_name(self, digest: str) -> tsp.SigningCertificateV2:
        """Binds the token to this very certificate, so that no other of the key can stand in."""
        named = {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
            "cert_hash": hashlib.new(digest, self._certificate.dump()).digest(),
        }
        return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(named)]})


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _rejection(failure: str, why: str) -> bytes:
    status = {"status": "rejection", "status_string": [why], "fail_info": {failure}}
    return bytes(_Refused({"status": status}).dump())


class _Refused(core.Sequence):  # type: ignore[misc]  # asn1crypto has no type information
    """A TimeStampResp without a token, which asn1crypto does not write."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]
