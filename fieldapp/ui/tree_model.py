"""The trees of a household as a table: rows from storage, and at the end an empty row that becomes a tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from fieldapp import i18n
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Parcel
from fieldapp.domain.tags import next_tag
from fieldapp.errors import Finding, Severity
from fieldapp.ui.form_fields import SEVERITY_ORDER, understand
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.shown import finding_words, number, value_text
from fieldapp.ui.tree_cells import COLUMN_OF, FIELDS, Box, CellEdit, Column, GridRow

if TYPE_CHECKING:
    from fieldapp.storage.views import TreeRow

Index = QModelIndex | QPersistentModelIndex
GRID_ROW = Qt.ItemDataRole.UserRole
PROPOSED = Qt.ItemDataRole.UserRole + 1  # whether a text is only proposed, not stored
NAMES = {
    Column.TAG: "ui.column.tag",
    Column.SPECIES: "ui.column.species",
    Column.DBH: "ui.column.dbh",
    Column.HEIGHT: "ui.column.height",
    Column.PHOTOS: "ui.column.photos",
    Column.POSITION: "ui.column.position",
    Column.SINK: "ui.column.sink",
    Column.HINT: "ui.column.hint",
}


class TreeModel(QAbstractTableModel):
    """Shows and edits trees; `edit_asked` carries every field that was left with another value."""

    edit_asked = Signal(object)  # CellEdit
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
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return _alignment(Column(section))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of a declared field can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
        if Column(index.column()) in FIELDS:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

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
            return column in (Column.TAG, Column.SPECIES) and not self._own(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole and column == Column.HINT:
            return plain_tip("\n".join(finding_words(f) for f in all_findings(row)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headerData(column, Qt.Orientation.Horizontal)}: {self._spoken(row, column)}"
        return None

    def _spoken(self, row: GridRow, column: Column) -> str:
        text = self.text(row, column)
        return self._shown(text) if column == Column.SPECIES else text

    def text(self, row: GridRow, column: Column) -> str:
        """What stands in a cell; a species as it is stored."""
        if column in FIELDS:
            return self._own(row, column) or self._inherited(row, column)
        tree = row.row
        if tree is None:
            return self._waiting_text(row) if column == Column.HINT else ""
        if column == Column.PHOTOS:
            return str(tree.photos) if tree.photos else ""
        if column == Column.POSITION:
            return "" if tree.accuracy_m is None else f"±{number(tree.accuracy_m)} m"
        if column == Column.SINK:
            return number(tree.sink.co2e_kg)
        found = [f for f in all_findings(row) if f.severity is not Severity.GREY]
        if not found and "extrapolated" in tree.sink.flags:
            return i18n.t("carbon.flag.extrapolated")  # nothing that a surveyor could mend: said, not counted
        if not found and "height_curve" in tree.sink.flags:
            return i18n.t("ui.height_curve.hint")
        return short_text(found[0]) if found else ""

    def _waiting_text(self, row: GridRow) -> str:
        """Of a row that the store does not know yet: what has no meaning is not being stored, and says so."""
        if row.misread:
            return short_text(next(iter(row.misread.values())))
        return i18n.t("ui.typing") if row.typed else ""

    def _own(self, row: GridRow, column: Column) -> str:
        if column in row.typed:
            return row.typed[column]
        if row.row is None:
            return ""
        name = FIELDS[column].name
        source = row.row.tree if column in (Column.TAG, Column.SPECIES) else row.row
        return value_text(FIELDS[column], getattr(source, name))

    def _inherited(self, row: GridRow, column: Column) -> str:
        """A species comes from the parcel, for the empty row from the row above; its tag counts up from there."""
        if column == Column.SPECIES and row.row is not None:
            return (self._parcel.species or "") if self._parcel else ""
        if row.row is not None or column not in (Column.TAG, Column.SPECIES):
            return ""
        place = self._rows.index(row)
        above = self._rows[place - 1] if place else None
        if column == Column.TAG:
            following = next_tag(self.text(above, Column.TAG)) if above else ""
            return self._free_tags.get(following, following)
        if above and above.parcel_id == row.parcel_id:
            return self.text(above, Column.SPECIES)
        return (self._parcel.species or "") if self._parcel else ""

    # -- editing
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Takes what was typed: shown at once and asked to be stored, or kept with a finding if it means nothing."""
        if role != Qt.ItemDataRole.EditRole or Column(index.column()) not in FIELDS:
            return False
        row, column = self._rows[index.row()], Column(index.column())
        text = str(value).strip()
        own = self._own(row, column)
        if text == own or (own and text == self._spoken(row, column)):
            return True
        meaning = understand(FIELDS[column], text)
        row.misread.pop(column, None)
        if isinstance(meaning, Finding):
            if self._is_fresh(row):  # what was typed is kept with its tree: the tree comes first
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
        return True

    def _is_fresh(self, row: GridRow) -> bool:
        return row.row is None and not any(column not in row.misread for column in row.typed)

    def _ask(self, row: GridRow, column: Column, meaning: Any) -> None:
        inherited: dict[str, Any] = {}
        if self._is_fresh(row):
            inherited["tag"] = self.text(row, Column.TAG) or None
            species = self.text(row, Column.SPECIES)
            inherited["species"] = None if self._parcel and species == self._parcel.species else species or None
            for taken in (Column.TAG, Column.SPECIES):
                row.typed.setdefault(taken, self.text(row, taken))
        row.typed[column] = value_text(FIELDS[column], meaning)
        edit = CellEdit(row.tree_id, row.box, FIELDS[column].name, meaning, row.parcel_id, inherited)
        self.edit_asked.emit(edit)

    # -- what the window tells
    def show_trees(
        self,
        rows: Sequence[TreeRow],
        findings: Mapping[bytes, list[Finding]],
        parcel: Parcel | None,
        free_tags: Mapping[str, str] | None = None,
    ) -> None:
        """Takes the trees as stored; rows still on their way to the store keep their place at the end.

        `free_tags` are proposed instead of tags that are in use elsewhere.
        """
        self._free_tags = free_tags or {}
        if (parcel and parcel.id) != (self._parcel and self._parcel.id):
            self.clear()
        self._parcel = parcel
        known = {row.tree_id: row for row in self._rows}
        stored = {row.tree.id for row in rows}
        waiting = [row for row in self._rows if row.typed and row.tree_id not in stored and row.row is None]
        fresh = [self._merged(known.get(row.tree.id), row, findings) for row in rows]
        empty = self._rows[-1] if self._rows and self._rows[-1].is_new else self._empty()
        empty.parcel_id = parcel.id if parcel else None
        self._replace(fresh + waiting + ([empty] if parcel else []))

    def _merged(self, old: GridRow | None, row: TreeRow, findings: Mapping[bytes, list[Finding]]) -> GridRow:
        result = GridRow(row.tree.id, Box(row.tree), row, parcel_id=row.tree.parcel_id)
        result.findings = findings.get(row.tree.id, [])
        if old is not None:
            result.misread = old.misread
            result.typed = {column: old.typed[column] for column in old.misread}
        return result

    def _replace(self, rows: list[GridRow]) -> None:
        same = [r.tree_id for r in rows[: len(self._rows)]] == [r.tree_id for r in self._rows]
        if same and self._rows:
            old = len(self._rows)
            self._rows[:] = rows[:old]
            self.dataChanged.emit(self.index(0, 0), self.index(old - 1, len(Column) - 1))
            if len(rows) > old:
                self.beginInsertRows(QModelIndex(), old, len(rows) - 1)
                self._rows += rows[old:]
                self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def clear(self) -> None:
        """Empties the table: another household or parcel comes."""
        if not self._rows:
            return
        self.beginResetModel()
        self._rows = []
        self.endResetModel()

    def restore_typed(self, tree_id: RecordId, name: str, text: str) -> None:
        """Brings back what was typed before a power cut and had no meaning."""
        place = self.row_of(tree_id)
        column = COLUMN_OF.get(name)
        if place >= 0 and column is not None:
            meaning = understand(FIELDS[column], text)
            if isinstance(meaning, Finding):
                self._rows[place].typed[column] = text
                self._rows[place].misread[column] = meaning
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
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    def _empty(self) -> GridRow:
        return GridRow(new_id(), Box(), parcel_id=self._parcel.id if self._parcel else None)

    def _append_empty(self) -> None:
        place = len(self._rows)
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.append(self._empty())
        self.endInsertRows()

    def _row_changed(self, place: int) -> None:
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))


def all_findings(row: GridRow) -> list[Finding]:
    """Everything to be looked at in a row, the worst first."""
    return sorted([*row.misread.values(), *row.findings], key=lambda f: SEVERITY_ORDER.index(f.severity))


def short_text(finding: Finding) -> str:
    """A finding in a few words for its row, with the likely right value."""
    short = f"{finding.key}.short"
    return i18n.t(short, **finding.params) if i18n.has(short) else finding_words(finding)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column in (Column.DBH, Column.HEIGHT, Column.SINK):
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    if column == Column.PHOTOS:
        return Qt.AlignmentFlag.AlignCenter
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
