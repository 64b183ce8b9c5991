"""Greys what cannot be done, for as long as the menu is open; the keys stay alive and say why nothing happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from fieldapp.ui.tree_cells import FIELDS, Column

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.ui.main_window import MainWindow
    from fieldapp.ui.workbench import Workbench

# what is done to a household, or to something of it, that is on the desk
_ON_DESK = frozenset(
    {
        "new_tree", "copy_above", "next_finding", "mark_ready", "remove", "new_member", "new_parcel",
        "import_photos", "import_folder", "set_position", "next_tab", "previous_tab", "focus_work",
    }
)  # fmt: skip


class MenuState(QObject):
    """Looks at the desk whenever the menu opens."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._greyed: list[str] = []
        window.menu.aboutToShow.connect(self._opens)
        window.menu.aboutToHide.connect(self._closes)

    def _opens(self) -> None:
        self._closes()
        bench, session = self._window.workbench, self._window.session
        if bench is None or session is None:
            return
        self._grey(cannot(bench))
        session.tasks.run(self, _undoable, self._arrived)

    def _arrived(self, can: tuple[bool, bool]) -> None:
        if self._window.menu.isVisible():
            self._grey({name for name, able in zip(("undo", "redo"), can, strict=True) if not able})

    def _grey(self, names: set[str]) -> None:
        for name in names:
            action = self._window.commands[name]
            if action.isEnabled():
                action.setEnabled(False)
                self._greyed.append(name)

    def _closes(self) -> None:
        for name in self._greyed:
            self._window.commands[name].setEnabled(True)
        self._greyed.clear()


def cannot(bench: Workbench) -> set[str]:
    """The commands that would do nothing now."""
    page, households = bench.page, bench.list.model.rowCount()
    found = set() if page.desk is not None else set(_ON_DESK)
    if page.desk is None or not page.desk.view.parcels:
        found |= {"new_tree", "focus_work"}
    row, index = page.grid.current_row(), page.grid.currentIndex()
    in_grid = page.tab == "trees" and row is not None
    if not in_grid or row is None or row.row is None:
        found.add("remove")
    if not in_grid or index.row() < 1 or Column(index.column()) not in FIELDS:
        found.add("copy_above")
    if not in_grid or row is None or row.is_new:
        found.add("tree_panel")
    if page.desk is None and bench.list.sums.isHidden():
        found.add("explain")
    if bench.evidence.current_photo() is None:
        found.add("view_photo")
    if not households:
        found |= {"next_household", "previous_household"}
    return found


def _undoable(store: Store) -> tuple[bool, bool]:
    from fieldapp.storage import undo

    return bool(undo.next_undo(store)), bool(undo.next_redo(store))
