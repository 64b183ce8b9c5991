"""A species in the window: Chinese or Latin as the language has it, typed in any way, always stored the same."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from fieldapp import i18n
from fieldapp.storage import reads
from fieldapp.ui.form_fields import FieldEdit
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import Window

ENTER, DOWN, UP = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up


def cell(window: Window, row: int = 0) -> tuple[str, str]:
    """What a species cell shows, and what its editor opens with."""
    trees = window.bench.page.trees
    index = trees.index(row, Column.SPECIES)
    return trees.data(index), trees.data(index, Qt.ItemDataRole.EditRole)


def stored(window: Window) -> list[str | None]:
    """The species of the trees as stored; None is the parcel's."""
    household = window.desktop.session.household_id
    return list(window.ask(lambda store: [row.tree.species for row in reads.tree_rows(store, household)]))


def species_field(window: Window) -> FieldEdit:
    """The species of the only parcel."""
    window.bench.page.show_tab("parcels")
    (card,) = window.bench.page.parcels.parcels._cards.values()
    return card.form.fields["species"]


def test_the_english_window_shows_latin_names_and_stores_what_it_did(window: Window) -> None:
    window.press("switch_language")
    try:
        window.press("new_tree")
        window.keys("A1", ENTER, "pinus massoniana", ENTER, "6.6", ENTER)
        window.settle()
        assert cell(window) == ("P. massoniana", "Pinus massoniana")
        assert stored(window) == ["马尾松"]
        assert "C. lanceolata" in window.bench.page.parcel_choice.currentText()
        assert species_field(window).editor.text() == "Cunninghamia lanceolata"
    finally:
        window.press("switch_language")
    assert cell(window) == ("马尾松", "马尾松")
    assert species_field(window).editor.text() == "杉木"
    assert stored(window) == ["马尾松"]


@pytest.mark.parametrize("typed", ["mws", "马尾松", "Pinus massoniana", "pinus_massoniana"])
@pytest.mark.parametrize("english", [False, True])
def test_a_parcel_understands_every_name(window: Window, typed: str, english: bool) -> None:
    if english:
        window.press("switch_language")
    field = species_field(window)
    field.editor.setFocus()
    field.editor.selectAll()
    field.editor.insert(typed)  # Chinese comes from an input method, not from keys
    window.keys(ENTER)
    window.settle()
    household = window.desktop.session.household_id
    parcels = window.ask(lambda store: [p.species for p in reads.household(store, household).parcels])
    assert parcels == ["马尾松"]
    assert field.editor.text() == ("Pinus massoniana" if english else "马尾松")
    if english:
        window.press("switch_language")


def list_of(editor: QWidget | None) -> QListWidget | None:
    """The names under a field, when they are there to be seen."""
    assert isinstance(editor, LineEdit)
    assert editor.suggestions is not None
    found = editor.suggestions.list
    return found if found is not None and found.isVisible() else None


def test_names_are_offered_in_a_cell_and_enter_goes_on_as_ever(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, "pinus t")
    editor = QApplication.focusWidget() or window.desktop.window.focusWidget()
    offered = list_of(editor)
    assert offered is not None
    assert offered.count() > 2
    window.keys(DOWN, DOWN, UP, UP, DOWN)  # up from the first brings back what was typed
    assert editor.text() == offered.item(0).text().split(" · ")[0]
    chosen = editor.text()
    window.keys(ENTER, "6.6", ENTER, "4", ENTER)
    window.settle()
    assert stored(window) == [chosen]
    (tree,) = window.ask(lambda store: reads.tree_rows(store, window.desktop.session.household_id))
    window.bench.page.grid.go_to(tree.id, Column.SPECIES)
    window.keys("pinus m")
    assert list_of(window.desktop.window.focusWidget()) is not None
    window.keys(ENTER)  # a list is open, and nothing of it is taken
    window.settle()
    assert stored(window) == ["pinus m"]
    assert window.desktop.window.findChild(QListWidget, "suggestions") is None


def test_a_text_that_is_a_name_already_leaves_the_arrows_to_the_grid(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, "ss")  # 水杉, and others begin so
    editor = window.desktop.window.focusWidget()
    assert list_of(editor) is not None
    window.keys(UP)  # there is no row above: the cell is left
    window.settle()
    assert window.desktop.window.findChild(QListWidget, "suggestions") is None
    grid = window.bench.page.grid
    grid.edit(grid.currentIndex())
    window.keys("mws")
    editor = window.desktop.window.focusWidget()
    assert list_of(editor) is None
    window.keys(DOWN, modifier=Qt.KeyboardModifier.AltModifier)
    offered = list_of(editor)
    assert offered is not None
    assert offered.currentItem().text().startswith("马尾松")
    window.keys(Qt.Key.Key_Escape)
    assert list_of(editor) is None
    assert editor.text() == "mws"
    window.keys(ENTER, "6.6", ENTER)
    window.settle()
    assert stored(window) == ["马尾松"]


def test_a_parcels_field_offers_by_down_and_by_click(window: Window) -> None:
    field = species_field(window)
    field.editor.setFocus()
    QTest.mouseClick(field.editor, Qt.MouseButton.LeftButton)
    assert list_of(field.editor) is None
    assert not field.editor.hasSelectedText()  # a click sets the cursor, to mend a letter
    window.keys(DOWN)
    offered = list_of(field.editor)
    assert offered is not None
    assert offered.currentItem().text().startswith("杉木")
    window.keys(DOWN)
    assert field.editor.text() == "马尾松"
    item = offered.item(2)
    QTest.mouseClick(offered.viewport(), Qt.MouseButton.LeftButton, pos=offered.visualItemRect(item).center())
    assert list_of(field.editor) is None
    assert field.editor.hasFocus()
    chosen = field.editor.text()
    assert item is not None
    assert chosen == "云南松"
    window.keys(ENTER)
    window.settle()
    household = window.desktop.session.household_id
    assert [p.species for p in window.ask(lambda store: reads.household(store, household).parcels)] == [chosen]


def test_a_species_that_nobody_knows_is_shown_as_typed(window: Window) -> None:
    window.press("switch_language")
    window.press("new_tree")
    window.keys("A1", ENTER, "some shrub", ENTER, "6.6", ENTER)
    window.settle()
    assert cell(window) == ("some shrub", "some shrub")
    assert stored(window) == ["some shrub"]
    window.press("switch_language")
    assert cell(window) == ("some shrub", "some shrub")


def test_looking_at_a_cell_in_english_changes_nothing(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, "mws", ENTER, "6.6", ENTER)
    window.settle()
    before = window.ask(lambda store: reads.tree_rows(store, window.desktop.session.household_id)[0].tree)
    window.press("switch_language")
    model = window.bench.page.trees
    assert model.setData(model.index(0, Column.SPECIES), "Pinus massoniana")
    window.settle()
    assert window.ask(lambda store: reads.tree_rows(store, window.desktop.session.household_id)[0].tree) == before
    window.press("switch_language")
    assert i18n.language() == i18n.LANGUAGES[0]
