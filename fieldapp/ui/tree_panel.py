"""State and remarks of the current tree, beside the grid: one key leads here, Enter at the end or Escape back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Tree
from fieldapp.ui.forms import RecordForm
from fieldapp.ui.page import label
from fieldapp.ui.texts import Texts
from fieldapp.ui.tree_cells import Box, GridRow


class TreePanel(QWidget):
    """What is rarely said of a tree, and so stands in no cell that Enter walks through."""

    field_left = Signal(object, str, object)  # Box, field, value
    ended = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._box = Box()
        self._tree_id = RecordId(b"")
        self.form = RecordForm(Tree, ("state", "remarks"), texts, columns=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.form)
        column.addWidget(label(texts, "ui.tree_panel.keys", "small"))
        self.form.field_left.connect(lambda name, value: self.field_left.emit(self._box, name, value))
        self.form.ended.connect(self.ended)
        self.hide()

    def show_tree(self, tree: Tree | None, after: int) -> None:
        """Shows a tree as stored; a reading that knows nothing of what was said here last (act > `after`) waits."""
        self.setVisible(tree is not None)
        if tree is None:
            self._box, self._tree_id = Box(), RecordId(b"")
        elif tree.id != self._tree_id or self._box.act <= after:
            self._take(Box(tree), tree)

    def begin(self, row: GridRow) -> None:
        """Brings the cursor to the state of a tree of the grid, which the store may only be about to make."""
        if row.tree_id != self._tree_id:
            tree = row.row.tree if row.row is not None else Tree(id=row.tree_id, village_code="", state="alive")
            self._take(Box(tree) if row.row is not None else row.box, tree)
        self.show()
        self.form.begin()

    def _take(self, box: Box, tree: Tree) -> None:
        self._box, self._tree_id = box, tree.id
        self.form.show_record(tree)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the trees; what stands in a field is kept, as leaving it does."""
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
        else:
            super().keyPressEvent(event)
