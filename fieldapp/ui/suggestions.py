"""A list of names under a field while somebody types: the cursor stays in the field, and Enter goes on as ever.

Down goes into the list and puts the marked name into the field, Up past the first one brings the typed text back,
Esc closes it, a click takes a name. What matches nothing stays as typed. The list must take no key and no focus but
these, so it is a child of the window and no popup. In a grid the arrows move on: there a text that stands for a name
already leaves them to the grid, and Alt+Down goes into the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QListWidget, QListWidgetItem, QScrollBar, QWidget

from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.names import Offer, Spoken
from fieldapp.ui.theme import at_scale

_LINES = 8
_WIDTH_PX = 300
_LINE_PX = 26
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Suggestions(QObject):
    """The list of one field; it exists while it is open. Alt+Down opens it, with `down_opens` Down alone."""

    def __init__(self, edit: LineEdit, spoken: Spoken, *, down_opens: bool) -> None:
        super().__init__(edit)
        self._edit, self._spoken, self._down_opens = edit, spoken, down_opens
        self.list: QListWidget | None = None
        self._typed = ""  # what stood in the field before a name was marked
        self._is_name = False  # whether that stands for a name already
        self._putting = False
        edit.textEdited.connect(self._edited)
        edit.forward.connect(self.close)
        edit.backward.connect(self.close)
        edit.installEventFilter(self)
        edit.suggestions = self

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is the list's; Enter and Tab never are."""
        key = Qt.Key(event.key())
        goes_in = self._down_opens or bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if self.list is None or self.list.isHidden():
            self.close()
            return key == Qt.Key.Key_Down and goes_in and self._open_all()
        if key in _STEPS and self.list.currentRow() < 0 and not goes_in and self._is_name:
            self.close()
            return False
        if key in _STEPS:
            return self._go(self.list.currentRow() + _STEPS[key])
        if key == Qt.Key.Key_Escape:
            self._put(self._typed)
            self.close()
            return True
        return False

    def close(self) -> None:
        """Takes the list away; the text stays."""
        if self.list is not None:
            self.list.hide()
            self.list.deleteLater()
            self.list = None

    def _edited(self, text: str) -> None:
        if self._putting:
            return
        self.close()
        words = text.strip()
        if words and not self._edit.composing:
            offers = self._spoken.offers(words)
            self._is_name = self._among(words, offers)
            if not (self._is_name and len(offers) == 1):  # what it stands for is told in a line beside
                self._open(offers)

    def _among(self, text: str, offers: Sequence[Offer]) -> bool:
        return self._spoken.meant(text) in {self._spoken.meant(str(one.value)) for one in offers}

    def _open_all(self) -> bool:
        """Opens what the text may become, or everything where it is a name already."""
        words = self._edit.text().strip()
        offers = self._spoken.offers(words)
        if self._among(words, offers):
            offers = self._spoken.offers("")
        self._open(offers)
        if self.list is not None:
            shown = self._spoken.shown(self._spoken.meant(words))
            self.list.setCurrentRow(next((n for n, one in enumerate(offers) if one.value == shown), -1))
        return self.list is not None

    def _open(self, offers: Sequence[Offer]) -> None:
        if not offers or self._edit.isReadOnly():
            return
        self._typed = self._edit.text()
        window = self._edit.window()
        made = self.list = QListWidget(window)
        made.setObjectName("suggestions")
        made.setProperty("role", "framed")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setAccessibleName(self._edit.accessibleName())
        for one in offers:
            item = QListWidgetItem(one.words, made)
            item.setData(Qt.ItemDataRole.UserRole, one.value)
            wide = made.fontMetrics().horizontalAdvance(one.words)
            item.setSizeHint(QSize(wide + at_scale(16), at_scale(_LINE_PX)))
        made.itemClicked.connect(self._clicked)
        made.setGeometry(_place(self._edit, window, _size(made)))
        for bar in _scroll_bars(self._edit):
            bar.valueChanged.connect(made.hide)  # the field goes away under it
        made.show()
        made.raise_()

    def _go(self, row: int) -> bool:
        """Marks a line and puts its name into the field; before the first one stands what was typed."""
        assert self.list is not None
        if row < -1:
            self.close()
            return False
        row = min(row, self.list.count() - 1)
        self.list.setCurrentRow(row)
        item = self.list.item(row) if row >= 0 else None
        self._put(item.data(Qt.ItemDataRole.UserRole) if item is not None else self._typed)
        return True

    def _clicked(self, item: QListWidgetItem) -> None:
        self._put(item.data(Qt.ItemDataRole.UserRole))
        self.close()

    def _put(self, text: str) -> None:
        """As if it had been typed: it can be taken back, and leaving the field stores it."""
        if text != self._edit.text():
            self._putting = True
            self._edit.selectAll()
            self._edit.insert(text)
            self._putting = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list goes with the cursor."""
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize):
            self.close()
        return super().eventFilter(watched, event)


def _size(made: QListWidget) -> QSize:
    lines = min(made.count(), _LINES)
    wanted = max(made.sizeHintForColumn(0) + at_scale(32), at_scale(_WIDTH_PX))
    return QSize(wanted, lines * max(made.sizeHintForRow(0), 1) + 2 * made.frameWidth() + 2)


def _place(edit: QWidget, window: QWidget, size: QSize) -> QRect:
    """Under the field, or above it where there is more room; never beyond the window."""
    corner = edit.mapTo(window, QPoint(0, edit.height()))
    width = min(size.width(), window.width())
    left = max(min(corner.x(), window.width() - width), 0)
    top, below = corner.y(), window.height() - corner.y()
    if size.height() > below and top - edit.height() > below:
        height = min(size.height(), top - edit.height())
        return QRect(left, top - edit.height() - height, width, height)
    return QRect(left, top, width, min(size.height(), below))


def _scroll_bars(edit: QWidget) -> list[QScrollBar]:
    found = []
    parent = edit.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            found.append(parent.verticalScrollBar())
        parent = parent.parentWidget()
    return found
