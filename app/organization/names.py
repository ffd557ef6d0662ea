"""Reading what people type for names, keys and logins: bounded, folded, without hidden signs."""

import re
import unicodedata

from app.errors import Invalid

_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LOGIN = re.compile(r"\w+([.\-]\w+)*")
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
LOGIN_LENGTH = 64


def folded(login: str) -> str:
    """The one spelling under which a login is stored and looked up (NFKC, case folded).

    Signs that no login has and a database may refuse, such as NUL, become a mark that matches none.
    """
    text = unicodedata.normalize("NFKC", login[: 4 * LOGIN_LENGTH]).strip().casefold()
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_hidden(sign) else sign for sign in text)


def login(text: str) -> str:
    """A new login: letters (Chinese too, ORG-01), digits, dots and hyphens; 2 to 64 characters."""
    value = folded(text)
    if not 2 <= len(value) <= LOGIN_LENGTH or not _LOGIN.fullmatch(value):
        raise Invalid.at("login", "登录名应为 2 至 64 个字母、汉字或数字，中间可用点或连字符。")
    return value


def key(field: str, text: str) -> str:
    """A slug such as ``dept-head``: it stands in diagrams and addresses, up to 60 characters."""
    if len(text) > 60 or not _KEY.fullmatch(text):
        raise Invalid.at(field, "标识应以小写字母开头，只含小写字母、数字和连字符，不超过 60 位。")
    return text


def words(field: str, label: str, text: str, *, longest: int = 60, empty: bool = False) -> str:
    """A name or title that people read, kept as typed but for spaces at its ends."""
    value = text.strip()
    if any(_is_hidden(sign) for sign in value):
        raise Invalid.at(field, f"{label}含有不可见字符，请删除后重新填写。")
    if not value and not empty:
        raise Invalid.at(field, f"请填写{label}。")
    if len(value) > longest:
        raise Invalid.at(field, f"{label}不能超过 {longest} 个字。")
    return value


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in _HIDDEN
