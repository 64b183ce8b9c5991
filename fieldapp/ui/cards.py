"""The three numbers of a household, kept apart: its quota, its provisional carbon stock, the platform's flat value."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fieldapp.i18n import labelled
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Figure:
    """What one card shows: what it is, the number, and what must be read with it. `tone` is a palette token."""

    caption: str
    number: str
    note: str
    tone: str = "text"
    hint: str = ""  # the whole story, as tooltip and accessible description


class Card(QWidget):
    """One number, set to be read; Enter or a click explains it."""

    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._figure = Figure("", "", "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._fit)
        self._fit()

    def show_figure(self, figure: Figure) -> None:
        """Shows another number."""
        self._figure = figure
        self.setAccessibleName(labelled(figure.caption, f"{figure.number} {figure.note}"))
        self.setAccessibleDescription(figure.hint)
        self.setToolTip(plain_tip(figure.hint))
        self.update()

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.px(62))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Opens the story behind the number."""
        self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Caption above, number large, note beside it; what does not fit is cut with dots, the tooltip has it all."""
        theme, figure = self._theme, self._figure
        colours = theme.palette
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            focused = self.hasFocus()
            painter.setPen(QPen(theme.color("fill" if focused else "line"), 2 if focused else colours.line_px))
            painter.setBrush(theme.color("card"))
            inset = 1.0 if focused else colours.line_px / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
            left, width = theme.px(12), self.width() - theme.px(20)
            small, large = theme.font("small"), theme.font("title", bold=True)
            painter.setPen(theme.color("quiet"))
            painter.setFont(small)
            caption = QFontMetricsF(small).elidedText(figure.caption, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(left, theme.px(8), width, theme.px(18)), Qt.AlignmentFlag.AlignVCenter, caption)
            row = QRectF(left, theme.px(28), width, theme.px(28))
            painter.setFont(large)
            painter.setPen(theme.color(figure.tone))
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, figure.number)
            taken = QFontMetricsF(large).horizontalAdvance(figure.number) + theme.px(8)
            painter.setFont(small)
            painter.setPen(theme.color("quiet"))
            row.adjust(taken, theme.px(3), 0, 0)
            note = QFontMetricsF(small).elidedText(figure.note, Qt.TextElideMode.ElideRight, row.width())
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, note)


_STRETCH = {"quota": 20, "stock": 25, "platform": 21}  # as long as what they have to say


class Cards(QWidget):
    """The row of three cards; `opened` names the one a person wants explained."""

    opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._cards = {name: Card(theme) for name in ("quota", "stock", "platform")}
        for name, card in self._cards.items():
            card.opened.connect(lambda name=name: self.opened.emit(name))
            row.addWidget(card, _STRETCH[name])

    def show_figures(self, **figures: Figure) -> None:
        """Shows the figures by card name."""
        for name, figure in figures.items():
            self._cards[name].show_figure(figure)
