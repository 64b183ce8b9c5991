"""What a cell of the grid, or a pasted block of them, means for the store; run on the store's thread. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Measurement, Record, Tree
from fieldapp.domain.stems import Stems, read_stems
from fieldapp.ui.kept import mended
from fieldapp.ui.shown import today
from fieldapp.ui.tree_cells import CellEdit

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.unit import UnitOfWork

_MEASURED = frozenset(("dbh_cm", "height_m"))


def store_cell(store: Store, cell: CellEdit, village_code: str) -> None:
    """Stores one cell of the grid: a field of the tree, or a measurement; the first cell of a row makes the tree."""
    store_cells(store, [cell], village_code)


def store_cells(store: Store, cells: Sequence[CellEdit], village_code: str) -> None:
    """Stores cells that were filled in one act: all of them or none, and one step to take back."""
    written: dict[RecordId, Record] = {}
    with store.unit() as unit:
        for cell in cells:
            known = written.get(cell.tree_id) or cell.box.record
            written[cell.tree_id] = _store_in(store, unit, cell, known, village_code)
        unit.commit()
    for cell in cells:  # not before: a full disk takes the edits back, and they are tried again from here
        cell.box.record = written[cell.tree_id]


def _store_in(store: Store, unit: UnitOfWork, cell: CellEdit, known: Record | None, village_code: str) -> Record:
    written, more = (None, {}) if known is None else mended(store, known, cell.field)
    if written is None:
        number = unit.next_number(Tree, village_code)
        fields: dict[str, Any] = {**cell.inherited, "state": "alive"}
        if cell.field not in _MEASURED:
            fields[cell.field] = cell.value
        tree = Tree(
            id=cell.tree_id,
            village_code=village_code,
            parcel_id=cell.parcel_id,
            device_tag=store.tag,
            number=number,
            **fields,
        )
        written = unit.add(tree)
    elif cell.field not in _MEASURED:
        written = unit.edit(written, **{cell.field: cell.value}, **more)
    elif more:
        written = unit.edit(written, **more)
    if cell.field in _MEASURED:
        unit.add(_measurement(store, cell, village_code))
    return written


def _measurement(store: Store, cell: CellEdit, village_code: str) -> Measurement:
    values = {} if cell.value is None else measured(cell.field, cell.value)
    more: dict[str, Any] = values
    return Measurement(
        id=new_id(),
        village_code=village_code,
        tree_id=cell.tree_id,
        measured_on=today(),
        measured_by=store.person,
        cleared=None if values else cell.field,
        **more,
    )


def measured(name: str, value: Value) -> dict[str, Value]:
    """The fields of a measurement that a cell's value stands for: a girth or stems are kept beside the diameter."""
    stems = read_stems(value) if isinstance(value, str) else None
    if isinstance(stems, Stems):
        return {name: stems.dbh_cm, "stems": stems.text}
    return {name: value} | ({"stems": None} if name == "dbh_cm" else {})
