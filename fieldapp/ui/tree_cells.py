"""What the grid of trees is made of: its columns, one row as it stands on the screen, one edit as it is asked for."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from fieldapp.domain.fields import FieldSpec, spec
from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Measurement, Record, Tree
from fieldapp.errors import Finding

if TYPE_CHECKING:
    from fieldapp.storage.views import TreeRow


class Column(IntEnum):
    """The columns of the grid, left to right."""

    TAG = 0
    SPECIES = 1
    DBH = 2
    HEIGHT = 3
    PHOTOS = 4
    POSITION = 5
    SINK = 6
    HINT = 7


# the cells that Enter walks through, with the declared field behind each
FIELDS: dict[Column, FieldSpec] = {
    Column.TAG: spec(Tree, "tag"),
    Column.SPECIES: spec(Tree, "species"),
    Column.DBH: spec(Measurement, "dbh_cm"),
    Column.HEIGHT: spec(Measurement, "height_m"),
}
COLUMN_OF = {field_spec.name: column for column, field_spec in FIELDS.items()}


@dataclass(slots=True)
class Box:
    """Holds a record as this window last saw or wrote it, so that quick edits in a row follow on each other.

    Filled by the store's thread when an edit is stored; the window's thread replaces the box, never its content.
    """

    record: Record | None = None
    act: int = 0  # the number of the last act that was asked for it; window's thread only


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One field of one tree that was left with a new value; `box.record` is None for a tree that is not stored yet."""

    tree_id: RecordId
    box: Box
    field: str
    value: Value
    parcel_id: RecordId | None = None
    inherited: dict[str, Value] = dataclasses.field(default_factory=dict)  # what a new tree takes over: tag, species


@dataclass(slots=True)
class GridRow:
    """One line of the grid; `typed` holds what stands in a cell before the store has answered, or has no meaning."""

    tree_id: RecordId
    box: Box
    row: TreeRow | None = None
    typed: dict[Column, str] = dataclasses.field(default_factory=dict)
    misread: dict[Column, Finding] = dataclasses.field(default_factory=dict)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    parcel_id: RecordId | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing of it has been asked to be stored."""
        return self.row is None and not self.typed

    @property
    def is_fresh(self) -> bool:
        """Whether the store does not have it yet and was not asked to."""
        return self.row is None and not any(column not in self.misread for column in self.typed)
