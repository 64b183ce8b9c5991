"""A list of rows as JSON on standard output, row by row: the same text as `json.dumps` of the whole list."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any


class JsonRows:
    """Prints nothing unless it is wanted; the list is closed at the end, also when a row failed."""

    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted
        self._begun = False

    def __enter__(self) -> JsonRows:
        return self

    def put(self, row: Mapping[str, Any]) -> None:
        """Prints one row."""
        if not self.wanted:
            return
        text = json.dumps(row, ensure_ascii=False, indent=2, allow_nan=False).replace("\n", "\n  ")
        sys.stdout.write(f"{',' if self._begun else '['}\n  {text}")
        self._begun = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.wanted and (self._begun or error is None):
            sys.stdout.write("\n]\n" if self._begun else "[]\n")
