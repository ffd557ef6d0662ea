"""What is asked of a file, and what is answered. Codes are stable; programs may rely on them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

CODES = {
    "intact": "完好",
    "altered": "内容被改动",
    "added_after": "签名后有添加",
    "cut_off": "不完整",
    "wrong_fields": "签名域不符",
    "wrong_signer": "不是登记的签名",
    "digest_differs": "与登记的文件不同",
    "number_differs": "字号不符",
    "unknown_issuer": "签发机构不可信",
    "not_yet_valid": "证书尚未生效",
    "expired": "证书已过期",
    "expired_since": "证书后来过期",
    "revoked_before": "证书已撤销",
    "revoked_after": "证书后来撤销",
    "wrong_purpose": "证书用途不符",
    "stamp_invalid": "时间戳无效",
    "algorithm_retired": "算法已停用",
    "unproven": "无法证明",
    "not_ours": "没有登记",
    "withdrawn": "已收回或作废",
    "not_signed": "没有签名",
    "damaged": "打不开",
}
HARMLESS = frozenset(("intact", "expired_since", "revoked_after"))
"""What does not speak against a paper: a certificate may end after it was used."""


@dataclass(frozen=True)
class Trust:
    """Own roots, authorities below them, and all newest revocation lists; DER.

    retired  when each digest ends or ended that is trusted no longer than that
    """

    roots: tuple[bytes, ...]
    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...]
    retired: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """What the record says that a file must be; what is empty is not asked.

    fields        names of all its fields, texts and signatures, in order
    signed        names of those signed by now; None: all that are to be signed
    texts         what stands in text fields: 发文字号 …
    certificates  SHA-256 of the certificate that signed a field, by its name
    sha256, sm3   of the very file
    finished      it is issued: whole, sealed, with an archival time stamp; False on its way
    withdrawn     why it no longer counts, in a sentence; "" while it does
    """

    fields: tuple[str, ...] = ()
    signed: tuple[str, ...] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    sm3: str = ""
    finished: bool = True
    withdrawn: str = ""


@dataclass(frozen=True)
class Finding:
    """One outcome: code of ``CODES``, the field that it is about ("" the whole), a sentence."""

    code: str
    sentence: str
    field: str = ""

    @property
    def harmless(self) -> bool:
        return self.code in HARMLESS


@dataclass(frozen=True)
class Signed:
    """One signature of the file.

    kind   签发 or 单位印章; "" for a field that is none of ours
    then   state of the certificate when it signed: valid, or a code of ``CODES``
    now    valid, expired, suspended or revoked; unknown of a stranger's certificate
    changed  none, proof, filled or other: what was added afterwards
    when     ``at`` in words, and whose clock it is
    remark   the states and the change in words
    """

    field: str
    kind: str
    name: str
    unit: str
    issuer: str
    serial: str
    at: datetime | None
    then: str
    now: str
    changed: str
    when: str
    remark: str

    @property
    def sentence(self) -> str:
        """签发：王建国（江洲县水务局），2026年3月20日 9:30:00（时间戳）；签名时证书有效……"""
        unit = self.unit or "未注明单位"
        return f"{self.field}：{self.name}（{unit}），{self.when}；{self.remark}。"


@dataclass(frozen=True)
class Verdict:
    ok: bool
    sentences: tuple[str, ...]
    signatures: tuple[Signed, ...]
    findings: tuple[Finding, ...]
    sha256: str
    sm3: str
    texts: Mapping[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(finding.code for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Plain values; times in ISO 8601."""
        values = asdict(self)
        for signed, own in zip(values["signatures"], self.signatures, strict=True):
            signed["at"] = own.at.isoformat() if own.at else None
            signed["sentence"] = own.sentence
        return values
