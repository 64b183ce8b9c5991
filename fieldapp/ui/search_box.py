"""The search above the households: the field that is typed in, and the list of what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QToolButton

from fieldapp import i18n
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.storage.search import Hit


class SearchEdit(LineEdit):
    """The search field: Down goes to what was found, Esc clears."""

    down = Signal()

    def setClearButtonEnabled(self, enable: bool) -> None:
        """The cross that empties the field has a name, as everything that can be clicked."""
        super().setClearButtonEnabled(enable)
        self.name_clear()

    def name_clear(self) -> None:
        """Names the cross in the language in force."""
        crosses: Iterable[QToolButton] = self.findChildren(QToolButton)
        for cross in crosses:
            cross.setToolTip(plain_tip(i18n.t("ui.search.clear")))
            cross.setAccessibleName(i18n.t("ui.search.clear"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Esc beside the ordinary keys."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)


class HitList(QListWidget):
    """What a search found; Enter or a click chooses."""

    chosen = Signal(object)  # Hit

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setWordWrap(True)
        texts.name(self, "ui.hits")
        self.itemActivated.connect(self.choose)
        self.itemClicked.connect(self.choose)

    def show_hits(self, hits: Sequence[Hit], words: Sequence[str]) -> None:
        """Shows the hits, `words` as they are to be read; that there are none is said too."""
        self.clear()
        for hit, text in zip(hits, words, strict=True):
            item = QListWidgetItem(text, self)
            item.setData(Qt.ItemDataRole.UserRole, hit)
            item.setSizeHint(QSize(0, self._theme.px(44)))
        if not hits:
            item = QListWidgetItem(i18n.t("ui.search.nothing"), self)
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def choose(self, item: QListWidgetItem) -> None:
        """Tells which hit is meant."""
        hit = item.data(Qt.ItemDataRole.UserRole)
        if hit is not None:
            self.chosen.emit(hit)
