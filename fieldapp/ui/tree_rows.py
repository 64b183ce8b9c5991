"""From the rows on the screen to the rows as stored, step by step, so that an open cell and its cursor stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex

from fieldapp.domain.ids import RecordId
from fieldapp.errors import Finding
from fieldapp.ui.meaning import understand
from fieldapp.ui.tree_cells import COLUMN_OF, FIELDS, Box, GridRow

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractTableModel

    from fieldapp.storage.views import TreeRow

_MOST_STEPS = 200  # beyond that the view is quicker with everything anew


def merged(old: GridRow | None, row: TreeRow, findings: Sequence[Finding], after: int) -> GridRow:
    """A tree as stored; what was typed in it after the reading began stands over it until its own answer comes."""
    result = GridRow(row.tree.id, Box(row.tree), row, parcel_id=row.tree.parcel_id, findings=list(findings))
    if old is not None and old.box.act > after:
        result.misread, result.typed, result.box = old.misread, old.typed, old.box
    return result


def above_of(rows: Sequence[GridRow], row: GridRow) -> GridRow | None:
    """The row above, from which an empty one inherits."""
    # rows that inherit stand at the end
    place = next((n for n in range(len(rows) - 1, 0, -1) if rows[n] is row), 0)
    return rows[place - 1] if place else None


def restored(row: GridRow, name: str, text: str) -> bool:
    """Puts back into a row what was typed there and had no meaning; False when something newer stands there."""
    column = COLUMN_OF.get(name)
    meaning = understand(FIELDS[column], text) if column is not None and column not in row.typed else None
    if column is None or not isinstance(meaning, Finding):
        return False
    row.typed[column] = text
    row.misread[column] = meaning
    return True


def on_their_way(rows: Sequence[GridRow], stored: set[RecordId], after: int) -> list[GridRow]:
    """Rows that the store was asked to make and has not shown yet; one that it made and took back is not among them."""
    return [
        row
        for row in rows
        if row.row is None and row.typed and row.tree_id not in stored and (row.box.act > after or not row.box.record)
    ]


def replace_rows(model: QAbstractTableModel, rows: list[GridRow], wanted: list[GridRow]) -> bool:
    """Makes `rows` what is wanted by taking away and putting in between; False when too much is different.

    Trees stay in the order in which they were made, so that none changes places with another.
    """
    goal = {row.tree_id: place for place, row in enumerate(wanted)}
    here = [goal[row.tree_id] for row in rows if row.tree_id in goal]
    gone, come = len(rows) - len(here), len(wanted) - len(here)
    if not rows or here != sorted(here) or gone + come > _MOST_STEPS:
        return False
    for place in range(len(rows) - 1, -1, -1):
        if rows[place].tree_id not in goal:
            model.beginRemoveRows(QModelIndex(), place, place)
            del rows[place]
            model.endRemoveRows()
    for place, row in enumerate(wanted):
        if place < len(rows) and rows[place].tree_id == row.tree_id:
            rows[place] = row
        else:
            model.beginInsertRows(QModelIndex(), place, place)
            rows.insert(place, row)
            model.endInsertRows()
    return True
