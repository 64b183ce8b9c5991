"""Rows that stand in a table of trees more than once, cell for cell: a slip of copying that would be counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# columns that name a tree, the surest first
KEYS = ("tree_code", "code", "tree_id", "tag", "tree", "id", "树木编号", "编号", "挂牌号", "树号")


class Copies:
    """Counts them as the rows go by; a table whose rows name no tree may hold like trees, and is not asked."""

    def __init__(self, header: Sequence[str]) -> None:
        names = [name.strip().lower() for name in header]
        self._at = next((names.index(key) for key in KEYS if key in names), None)
        self._seen: set[int] = set()  # hashes alone: a million rows take some 60 MB
        self.first = ""
        self.number = 0

    def look_at(self, rows: Iterable[Sequence[str]]) -> None:
        """Takes the next rows in."""
        if self._at is None:
            return
        for row in rows:
            mark = hash(tuple(row))
            if mark in self._seen and row[self._at].strip():
                self.number += 1
                self.first = self.first or row[self._at].strip()
            self._seen.add(mark)
