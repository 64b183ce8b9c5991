"""How the server says no to a laptop: a status, a code that the laptop puts into words, perhaps when to come again."""

from __future__ import annotations

import msgpack
from starlette.responses import Response

from fieldapp.sync.wire import MEDIA_TYPE


class Refusal(Exception):
    """The request is refused; `code` is stable and documented in docs/protocol.md."""

    def __init__(self, status: int, code: str, retry_after_s: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s

    def response(self) -> Response:
        """The refusal as an answer."""
        headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return answer({"error": self.code}, self.status, headers)


def answer(content: dict[str, object], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A msgpack answer of the protocol."""
    return Response(msgpack.packb(content), status, headers, MEDIA_TYPE)
