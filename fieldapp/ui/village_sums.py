"""Both numbers of the village under its list of households: the computed stock, and the platform's flat value apart.

Between them stands how many trees of the stock are doubtful, where there are any.

A click, Enter or F7 opens the card of `fieldapp explain --village`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.programme import Programme
from fieldapp.ui import figures
from fieldapp.ui.plain import PlainLabel, plain_tip
from fieldapp.ui.shown import number
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.storage.views import AreaTotals
    from fieldapp.ui.texts import Texts


class VillageSums(QWidget):
    """Two lines; the tooltip has the range, the versions, and the county where it is more than the village."""

    opened = Signal()

    def __init__(self, texts: Texts, theme: Theme, programme: Programme) -> None:
        super().__init__()
        self._theme, self._programme = theme, programme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._village: AreaTotals | None = None
        self._county: AreaTotals | None = None
        self._doubtful, self._counted = 0, True
        self._stock, self._odd, self._platform = PlainLabel(), PlainLabel(), PlainLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 12, 4)
        column.setSpacing(2)
        for line, role in ((self._stock, "small"), (self._odd, "amber"), (self._platform, "small")):
            line.setProperty("role", role)
            column.addWidget(line)
        texts.changed.connect(self._write)

    def show_sums(
        self, village: AreaTotals | None, county: AreaTotals | None, doubtful: int = 0, counted: bool = True
    ) -> None:
        """Shows a village; the county only when it has more households."""
        self._village, self._county, self._doubtful, self._counted = village, county, doubtful, counted
        self._write()

    def _write(self) -> None:
        village = self._village
        self.setVisible(village is not None and village.trees > 0)
        if village is None:
            return
        self._stock.setText(stock_line(village))
        key = "ui.village.doubtful" if self._counted else "ui.village.doubtful.counting"
        self._odd.setText(i18n.t(key, n=f"{self._doubtful:,}"))
        told = self._doubtful > 0 or not self._counted
        self._odd.setVisible(told)
        self._platform.setText(platform_line(village, self._programme))
        tip = tip_of(village, self._county, self._programme)
        self.setToolTip(plain_tip(f"{tip}\n{i18n.t('ui.village.explain')}"))
        lines = (self._stock, self._odd, self._platform) if told else (self._stock, self._platform)
        self.setAccessibleName("; ".join(line.text() for line in lines))
        self.setAccessibleDescription(f"{i18n.t('ui.village.explain')}\n{tip}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Opens the story behind the numbers."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it too; F7 is the window's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame while the cursor is here."""
        if self.hasFocus():
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(self._theme.color("fill"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(7, 2, -7, -1), 6, 6)


def stock_line(area: AreaTotals) -> str:
    """The computed carbon stock with its range."""
    if not area.total.trees:
        return i18n.t("ui.village.stock.none")
    tonnes = number(area.total.co2e_kg / 1000, 2)
    return i18n.t("ui.village.stock", stock=tonnes, range=figures.half_width(area.total))


def platform_line(area: AreaTotals, programme: Programme) -> str:
    """The platform's flat value of a year."""
    tonnes, yuan = area.trees * programme.flat_kg / 1000, area.trees * programme.price_yuan
    return i18n.t("ui.village.platform", flat=number(tonnes, 2), yuan=f"{yuan:,.0f}")


def tip_of(village: AreaTotals, county: AreaTotals | None, programme: Programme) -> str:
    """Range, trees and versions of the village, then the county's two numbers."""
    total = village.total
    lines = [
        i18n.t("ui.village.hint.trees", n=f"{total.trees:,}", all=f"{village.trees:,}"),
        i18n.t(
            "ui.card.stock.range",
            low=number(total.low_kg / 1000, 2),
            high=number(total.high_kg / 1000, 2),
            version=", ".join(village.method_versions) or "—",
        ),
        i18n.t("ui.card.platform.hint", version=programme.version, price=f"{programme.price_yuan:g}"),
    ]
    if county is not None:
        head = i18n.t("ui.village.hint.county", n=f"{county.households:,}", trees=f"{county.trees:,}")
        lines += ["", head, stock_line(county), platform_line(county, programme)]
    return "\n".join([*lines, i18n.t("ui.card.stock.hint")])
