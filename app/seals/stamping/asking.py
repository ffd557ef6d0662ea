"""The asking side: pyHanko's time stamper over any way from a query to its answer."""

from collections.abc import Callable

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

Ask = Callable[[bytes], bytes]
"""A TimeStampReq in DER becomes a TimeStampResp in DER."""


class Stamper(TimeStamper):
    """Asks ``ask`` for each stamp; an answer that refuses, or is to another query, is an error.

    One stamper serves one signature: pyHanko keeps a first answer to learn the size of the next.
    """

    def __init__(self, ask: Ask) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko has no types here
        self._ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            answer = tsp.TimeStampResp.load(self._ask(req.dump()), strict=True)
            answered = _nonce(answer)
        except (ValueError, TypeError) as unusable:  # a refusal has no token to be read
            raise TimestampRequestError("no stamp was given") from unusable
        if answered != req["nonce"].native:
            raise TimestampRequestError("the stamp answers another query")
        return answer


def _nonce(answer: tsp.TimeStampResp) -> int | None:
    token = answer["time_stamp_token"]["content"]
    nonce: int | None = token["encap_content_info"]["content"].parsed["nonce"].native
    return nonce
