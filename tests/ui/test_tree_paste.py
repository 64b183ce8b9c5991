"""A table from a spreadsheet goes into cells and rows, or nowhere at all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from fieldapp import i18n
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.tree_cells import Column
from fieldapp.ui.tree_paste import block_of, refusal, without_heading
from tests.ui.conftest import Window
from tests.ui.test_tree_grid import stored

ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


def paste(window: Window, text: str) -> None:
    """Ctrl+V where the cursor is."""
    QGuiApplication.clipboard().setText(text)
    window.keys(Qt.Key.Key_V, modifier=CTRL)
    window.settle()


def test_what_is_a_table() -> None:
    assert block_of("6.5") is None
    assert block_of("6.5\r\n") is None, "a spreadsheet ends one cell with a new line too"
    assert block_of("a\t1\t\r\nb\t2\t\r\n\r\n") == [["a", "1"], ["b", "2"]]
    table = [["挂牌号", "树种", "胸径"], ["A1", "杉木", "6"]]
    assert without_heading(table, Column.TAG) == table[1:]
    assert without_heading([["A1", "杉木", "六"], ["A2", "杉木", "6"]], Column.TAG)[0][0] == "A1"
    assert refusal([["1", "2", "3"]], Column.DBH)
    assert refusal([["1", "2"]], Column.DBH) == ""


def test_a_table_fills_cells_and_adds_rows_and_is_taken_back_at_once(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "5.5", ENTER)
    window.settle()
    window.bench.page.grid.go_to(stored(window)[0].tree.id, Column.TAG)
    assert isinstance(QApplication.focusWidget(), LineEdit)
    paste(window, "B1\t马尾松\t6.1\t5.2\nB2\t\t7.2\tabc\n\t\t8,1\t\n")
    rows = stored(window)
    assert [(r.tree.tag, r.tree.species, r.dbh_cm, r.height_m) for r in rows] == [
        ("B1", "马尾松", 6.1, 5.2), ("B2", None, 7.2, None), ("B3", None, 8.1, None)
    ]  # fmt: skip
    trees = window.bench.page.trees
    assert trees.index(1, Column.HEIGHT).data() == "abc", "kept, with its finding"
    assert i18n.t("ui.paste.done", rows=3, columns=4) == window.bench.page.said
    window.press("undo")
    assert [(r.tree.tag, r.tree.species, r.dbh_cm) for r in stored(window)] == [("A1", None, 5.5)]


def test_a_table_too_wide_changes_nothing(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER)
    window.settle()
    paste(window, "1\t2\t3\n4\t5\t6")
    assert [(r.tree.tag, r.dbh_cm) for r in stored(window)] == [("A1", None)]
    assert window.bench.page.said == i18n.t("ui.paste.too_wide", columns=3, room=2)
    assert QApplication.focusWidget().text() == ""  # type: ignore[union-attr]


def test_one_cell_is_pasted_into_the_cell(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER)
    paste(window, "6.6\r\n")
    window.keys(ENTER)
    window.settle()
    assert stored(window)[0].dbh_cm == 6.6
