"""The search above the households: the field that is typed in, and the list of what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QToolButton

from fieldapp import i18n
from fieldapp.domain.masking import mask_name
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.storage.search import Hit


_LINE_PX = 234  # the pane's 266 without margins and scroll bar


class SearchEdit(LineEdit):
    """The search field: Down goes to what was found; Esc clears, and an empty one leaves Esc to its dialog."""

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
        """Down and Esc beside the ordinary keys; Esc in an empty field is the dialog's."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class HitList(QListWidget):
    """What a search found; Enter or a click chooses."""

    chosen = Signal(object)  # Hit

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._hidden = False
        self._found: tuple[Sequence[Hit], Sequence[str]] = ((), ())
        self.setWordWrap(True)
        texts.name(self, "ui.hits")
        theme.changed.connect(self._fit)
        self._fit()
        self.itemActivated.connect(self.choose)
        self.itemClicked.connect(self.choose)

    def _fit(self) -> None:
        self.setViewportMargins(self._theme.px(11), 0, 0, 0)  # its names stand below those of the households

    def show_hits(self, hits: Sequence[Hit], words: Sequence[str]) -> None:
        """Shows the hits, `words` as they are to be read; that there are none is said too."""
        self._found = (hits, words)
        self.clear()
        for hit, text in zip(hits, words, strict=True):
            full = "\n".join(filter(None, (self._covered(hit, text), whose(hit, hidden=self._hidden))))
            item = QListWidgetItem(self._elided(full), self)
            item.setData(Qt.ItemDataRole.UserRole, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, full.replace("\n", ", "))
            item.setToolTip(plain_tip(full))
            item.setSizeHint(QSize(0, self._theme.px(22) * (full.count("\n") + 1)))
        if not hits:
            item = QListWidgetItem(i18n.t("ui.search.nothing"), self)
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def hide_personal(self, hidden: bool) -> None:
        """Covers the names, or shows them again."""
        if hidden != self._hidden:
            self._hidden = hidden
            if self._found[0]:
                self.show_hits(*self._found)

    def _covered(self, hit: Hit, text: str) -> str:
        if not self._hidden or hit.record not in ("household", "member") or not hit.title:
            return text
        return text.replace(hit.title, mask_name(hit.title), 1)

    def _elided(self, text: str) -> str:
        """Each line cut to the width of the list; a name may be as long as somebody likes."""
        room = self._theme.px(_LINE_PX)
        measure = self.fontMetrics()
        return "\n".join(measure.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in text.split("\n"))

    def choose(self, item: QListWidgetItem) -> None:
        """Tells which hit is meant."""
        hit = item.data(Qt.ItemDataRole.UserRole)
        if hit is not None:
            self.chosen.emit(hit)


def whose(hit: Hit, *, hidden: bool = False) -> str:
    """The household that a hit belongs to and its village; a household's own name is its title already."""
    owner = hit.owner if hit.record != "household" else ""
    owner = mask_name(owner) if hidden and owner else owner
    return " · ".join(filter(None, (owner and i18n.t("ui.search.owner", name=owner), hit.village)))
