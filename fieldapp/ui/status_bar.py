"""The status bar: a row of facts with icons, always in the same order, each true and each a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QPushButton, QWidget

from fieldapp import i18n
from fieldapp.ui import icons
from fieldapp.ui.plain import PlainLabel, plain_tip
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the bar; `tone` is "", "good", "amber" or "red" and never stands alone."""

    text: str
    tone: str = ""
    hint: str = ""


# name and icon, left to right; the gap lies before `last_sync`
FACTS = (
    ("clock", "clock"),
    ("saved", "circle-check"),
    ("drafts", "edit"),
    ("waiting", "cloud-up"),
    ("confirmed", "shield-check"),
    ("trouble", "alert-triangle"),
    ("room", "device-floppy"),
    ("last_sync", "refresh"),
    ("person", "user"),
)


class StatusBar(QWidget):
    """Shows the facts; while something long runs, what it is, how far it is, and a way to stop it."""

    asked = Signal(str)
    stop_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._words: Callable[[], str] = str
        self._facts = {name: self._button(name, icon) for name, icon in FACTS}
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)  # no colour can be read on both parts of a bar: the words stand beside it
        texts.name(self._bar, "ui.progress")
        self._step = PlainLabel()
        self._step.setProperty("role", "small")
        self._stop = texts.say(QPushButton(), "ui.stop")
        self._stop.setProperty("role", "fact")
        self._stop.clicked.connect(self.stop_asked)
        self._moving = (self._step, self._bar, self._stop)
        self.badge = texts.say(PlainLabel(), "ui.practice")
        self.badge.setProperty("role", "badge")
        self.badge.hide()
        self._more = QPushButton()  # the facts that stepped back
        self._more.setProperty("role", "fact")
        self._more.setMenu(QMenu(self._more))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(2)
        for name, button in self._facts.items():
            if name == "last_sync":
                row.addWidget(self._step)
                row.addWidget(self._bar)
                row.addWidget(self._stop)
                row.addStretch(1)
                row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(button)
        row.addWidget(self._more)
        self.show_progress(None)
        theme.changed.connect(self._paint)
        texts.changed.connect(lambda: self._step.setText(self._words()))
        self._paint()

    def show_facts(self, **facts: Fact) -> None:
        """Shows new facts by name; one without a text is hidden."""
        for name, fact in facts.items():
            button = self._facts[name]
            button.setText(fact.text)
            button.setAccessibleName(fact.text)
            button.setToolTip(plain_tip(fact.hint))
            button.setVisible(bool(fact.text))
            if button.property("tone") != fact.tone:
                button.setProperty("tone", fact.tone)
                button.style().unpolish(button)
                button.style().polish(button)
                self._colour(button)
        self._fit()

    def _fit(self) -> None:
        """Where type is large and the screen small, the facts that can wait step back into a menu; none is cut off."""
        room = self.width() - 16
        named = [name for name, button in self._facts.items() if button.text()]
        spare = ("drafts", "person", "room", "confirmed", "last_sync")
        for gone in range(len(spare) + 1):
            shown = [
                name for name in named if name not in spare[:gone] or self._facts[name].property("tone") == "amber"
            ]
            wanted = sum(self._facts[name].sizeHint().width() + 2 for name in shown)
            wanted += sum(part.sizeHint().width() + 2 for part in (self.badge, *self._moving) if not part.isHidden())
            away = [name for name in named if name not in shown]
            self._more.setText(i18n.t("ui.fact.more", n=len(away)))
            wanted += self._more.sizeHint().width() + 2 if away else 0
            if wanted <= room or gone == len(spare):
                break
        for name in named:
            self._facts[name].setVisible(name in shown)
        self._more.setVisible(bool(away))
        self._more.menu().clear()
        for name in away:
            fact = self._more.menu().addAction(self._facts[name].icon(), self._facts[name].text())
            fact.triggered.connect(self._facts[name].click)

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be: what it shows follows its width, and must not widen the window beyond the screen."""
        return QSize(100, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks again at what fits."""
        super().resizeEvent(event)
        self._fit()

    def fact(self, name: str) -> str:
        """The text of a fact as it stands on the screen."""
        return self._facts[name].text()

    def show_progress(self, words: Callable[[], str] | None, done: int = 0, total: int = 0) -> None:
        """Shows how far long work is, in words of the language in force; None when it has ended."""
        for part in self._moving:
            part.setVisible(words is not None)
        if words is not None:
            self._words = words
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            self._step.setText(words())
        self._fit()

    def _button(self, name: str, icon_name: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "fact")
        button.setProperty("tone", "")
        button.setProperty("icon_name", icon_name)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.asked.emit(name))
        return button

    def _paint(self) -> None:
        self.setFixedHeight(self._theme.px(32))
        self._bar.setFixedSize(self._theme.px(110), self._theme.px(14))
        for button in self._facts.values():
            self._colour(button)
        self._fit()

    def _colour(self, button: QPushButton) -> None:
        token = button.property("tone") or "quiet"
        button.setIcon(icons.icon(button.property("icon_name"), getattr(self._theme.palette, token)))
        button.setIconSize(QSize(self._theme.px(16), self._theme.px(16)))
