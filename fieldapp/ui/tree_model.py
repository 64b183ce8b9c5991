"""The trees of a household as a table: rows from storage, and at the end an empty row that becomes a tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from fieldapp import i18n
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Parcel
from fieldapp.errors import Finding
from fieldapp.ui.meaning import understand
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.shown import finding_words, value_text
from fieldapp.ui.tree_cells import FIELDS, Box, CellEdit, Column, GridRow
from fieldapp.ui.tree_rows import above_of, merged, on_their_way, replace_rows, restored
from fieldapp.ui.tree_texts import NAMES, alignment, all_findings, inherited_text, outcome_text, own_text

if TYPE_CHECKING:
    from fieldapp.storage.views import TreeRow

Index = QModelIndex | QPersistentModelIndex
GRID_ROW = Qt.ItemDataRole.UserRole
PROPOSED = Qt.ItemDataRole.UserRole + 1  # whether a text is only proposed, not stored


class TreeModel(QAbstractTableModel):
    """Shows and edits trees; `edits_asked` carries every field that was left with another value."""

    edits_asked = Signal(list)  # CellEdits of one act
    misread = Signal(bytes, str, str)  # tree id, field, text

    def __init__(
        self,
        parent: QObject,
        species: Callable[[str], str],
        shown: Callable[[str], str] = str,
        short: Callable[[str], str] = str,
    ) -> None:
        super().__init__(parent)
        self.species = species  # what a typed species means: its full name, or the text itself
        self._shown, self._short = shown, short  # a stored species in the language in force, in full and in brief
        self._rows: list[GridRow] = []
        self._parcel: Parcel | None = None
        self._free_tags: Mapping[str, str] = {}
        self._asked: list[CellEdit] = []  # of the act in hand

    # -- what the view asks
    def rowCount(self, parent: Index | None = None) -> int:
        """Trees, and the empty row at the end."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """The columns."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns with their units; rows are named by their tags."""
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Horizontal:
                return i18n.t(NAMES[Column(section)])
            return self.text(self._rows[section], Column.TAG)
        aligned = role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal
        return alignment(Column(section)) if aligned else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of a declared field can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if Column(index.column()) in FIELDS else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, alignment, and the row itself for the delegate."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == GRID_ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole and column == Column.SPECIES:
            return self._short(self.text(row, column))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._spoken(row, column)
        if role == PROPOSED:
            return column in (Column.TAG, Column.SPECIES) and not own_text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole and column == Column.HINT:
            return plain_tip("\n".join(finding_words(f) for f in all_findings(row)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return i18n.labelled(self.headerData(column, Qt.Orientation.Horizontal), self._spoken(row, column))
        return None

    def _spoken(self, row: GridRow, column: Column) -> str:
        text = self.text(row, column)
        return self._shown(text) if column == Column.SPECIES else text

    def text(self, row: GridRow, column: Column) -> str:
        """What stands in a cell; a species as it is stored."""
        if column not in FIELDS:
            return outcome_text(row, column)
        own = own_text(row, column)
        if own or (row.row is not None and column != Column.SPECIES):
            return own
        above = above_of(self._rows, row) if row.row is None else None
        return inherited_text(row, column, above, self._parcel, self._free_tags)

    # -- editing
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Takes what was typed: shown at once and asked to be stored, or kept with a finding if it means nothing."""
        if role != Qt.ItemDataRole.EditRole or Column(index.column()) not in FIELDS:
            return False
        self.take(index, str(value))
        return True

    def take(self, index: Index, typed: str, seen: Box | None = None) -> None:
        """Takes what was typed; `seen` is the tree as it stood there when typing began, if another came meanwhile."""
        self._take(index, typed, seen)
        self._tell_asked()

    def take_block(self, place: int, column: Column, block: Sequence[Sequence[str]]) -> None:
        """Takes a table from a cell on to the right and down, each cell as if typed; trees come below."""
        for down, texts in enumerate(block):
            for along, text in enumerate(texts):
                self._take(self.index(place + down, column + along), text)
            if place + down == len(self._rows) - 1 and down < len(block) - 1:
                self._append_empty()  # a row of nothing in the middle of the table
        self._tell_asked()

    def _tell_asked(self) -> None:
        asked, self._asked = self._asked, []
        if asked:
            self.edits_asked.emit(asked)

    def _take(self, index: Index, typed: str, seen: Box | None = None) -> None:
        row, column = self._rows[index.row()], Column(index.column())
        text = typed.strip()
        own = own_text(row, column)
        if text == own or (own and text == self._spoken(row, column)):
            return
        if seen is not None:
            row.box = seen  # or the other person's value would count as seen, and be overwritten without a word
        meaning = understand(FIELDS[column], text)
        row.misread.pop(column, None)
        if isinstance(meaning, Finding):
            if row.is_fresh:  # what was typed is kept with its tree: the tree comes first
                self._ask(row, Column.TAG, self.text(row, Column.TAG) or None)
            row.typed[column] = text
            row.misread[column] = meaning
            self.misread.emit(row.tree_id, FIELDS[column].name, text)
        else:
            if column == Column.SPECIES and isinstance(meaning, str):
                meaning = self.species(meaning)
            self._ask(row, column, meaning)
        self._row_changed(index.row())
        if index.row() == len(self._rows) - 1:
            self._append_empty()

    def _ask(self, row: GridRow, column: Column, meaning: Any) -> None:
        inherited: dict[str, Any] = {}
        if row.is_fresh:
            inherited["tag"] = self.text(row, Column.TAG) or None
            species = self.text(row, Column.SPECIES)
            inherited["species"] = None if self._parcel and species == self._parcel.species else species or None
            for taken in (Column.TAG, Column.SPECIES):
                row.typed.setdefault(taken, self.text(row, taken))
        row.typed[column] = value_text(FIELDS[column], meaning)
        self._asked.append(CellEdit(row.tree_id, row.box, FIELDS[column].name, meaning, row.parcel_id, inherited))

    # -- what the window tells
    def show_trees(
        self,
        rows: Sequence[TreeRow],
        findings: Mapping[bytes, list[Finding]],
        parcel: Parcel | None,
        free_tags: Mapping[str, str] | None = None,
        *,
        after: int = 0,
    ) -> None:
        """Takes the trees as stored; rows still on their way to the store keep their place at the end.

        `free_tags` are proposed instead of tags that are in use elsewhere; of acts later than `after` the reading
        does not know.
        """
        self._free_tags = free_tags or {}
        if not self.shows(parcel):
            self.clear()
        self._parcel = parcel
        known = {row.tree_id: row for row in self._rows}
        stored = {row.tree.id for row in rows}
        waiting = on_their_way(self._rows, stored, after)
        fresh = [merged(known.get(row.tree.id), row, findings.get(row.tree.id, []), after) for row in rows]
        empty = self._rows[-1] if self._rows and self._rows[-1].is_new else self._empty()
        empty.parcel_id = parcel.id if parcel else None
        self._replace(fresh + waiting + ([empty] if parcel else []))

    def shows(self, parcel: Parcel | None) -> bool:
        """Whether the trees here are those of this parcel."""
        return (parcel and parcel.id) == (self._parcel and self._parcel.id)

    def _replace(self, rows: list[GridRow]) -> None:
        if replace_rows(self, self._rows, rows):
            self._rows_changed()
        else:
            self._reset(rows)

    def _reset(self, rows: list[GridRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def clear(self) -> None:
        """Empties the table: another household or parcel comes."""
        if self._rows:
            self._reset([])

    def restore_typed(self, tree_id: RecordId, name: str, text: str) -> None:
        """Brings back what was typed before a power cut and had no meaning."""
        place = self.row_of(tree_id)
        if place >= 0 and restored(self._rows[place], name, text):
            self._row_changed(place)

    def at(self, number_: int) -> GridRow | None:
        """The row at a place."""
        return self._rows[number_] if 0 <= number_ < len(self._rows) else None

    def row_of(self, tree_id: bytes | None) -> int:
        """Where a tree stands, -1 when it is not here."""
        return next((n for n, row in enumerate(self._rows) if row.tree_id == tree_id), -1)

    def retranslate(self) -> None:
        """Headers and hints in the language in force."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._rows_changed()

    def _rows_changed(self) -> None:
        if self._rows:
            self._row_changed(0, len(self._rows) - 1)

    def _empty(self) -> GridRow:
        return GridRow(new_id(), Box(), parcel_id=self._parcel.id if self._parcel else None)

    def _append_empty(self) -> None:
        place = len(self._rows)
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.append(self._empty())
        self.endInsertRows()

    def _row_changed(self, place: int, last: int = -1) -> None:
        self.dataChanged.emit(self.index(place, 0), self.index(max(place, last), len(Column) - 1))
