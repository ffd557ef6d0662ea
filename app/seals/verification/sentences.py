"""The words of the verdict: what happened, in Chinese, for whoever holds the paper."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.clock import SHANGHAI
from app.seals.verification.verdict import Finding, Signed

GOOD = "文件有效：签名和印章齐全、可信，签发以后没有被改动。"
BAD = "文件无效，不能作为正式公文使用。原因如下："
INTACT = "文件的内容自签发以来没有被改动。"
NOT_SIGNED = "文件上没有电子签名或电子印章，无法核验是谁制发的。"
DIGEST_DIFFERS = "文件与系统登记的校验值（SHA-256、SM3）不一致，不是登记的那一份。"
WRONG_ORDER = "签名和印章的先后次序不对：应先签发、后用印，联合行文按署名次序用印。"
NO_ARCHIVAL_STAMP = "文件缺少归档时间戳：没有办完，或者最后的部分被去掉了。"
ADDED_TO_FINISHED = "文件办结以后又被添加或改动了内容。"
STAMP_INVALID = (
    "归档时间戳无效：与文件内容不符，不是本单位时间戳服务签发的，或者已经失效而没有及时续期。"
)
NOT_OURS = "本系统没有登记这份文件。签名虽然可信，仍请向发文单位核实。"

BROKEN = {
    "not_pdf": "这不是 PDF 文件，无法核验。请上传收到的原始版式文件（.pdf）。",
    "encrypted": "文件设有口令或加密保护，无法核验。本单位制发的公文不加密，请向发文单位索取原件。",
    "too_many": "文件上的签名过多，不是本单位制发的公文。",
    "unreadable": "文件已损坏或不完整，无法核验。请重新下载，或向发文单位索取原件。",
}
FAULTS = {
    "altered": "“{field}”签名以后，被签名的内容有改动。",
    "added_after": "“{field}”签名以后，文件被添加或改动了不允许改动的内容。",
    "unknown_issuer": "“{field}”的证书“{name}”不是本单位认可的机构签发的，不能确认是谁。",
    "wrong_purpose": "“{field}”的证书“{name}”不是用来签发公文或加盖印章的。",
    "stamp_invalid": "“{field}”的时间戳缺失、无效或来历不明，不能确认签名时间。",
    "not_yet_valid": "“{field}”签名时，证书“{name}”还没有生效（{not_before} 起有效）。",
    "expired": "“{field}”签名时，证书“{name}”已经过期（有效期至 {not_after}）。",
    "revoked_before": "“{field}”的证书“{name}”在签名之前已于 {revoked_at} 撤销或冻结，签名无效。",
    "unproven": "查不到“{field}”的证书“{name}”在签名时的状态，不能证明签名有效。",
    "wrong_signer": "“{field}”上的“{name}”不是登记的签发人或印章，可能被换过。",
    "revoked_after": "“{field}”的证书“{name}”已于 {revoked_at} 撤销或冻结，"
    "但签名在此之前作出，仍然有效。",
    "expired_since": "“{field}”的证书“{name}”已于 {not_after} 到期，但签名时有效，仍然有效。",
}
THEN = frozenset(
    (
        *("unknown_issuer", "wrong_purpose", "not_yet_valid", "expired"),
        *("revoked_before", "unproven", "stamp_invalid"),
    )
)
"""Faults that say what a certificate was when it signed."""
NOW = {
    "valid": "现在有效",
    "expired": "现已过期",
    "suspended": "现已冻结",
    "revoked": "现已撤销",
    "unknown": "现在的状态不明",
}
CLOCKS = {"stamp": "时间戳", "foreign": "时间戳不可信", "own": "签名人自报，不可信"}
CHANGED = {
    "none": "签名后没有变动",
    "proof": "签名后只增加了时间戳和证书状态",
    "filled": "签名后只填写了预留的内容，或由他人签名、用印",
    "other": "签名后有不允许的变动",
}


def of(findings: Sequence[Finding], signed: Sequence[Signed]) -> tuple[str, ...]:
    """The whole verdict, the outcome first."""
    harmful = [finding.sentence for finding in findings if not finding.harmless]
    noted = [each.sentence for each in findings if each.harmless and each.code != "intact"]
    head = [BAD, *dict.fromkeys(harmful)] if harmful else [GOOD]
    return (*head, *(each.sentence for each in signed), *noted)


def broken(reason: str) -> str:
    return BROKEN.get(reason, BROKEN["unreadable"])


def fault(code: str, signature: Mapping[str, Any]) -> str:
    times = {key: moment(signature[key]) for key in ("not_before", "not_after", "revoked_at")}
    return FAULTS[code].format(field=signature["field"], name=signature["name"], **times)


def when(facts: Mapping[str, Any]) -> str:
    return f"{moment(facts['at'])}（{CLOCKS[facts['clock']]}）" if facts["at"] else "时间不明"


def remark(then: str, now: str, changed: str) -> str:
    state = "签名时证书有效" if then == "valid" else "签名时证书无效或无法确认"
    return f"{state}，{NOW[now]}；{CHANGED[changed]}"


def wrong_fields(strange: Sequence[str]) -> str:
    named = f"（{'、'.join(name[:20] for name in strange[:5])}）" if strange else ""
    return f"文件上的签名域与应有的不一致{named}，不是按本系统的流程办出来的。"


def unsigned(names: Sequence[str]) -> str:
    listed = "、".join(f"“{name}”" for name in names)
    return f"{listed}还没有签名或用印：文件没有办完，或者后面的部分被去掉了。"


def not_filled(name: str) -> str:
    return f"“{name}”还没有填写：文件没有办完。"


def number_differs(name: str, value: str, wanted: str) -> str:
    return f"文件上的“{name}”为“{value or '空'}”，登记的是“{wanted}”。"


def moment(text: str | None) -> str:
    """ISO 8601 as people here write it; "" for none."""
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone(SHANGHAI)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}"


def digest_retired(digest: str, ends_at: datetime) -> str:
    at = ends_at.astimezone(SHANGHAI)
    return (
        f"所用的摘要算法 {digest.upper()} 已于 {at.year}年{at.month}月{at.day}日 停用，"
        "此前没有用新的算法续归档时间戳，不能再证明文件。"
    )
