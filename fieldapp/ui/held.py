"""What was typed and the disk has refused so far, laid over what is read: fields keep their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Record, Tree
from fieldapp.domain.sinks import Sink
from fieldapp.ui.cell_edits import measured
from fieldapp.ui.tree_cells import COLUMN_OF, Box, CellEdit, Column

if TYPE_CHECKING:
    from fieldapp.storage.views import TreeRow
    from fieldapp.ui.desk import Desk
    from fieldapp.ui.unsaved import Unsaved

R = TypeVar("R", bound=Record)
_FORGET = "\0"  # no keyboard types it
_MEASURED = (Column.DBH, Column.HEIGHT)
_NO_SINK = Sink("", "", None, None, None, None, None, None, (), "")  # computed when the tree is stored


@dataclass(frozen=True, slots=True)
class _Edit:
    act: int
    record_id: RecordId
    field: str
    value: Value
    cell: CellEdit | None = None
    typed: str = ""  # of a misread field: the text itself; `value` means nothing then


class Held:
    """Remembers what was asked to be stored until it is; window's thread only."""

    def __init__(self, unsaved: Unsaved) -> None:
        self._unsaved = unsaved
        self._edits: list[_Edit] = []

    def field(self, box: Box, name: str, value: Value) -> None:
        """A field of a form was left, and its act asked."""
        if box.record is not None:
            self._add(_Edit(box.act, box.record.id, name, value))

    def cells(self, cells: Sequence[CellEdit]) -> None:
        """Cells of the grid were filled, and their act asked."""
        for cell in cells:
            self._add(_Edit(cell.box.act, cell.tree_id, cell.field, cell.value, cell))

    def misread(self, act: int, record_id: RecordId, name: str, text: str) -> None:
        """A text without a meaning for its field was asked to be kept; "" forgets the former one."""
        self._add(_Edit(act, record_id, name, None, typed=text or _FORGET))

    def over(self, desk: Desk) -> Desk:
        """The desk with what the disk refused before it was read; what was asked later is no business of it."""
        waiting = self._unsaved.waiting
        self._edits = [edit for edit in self._edits if edit.act in waiting]
        edits = [edit for edit in self._edits if edit.act <= desk.after]
        if not edits:
            return desk
        kept = _kept_over(desk, edits)
        edits = [edit for edit in edits if not edit.typed]
        view = desk.view
        return replace(
            desk,
            kept=kept,
            view=replace(
                view,
                household=_over(view.household, edits),
                members=tuple(_over(member, edits) for member in view.members),
                tenures=tuple(_over(tenure, edits) for tenure in view.tenures),
                parcels=tuple(_over(parcel, edits) for parcel in view.parcels),
            ),
            trees=[_over_row(row, edits) for row in desk.trees] + _new_rows(desk, edits),
        )

    def _add(self, edit: _Edit) -> None:
        self._edits = [one for one in self._edits if one.act in self._unsaved.waiting]
        self._edits.append(edit)


def _kept_over(desk: Desk, edits: Sequence[_Edit]) -> dict[RecordId, dict[str, str]]:
    """The texts without a meaning: a later one stands for an earlier, and a value that was understood ends it."""
    kept = {record_id: dict(texts) for record_id, texts in desk.kept.items()}
    for edit in edits:
        texts = kept.setdefault(edit.record_id, {})
        texts.pop(edit.field, None)
        if edit.typed and edit.typed != _FORGET:
            texts[edit.field] = edit.typed
    return kept


def _over(record: R, edits: Sequence[_Edit]) -> R:
    names = type(record).__dataclass_fields__
    changes: dict[str, Any] = {e.field: e.value for e in edits if e.record_id == record.id and e.field in names}
    # no version: the next edit has seen whatever stands there when it is stored, the held one among it
    return replace(record, version=b"", **changes) if changes else record


def _over_row(row: TreeRow, edits: Sequence[_Edit]) -> TreeRow:
    values: dict[str, Any] = {}
    for edit in edits:
        if edit.record_id == row.tree.id and COLUMN_OF.get(edit.field) in _MEASURED:
            values |= measured(edit.field, edit.value)
    return replace(row, tree=_over(row.tree, edits), **values)


def _new_rows(desk: Desk, edits: Sequence[_Edit]) -> list[TreeRow]:
    """Trees whose first cell was refused: they stand at the end, as they will."""
    from fieldapp.storage.views import TreeRow

    known = {row.tree.id for row in desk.trees}
    parcels = {parcel.id for parcel in desk.view.parcels}
    rows = []
    for edit in edits:
        cell = edit.cell
        if cell is None or cell.tree_id in known or cell.parcel_id not in parcels:
            continue
        known.add(cell.tree_id)
        fields: dict[str, Any] = dict(cell.inherited)
        code = desk.view.household.village_code
        tree = Tree(id=cell.tree_id, village_code=code, parcel_id=cell.parcel_id, state="alive", **fields)
        row = TreeRow(tree, None, None, None, None, None, None, None, 0, None, _NO_SINK)
        rows.append(_over_row(row, edits))
    return rows
