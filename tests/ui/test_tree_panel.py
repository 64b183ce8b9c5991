"""State and remarks of a tree by keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabBar

from fieldapp import i18n
from fieldapp.storage import reads
from fieldapp.storage.views import TreeRow
from fieldapp.ui.choice_box import ChoiceBox
from fieldapp.ui.commands import key_list, plain_name
from fieldapp.ui.explain_card import ExplainCard
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import Window

ENTER, ESCAPE, DOWN, UP = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up


def stored(window: Window) -> list[TreeRow]:
    household_id = window.desktop.session.household_id  # type: ignore[union-attr]
    assert household_id is not None
    rows = window.ask(lambda store: reads.tree_rows(store, household_id))
    assert isinstance(rows, list)
    return rows


def ctrl_r(window: Window) -> None:
    """The command's own key, without waiting for anything: hands do not."""
    window.desktop.window.commands["tree_panel"].trigger()


def test_a_dead_tree_is_recorded_by_keyboard_alone(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.2", ENTER, "5", ENTER, "7", ENTER)
    window.settle()
    window.keys(UP)
    ctrl_r(window)
    assert isinstance(QApplication.focusWidget(), ChoiceBox)
    window.keys(DOWN, DOWN, ENTER, "snow", ENTER)  # alive, dead, lost; the remark; back to the trees
    window.settle()
    assert [(row.tree.state, row.tree.remarks) for row in stored(window)] == [("lost", "snow"), ("alive", None)]
    grid = window.bench.page.grid
    assert QApplication.focusWidget() is grid
    assert grid.currentIndex().row() == 0


def test_a_tree_typed_this_very_moment_gets_its_remark(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.2")  # nothing has come back from the store yet
    ctrl_r(window)
    window.keys(DOWN, ENTER, "leaning", ESCAPE)  # Escape keeps what stands there, as leaving does
    assert QApplication.focusWidget() is window.bench.page.grid
    window.settle()
    rows = stored(window)
    assert [(row.tree.state, row.tree.remarks, row.dbh_cm) for row in rows] == [("dead", "leaning", 6.2)]


def test_the_pane_comes_for_the_state_and_goes_again(window: Window) -> None:
    window.press("new_tree")
    ctrl_r(window)
    assert window.bench.page.said == i18n.t("ui.tree_panel.none")  # the empty row is no tree
    window.keys("A1", ENTER)
    window.settle()
    window.press("toggle_evidence")
    window.bench.page.grid.go_to(stored(window)[0].tree.id, Column.DBH)
    ctrl_r(window)
    assert window.bench.evidence.tree.isVisible()
    window.keys(ESCAPE)
    assert not window.bench.evidence.isVisible()
    assert (plain_name("tree_panel"), "Ctrl+R") in [entry[1:] for entry in key_list()]


def test_a_tree_that_is_gone_is_seen_and_not_counted(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.2", ENTER, "5", ENTER, "7", ENTER)
    window.settle()
    window.keys(UP)
    ctrl_r(window)
    window.keys(DOWN, DOWN, ESCAPE)
    window.settle()
    page = window.bench.page
    lost = i18n.t("choice.tree.state.lost")
    assert page.trees.index(0, Column.SINK).data() == i18n.t("ui.tree.not_counted")
    assert page.trees.index(0, Column.HINT).data() == lost
    assert page.said == i18n.t("ui.tree.state_hint", state=lost)
    bar = page.line.findChild(QTabBar)
    assert bar is not None
    assert i18n.t("ui.tab.trees.more", counted="1", more="1") in [bar.tabText(n) for n in range(bar.count())]
    window.press("explain")
    card = window.desktop.window.findChild(ExplainCard)
    assert card is not None
    assert lost in card.text.toPlainText().partition("A1")[0]  # at its head
