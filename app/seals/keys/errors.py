"""What goes wrong with keys. The sentence is for the person; it never holds a secret."""

from app.errors import Conflict


class KeyUnusable(Conflict):
    """The key is not there, damaged, or its keeper does not answer; nothing was signed."""

    code = "key_unusable"


def ensure_known(digest: str) -> None:
    """Tokens and services are asked for signatures over SHA-256 alone. Raises KeyUnusable."""
    if digest != "sha256":
        raise KeyUnusable("密码设备和外部密码服务只按 SHA-256 签名，不能使用其他摘要算法。")
