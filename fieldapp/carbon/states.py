"""A column of a table that says whether a tree still lives: what is dead or gone is in no sum, as in the window."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

NOT_COUNTED = "not_counted"  # the mark of such a row: its figure is what the tree held when it was measured
COLUMNS = ("state", "tree_state", "status_given", "树木状态", "状态")
# the states of a record and what the forms and papers write for them; any other word says nothing
_GONE = frozenset(
    (
        *("dead", "lost", "felled", "replaced", "lost to disaster"),
        *("枯死", "灾害损毁", "已采伐", "已补种替换"),
        *("死亡", "死", "已死", "枯立木", "枯倒木", "采伐", "砍伐", "已砍", "已砍伐", "损毁", "缺失"),
    )
)


def place_of(header: Sequence[str]) -> int | None:
    """Where the column stands; None in a table that says nothing of it."""
    names = [unicodedata.normalize("NFKC", name).strip().lower() for name in header]
    return next((names.index(name) for name in COLUMNS if name in names), None)


def is_gone(cell: str) -> bool:
    """Whether the cell says that the tree is dead or gone."""
    return unicodedata.normalize("NFKC", cell).strip().lower() in _GONE
