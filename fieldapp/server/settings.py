"""How a server is set up: where its data lies, whether it is a practice server, which clock it reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.server.methods import Methods


def wall_ms() -> int:
    """The wall clock, milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class ServerSettings:
    """Everything a server needs; only `data_dir` must be given."""

    data_dir: Path
    database_url: str = ""
    blobs_url: str = ""
    practice: bool = False
    password: str = ""  # empty: keep the stored one, or make one up at the first start
    now_ms: Callable[[], int] = wall_ms
    proxies: tuple[str, ...] = ()  # addresses and networks of those whose X-Forwarded-For and -Proto are believed
    most_at_once: int = 64
    methods: Methods = field(default_factory=Methods)  # by which claims are computed again
    code_valid_ms: int = 7 * 24 * 3600 * 1000

    def database(self) -> str:
        """The database's address, by default a file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'server.db').as_posix()}"
