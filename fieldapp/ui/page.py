"""A quiet page with one card in the middle: first start, unlocking, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.ui.plain import PlainLabel, plain_tip
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme


class CardPage(QScrollArea):
    """The card's column is `column`; the page scrolls when a large type does not fit."""

    def __init__(self, theme: Theme, width_px: int = 560) -> None:
        super().__init__()
        self._theme = theme
        self._width_px = width_px
        self.setWidgetResizable(True)
        ground = QWidget()
        ground.setProperty("role", "page")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWidget(ground)
        self.card = QFrame()
        self.card.setProperty("role", "card")
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(32, 24, 32, 24)
        self.column.setSpacing(12)
        across = QHBoxLayout(ground)
        across.addStretch(1)
        down = QVBoxLayout()
        down.addStretch(1)
        down.addWidget(self.card)
        down.addStretch(2)
        across.addLayout(down)
        across.addStretch(1)
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.card.setFixedWidth(self._theme.px(self._width_px))


class ElidedLabel(PlainLabel):
    """One line that is cut with dots where there is no room; the tooltip has it all."""

    def setText(self, text: str) -> None:
        """Sets text and tooltip."""
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def minimumSizeHint(self) -> QSize:
        """It can be as narrow as need be."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints what fits."""
        with QPainter(self) as painter:
            text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            painter.setPen(self.palette().windowText().color())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)


class Told(PlainLabel):
    """What went wrong on a page, in red; it is said again in the new language after a switch."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setProperty("role", "red")
        self.setWordWrap(True)
        self._words: Callable[[], str] = str
        texts.changed.connect(self._write)

    def tell(self, words: Callable[[], str] = str) -> None:
        """Says what `words` make in the language in force; nothing when none are given."""
        self._words = words
        self._write()

    def tell_error(self, error: FieldappError) -> None:
        """Says an error without its title: what happened and whether the data is safe, then what to do now."""
        self.tell(lambda: "\n".join(i18n.error_texts(error)[1:]))

    def _write(self) -> None:
        self.setText(self._words())


def label(texts: Texts, key: str, role: str = "") -> QLabel:
    """A wrapped text of the catalogue in a role of the style sheet."""
    made = texts.say(PlainLabel(), key)
    made.setProperty("role", role)
    made.setWordWrap(True)
    return made


def button(texts: Texts, key: str, role: str = "") -> QPushButton:
    """A button of the catalogue; role "main" for the one that goes on."""
    made = texts.say(QPushButton(), key)
    made.setProperty("role", role)
    made.setAutoDefault(True)
    return made
