"""What may be applied for, and the causes that the rules name for it."""

from collections.abc import Mapping

VERBS: Mapping[str, str] = {
    "issue": "申请",
    "renew": "更新",
    "extend": "延期",
    "change": "变更",
    "replace": "补办",
    "revoke": "撤销",
}
"""Of an application; the other verbs on a certificate take effect at once."""

CHANGE = {
    "leaked": "私钥泄露",
    "data": "证书中的重要信息变更",
    "incapacity": "持有人不能履行职责",
    "transfer": "持有人离职或者调动",
}
"""证书变更 (SIG-38)."""

REPLACE = {"lost": "丢失", "damaged": "损坏"}
"""证书补办 (SIG-39)."""

REVOKE = {
    "expired": "到期未办理延期",
    "asked": "持有人申请",
    "incapacity": "持有人丧失民事行为能力或者单位终止",
    "breach": "持有人严重违反服务协议",
    "insecure": "证书的安全性不能得到保证",
    "law": "法律、法规规定的其他情形",
}
"""证书撤销 (SIG-40)."""

CAUSES: Mapping[str, Mapping[str, str]] = {"change": CHANGE, "replace": REPLACE, "revoke": REVOKE}

_REASONS = {
    ("change", "leaked"): "keyCompromise",
    ("change", "incapacity"): "cessationOfOperation",
    ("replace", "lost"): "keyCompromise",
    ("revoke", "incapacity"): "cessationOfOperation",
    ("revoke", "asked"): "cessationOfOperation",
    ("revoke", "expired"): "cessationOfOperation",
    ("revoke", "breach"): "privilegeWithdrawn",
    ("revoke", "insecure"): "keyCompromise",
}


def reason(verb: str, cause: str) -> str:
    """Why the old certificate is on the list, in the words of RFC 5280."""
    usual = {"change": "affiliationChanged", "revoke": "unspecified"}.get(verb, "superseded")
    return _REASONS.get((verb, cause), usual)


def words(verb: str, cause: str) -> str:
    return CAUSES.get(verb, {}).get(cause, "")
