"""What stands in each cell of the grid of trees, in words: the stored value, what was typed, or what is inherited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt

from fieldapp import i18n
from fieldapp.domain.current import COUNTED_STATES
from fieldapp.domain.records import Parcel
from fieldapp.domain.tags import next_tag
from fieldapp.errors import Finding, Severity
from fieldapp.ui.form_fields import SEVERITY_ORDER
from fieldapp.ui.shown import brief_words, number, stems_text, value_text
from fieldapp.ui.tree_cells import FIELDS, Column, GridRow

UNREAD = frozenset({"number_unreadable", "number_unit", "number_unit_converted", "number_ambiguous", "date_unreadable"})
_RANKS = {"position_outside": 0, "dbh_range": 2}  # of one severity; what is not named stands between them
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

_MARKS = {Severity.RED: "! ", Severity.AMBER: "△ "}  # not every theme and not every eye has a colour for it


def own_text(row: GridRow, column: Column) -> str:
    """What a row itself says in a cell: what was typed and not yet answered, or what is stored."""
    if column in row.typed:
        return row.typed[column]
    if row.row is None:
        return ""
    if column == Column.DBH and row.row.stems:
        return stems_text(row.row.stems)
    source = row.row.tree if column in (Column.TAG, Column.SPECIES) else row.row
    return value_text(FIELDS[column], getattr(source, FIELDS[column].name))


def inherited_text(
    row: GridRow, column: Column, above: GridRow | None, parcel: Parcel | None, free_tags: Mapping[str, str]
) -> str:
    """A species comes from the parcel, for the empty row from the row above; its tag counts up from there."""
    of_parcel = (parcel.species or "") if parcel else ""
    if column == Column.SPECIES and row.row is not None:
        return of_parcel
    if row.row is not None or column not in (Column.TAG, Column.SPECIES):
        return ""
    if column == Column.TAG:
        following = next_tag(own_text(above, Column.TAG)) if above else ""
        return free_tags.get(following, following)
    if above and above.parcel_id == row.parcel_id:
        return own_text(above, Column.SPECIES) or of_parcel
    return of_parcel


def outcome_text(row: GridRow, column: Column) -> str:
    """What the store says of a tree in a column that nobody types in."""
    tree = row.row
    if tree is None:
        return _waiting_text(row) if column == Column.HINT else ""
    if column == Column.PHOTOS:
        return str(tree.photos) if tree.photos else ""
    if column == Column.POSITION:
        there = i18n.t("ui.position.there") if tree.lat is not None else ""
        return there if tree.accuracy_m is None else f"±{number(tree.accuracy_m)} m"
    if column == Column.SINK:
        return number(tree.sink.co2e_kg) if is_counted(row) else i18n.t("ui.tree.not_counted")
    found = [f for f in all_findings(row) if f.severity is not Severity.GREY]
    if not is_counted(row):
        return " · ".join(filter(None, (state_text(row), _and_more(found))))
    if not found and "extrapolated" in tree.sink.flags:
        return i18n.t("carbon.flag.extrapolated")  # nothing that a surveyor could mend: said, not counted
    if not found and "height_curve" in tree.sink.flags:
        return i18n.t("ui.height_curve.hint")
    return _and_more(found)


def is_counted(row: GridRow) -> bool:
    """Whether a row counts in the sums: a tree that is dead or gone stays to be seen, and no more."""
    return row.row is None or row.row.tree.state in COUNTED_STATES


def state_text(row: GridRow) -> str:
    """The state of a tree in words."""
    state = (row.row.tree.state if row.row is not None else None) or "alive"
    key = f"choice.tree.state.{state}"
    return i18n.t(key) if i18n.has(key) else state  # a newer version may know others


def state_hint(row: GridRow | None) -> str:
    """Why a row is in no sum, and how that is mended; "" for one that counts."""
    return "" if row is None or is_counted(row) else i18n.t("ui.tree.state_hint", state=state_text(row))


def _waiting_text(row: GridRow) -> str:
    """Of a row that the store does not know yet: what has no meaning is not being stored, and says so."""
    if row.misread:
        return _and_more(all_findings(row))
    return i18n.t("ui.typing") if row.typed else ""


def all_findings(row: GridRow) -> list[Finding]:
    """Everything to be looked at in a row, the worst first."""
    unread = {f.field for f in row.misread.values()}  # the household counts them too: said once
    others = [f for f in row.findings if not (f.field in unread and f.code in UNREAD)]
    return worst_first([*row.misread.values(), *others])


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Red, amber, grey; of the same weight what cannot be true at all comes before what is only out of the ordinary."""
    return sorted(findings, key=lambda f: (SEVERITY_ORDER.index(f.severity), _RANKS.get(f.code, 1)))


def _and_more(found: list[Finding]) -> str:
    """The worst in a few words, and how many more there are: the hint line tells them all."""
    if not found:
        return ""
    mark = _MARKS.get(found[0].severity, "")
    words = brief_words(found[0])
    # the number first: at the end it would be cut, and after the name of a key it reads as a part of it
    return mark + (i18n.t("ui.findings.several", n=len(found), first=words) if len(found) > 1 else words)


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Numbers stand to the right, words to the left."""
    if column in (Column.DBH, Column.HEIGHT, Column.SINK):
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    if column == Column.PHOTOS:
        return Qt.AlignmentFlag.AlignCenter
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
