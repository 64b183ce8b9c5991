"""Takes the body of an upload in as fast as it arrives, while a thread writes it into the upload's file."""

from __future__ import annotations

import asyncio
from pathlib import Path

_BUFFER, _MOST_BUFFERED = 256 << 10, 4 << 20


class Inflow:
    """Bytes on their way into an upload's file.

    A request must be read without a pause: what waits unread when its connection ends is gone for good, and would
    have to be sent again. So a thread writes while the next bytes arrive.
    """

    def __init__(self, path: Path, offset: int) -> None:
        self._path = path
        self._buffer = bytearray()
        self._writing: asyncio.Future[None] | None = None
        self.offset = offset  # of everything taken in, written or not

    async def take(self, piece: bytes) -> None:
        """Takes the next bytes in; waits only when the disk is far behind."""
        self._buffer += piece
        self.offset += len(piece)
        if self._writing is not None and (self._writing.done() or len(self._buffer) >= _MOST_BUFFERED):
            await self._written()
        if self._writing is None and len(self._buffer) >= _BUFFER:
            self._begin()

    async def finish(self) -> int:
        """Writes the rest; returns the length of the file."""
        await self._written()
        self._begin()
        await self._written()
        return self.offset

    def _begin(self) -> None:
        data = bytes(self._buffer)
        self._buffer.clear()
        work = asyncio.to_thread(write_at, self._path, self.offset - len(data), data)
        self._writing = asyncio.ensure_future(work)

    async def _written(self) -> None:
        if self._writing is not None:
            await asyncio.wait({self._writing})  # unlike `await`, a cancelled request does not cancel the writing
            self._writing.result()
            self._writing = None


def write_at(path: Path, offset: int, data: bytes) -> None:
    """Writes at `offset`; the file ends there, whatever was behind."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.seek(offset)
        file.write(data)
        file.truncate()
