"""The households of a village as a list, each painted with its quota bar and its state in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fieldapp import i18n
from fieldapp.domain.masking import mask_name
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.domain.ids import RecordId
    from fieldapp.storage.views import HouseholdRow

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole


class HouseholdModel(QAbstractListModel):
    """Rows as storage gave them; the text role is what a screen reader says."""

    def __init__(self, parent: QObject, quota: Callable[[float | None], int]) -> None:
        super().__init__(parent)
        self._quota = quota
        self._rows: list[HouseholdRow] = []
        self._hidden = False
        self._marks: dict[RecordId, str] = {}  # by which findings name them

    def rowCount(self, parent: Index | None = None) -> int:
        """How many households."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, or its name for the screen reader."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self.name(row)} {self.mark(row)} {row.counted} / {self.quota(row)} {self.words(row)[0]}"
        return None

    def quota(self, row: HouseholdRow) -> int:
        """How many trees its land allows; the full quota while its land is unknown."""
        return self._quota(row.area_mu or None)

    def words(self, row: HouseholdRow) -> tuple[str, str]:
        """Its state in words, and the palette token of the words."""
        return state_words(row, self.quota(row))

    def name(self, row: HouseholdRow) -> str:
        """The head's name as it may be seen now."""
        name = row.name or i18n.t("ui.no_name")
        return mask_name(name) if self._hidden and row.name else name

    def mark(self, row: HouseholdRow) -> str:
        """What stands beside a name: the number, by which findings and the township name a household, and the group."""
        number = i18n.t("ui.household.number", number=self._marks.get(row.id, row.number))
        return " ".join(part for part in (number, row.group) if part)

    @property
    def hidden(self) -> bool:
        """Whether names are covered."""
        return self._hidden

    def hide_personal(self, hidden: bool) -> None:
        """Covers names while others look at the screen."""
        self._hidden = hidden
        self._tell()

    def show_rows(self, rows: Sequence[HouseholdRow]) -> None:
        """Takes new rows; the choice stays where it is when the same households are shown."""
        self._marks = _numbers(rows)
        if [r.id for r in rows] == [r.id for r in self._rows]:
            self._rows = list(rows)
            self._tell()
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_of(self, household_id: bytes | None) -> int:
        """Where a household stands, -1 when it is not listed."""
        return next((n for n, row in enumerate(self._rows) if row.id == household_id), -1)

    def at(self, number: int) -> HouseholdRow | None:
        """The household at a row."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def trees(self) -> int:
        """Trees of all households listed."""
        return sum(row.counted for row in self._rows)

    def _tell(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))


def _numbers(rows: Sequence[HouseholdRow]) -> dict[RecordId, str]:
    """The numbers as findings name them; where two laptops number a village, the laptop's tag stands before."""
    several = len({row.device_tag for row in rows}) > 1
    return {row.id: f"{row.device_tag}-{row.number}" if several else str(row.number) for row in rows}


def state_words(row: HouseholdRow, quota: int) -> tuple[str, str]:
    """The state of a household in words, and the palette token they are written in; what wants a person comes first.

    What must be mended stands before what is over the quota: recording on is allowed there, being ready is not here.
    """
    if row.conflicts:
        return i18n.t("ui.state.conflict", n=row.conflicts), "red"
    if row.state == "not_eligible":
        return i18n.t("ui.state.not_eligible"), "amber"
    if row.state == "returned":
        return i18n.t("ui.state.returned"), "red"
    words, tone = _sent_words(row)
    over = [i18n.t("ui.state.over", n=row.counted - quota)] if row.counted > quota else []
    if row.findings_red and over:  # all three in one line: whether it has been sent has no room
        words = i18n.t(f"choice.household.state.{row.state if row.state == 'ready' else 'draft'}")
    if row.findings_red:
        return " · ".join([words, i18n.t("ui.state.to_mend", n=row.findings_red), *over]), "red"
    if over:
        return " · ".join([words, *over]), "amber"
    if row.findings_amber:
        return f"{words} · {i18n.t('ui.state.to_look_at', n=row.findings_amber)}", "amber"
    return words, tone


def _sent_words(row: HouseholdRow) -> tuple[str, str]:
    """Draft or ready, the words of the status bar, and what of it has been sent."""
    if row.state == "ready":
        return i18n.t("ui.state.confirmed" if row.confirmed else "ui.state.ready"), "good"
    if not row.trees:
        return i18n.t("ui.state.empty"), "quiet"
    return i18n.t("ui.state.draft_confirmed" if row.confirmed else "ui.state.draft"), "quiet"


class HouseholdDelegate(QStyledItemDelegate):
    """Name, group and count; the quota bar; the state in words."""

    def __init__(self, theme: Theme, model: HouseholdModel) -> None:
        super().__init__(model)
        self._theme = theme
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One size for all rows."""
        return QSize(self._theme.px(200), self._theme.px(62))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one household."""
        row: HouseholdRow = index.data(ROW)
        theme, rect = self._theme, QRect(option.rect)  # type: ignore[attr-defined]
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if chosen:
            painter.fillRect(rect, theme.color("soft"))
            painter.fillRect(QRect(rect.left(), rect.top(), theme.px(3), rect.height()), theme.color("fill"))
        painter.setPen(theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(theme.px(14), theme.px(6), -theme.px(14), -theme.px(4))
        self._paint_head(painter, inner, row, chosen)
        self._paint_bar(painter, inner, row)
        words, tone = self._model.words(row)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color(tone))
        line = QRect(inner.left(), inner.bottom() - theme.px(18), inner.width(), theme.px(18))
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _paint_head(self, painter: QPainter, inner: QRect, row: HouseholdRow, chosen: bool) -> None:
        theme = self._theme
        line = QRect(inner.left(), inner.top(), inner.width(), theme.px(22))
        quota = self._model.quota(row)
        count = f"{row.counted:,} / {quota:,}"
        small = theme.font("small")
        room = QFontMetrics(small).horizontalAdvance(count) + theme.px(8)
        painter.setFont(small)
        painter.setPen(theme.color("amber" if row.counted > quota else "quiet"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        name_font = theme.font("strong", bold=chosen)
        metrics = QFontMetrics(name_font)
        name = metrics.elidedText(self._model.name(row), Qt.TextElideMode.ElideRight, line.width() - room)
        painter.setFont(name_font)
        painter.setPen(theme.color("text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        start = max(metrics.horizontalAdvance(name) + theme.px(10), theme.px(76))
        space = line.adjusted(start, 0, -room, 0)
        painter.setFont(small)
        painter.setPen(theme.color("quiet"))
        group = QFontMetrics(small).elidedText(
            self._model.mark(row), Qt.TextElideMode.ElideRight, max(space.width(), 0)
        )
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter, group)

    def _paint_bar(self, painter: QPainter, inner: QRect, row: HouseholdRow) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(inner.left(), inner.top() + theme.px(26), inner.width(), theme.px(6))
        radius = bar.height() / 2
        thick = theme.palette.line_px > 1
        painter.setPen(theme.color("line") if thick else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("track"))
        painter.drawRoundedRect(bar, radius, radius)
        quota = self._model.quota(row)
        share = min(row.counted / quota, 1.0) if quota else 0.0
        if share > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("amber_fill" if row.counted > quota else "fill"))
            painter.drawRoundedRect(
                QRectF(bar.left(), bar.top(), max(bar.width() * share, bar.height()), bar.height()), radius, radius
            )
