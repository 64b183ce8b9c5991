"""A proxy on loopback that breaks connections as it is told: each script entry is used for one connection."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_READ = 4_096


@dataclass(frozen=True)
class Fault:
    """What happens to one connection; the numbers are bytes after which it happens, None for never."""

    cut_up: int | None = None
    cut_down: int | None = None
    flip_up: int | None = None
    flip_down: int | None = None
    reset: bool = False  # it ends as when a router forgets it (RST), which may destroy what is still under way


@dataclass(frozen=True)
class _Way:
    """One direction of a connection and what happens to it."""

    cut: int | None
    flip: int | None
    ending: int
    up: bool


class FaultyLink:
    """Forwards to a server; `script` says what goes wrong with the first, second, ... connection, then `otherwise`."""

    def __init__(self, url: str, script: Iterable[Fault] = (), otherwise: Fault | None = None) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "", parts.port or 0)
        self._script = deque(script)
        self._otherwise = otherwise or Fault()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self.bytes_up = self.bytes_down = 0
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Stops forwarding."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(10)
        for thread in self._threads:
            thread.join(10)

    def __enter__(self) -> FaultyLink:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            fault = self._script.popleft() if self._script else self._otherwise
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            ending = socket.SHUT_RD if fault.reset else socket.SHUT_RDWR
            if fault.reset:
                for end in (near, far):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._start(near, far, _Way(fault.cut_up, fault.flip_up, ending, up=True))
            self._start(far, near, _Way(fault.cut_down, fault.flip_down, ending, up=False))

    def _start(self, source: socket.socket, sink: socket.socket, way: _Way) -> None:
        thread = threading.Thread(target=self._forward, args=(source, sink, way), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _forward(self, source: socket.socket, sink: socket.socket, way: _Way) -> None:
        passed, cut, flip = 0, way.cut, way.flip
        try:
            while data := source.recv(_READ if cut is None else max(min(_READ, cut - passed), 1)):
                if cut is not None and passed + len(data) > cut:
                    break
                if flip is not None and passed <= flip < passed + len(data):
                    hurt = bytearray(data)
                    hurt[flip - passed] ^= 0x10
                    data = bytes(hurt)
                sink.sendall(data)
                passed += len(data)
                if way.up:
                    self.bytes_up += len(data)
                else:
                    self.bytes_down += len(data)
                if cut is not None and passed >= cut:
                    break
        except OSError:
            return
        finally:
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(way.ending)  # wakes the thread of the other direction
                end.close()
