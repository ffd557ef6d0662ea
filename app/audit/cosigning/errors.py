"""What administrators of witnesses may be refused."""

from app.errors import Conflict, Invalid, NotFound


class NoKey(Invalid):
    """What was given is not the public key of a log, or of a witness."""

    code = "witness_key"

    def __init__(self, of: str) -> None:
        super().__init__(
            f"这不是{of}的公钥，应为“名称+编号+Base64”一行，"
            "由对方运行 gongwen witness show 得到，请原样复制。"
        )


class BadAddress(Invalid):
    """An address to which nothing is sent."""

    code = "witness_address"

    def __init__(self) -> None:
        super().__init__(
            "见证方的地址应为 https:// 开头、不带用户名和参数的地址，"
            "例如 https://oa.example.gov.cn/api/v1/witness（演示环境里本机可用 http://）。"
        )


class NoSuchWitness(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"没有名为“{name}”的见证方，请运行 gongwen witness show 查看。")


class NoSuchLog(NotFound):
    def __init__(self, origin: str) -> None:
        super().__init__(f"没有为“{origin}”见证，请运行 gongwen witness show 查看。")


class KeyPinned(Conflict):
    """Another key would let somebody begin the record of that log anew."""

    code = "witness_key_pinned"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"“{origin}”已经登记过另一把公钥。日志换密钥等于从头开始，"
            "请对方改用新的日志名称，再行登记。"
        )
