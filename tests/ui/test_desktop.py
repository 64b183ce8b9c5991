"""The window as a whole: languages, privacy, findings, places, what a screen reader hears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QDialog, QListWidget, QWidget

from fieldapp import i18n
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.ui.explain_card import ExplainCard
from fieldapp.ui.palette import THEMES
from fieldapp.ui.ready_dialog import ReadyDialog
from fieldapp.ui.tab_line import TABS
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import Window, add_household

ENTER, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Down
HAN = range(0x4E00, 0x9FFF)


def test_the_same_record_and_field_are_open_after_a_restart(
    window: Window, new_desktop: Callable[[], Window], folder: Path
) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    window.desktop.window.close()
    again = new_desktop()
    again.desktop.open(folder)
    again.settle()
    assert again.bench.page.tab == "trees"
    assert again.bench.page.grid.currentIndex().row() == 0
    assert again.bench.page.grid.currentIndex().column() == Column.HEIGHT
    stored = f"杨正光 · {i18n.t('record.tree')} A1 · {i18n.t('field.measurement.dbh_cm')} 6.6"
    assert again.bench.page.said == i18n.t("ui.reopened.stored", what=stored)


def words(root: QWidget) -> list[str]:
    """Every text that widgets carry."""
    found = []
    for widget in root.findChildren(QWidget):
        for getter in ("text", "placeholderText", "toolTip", "accessibleName"):
            said = getattr(widget, getter, None)
            if callable(said) and not widget.inherits("QLineEdit") and not widget.parent().inherits("QTabBar"):
                found.append(said())
    return found


def test_the_language_switches_live_everywhere(window: Window) -> None:
    window.press("switch_language")
    bench = window.desktop.window.findChildren(QWidget)
    assert bench
    left = [t for t in words(window.desktop.window) if any(ord(c) in HAN for c in t)]
    data = ("杨", "坡脚", "杉木", "榕江", "栽麻", "大利", "三组", "村", "韦小燕", "中文", "Parcel")
    assert [t for t in left if not any(d in t for d in data)] == []
    assert window.desktop.window.commands["sync"].text() == "&Sync"
    window.press("switch_language")
    assert window.bench.page.trees.headerData(2, Qt.Orientation.Horizontal) == i18n.t("ui.column.dbh")


def test_one_key_hides_personal_data(window: Window) -> None:
    window.press("privacy")
    assert window.bench.page.head.name.text() == "杨**"
    assert window.bench.list.model.index(0).data().startswith("杨**")
    window.bench.page.show_tab("household")
    assert window.bench.page.household.card.form.fields["head_name"].editor.text() == "杨**"
    window.press("privacy")
    assert window.bench.page.head.name.text() == "杨正光"


def test_search_opens_a_tree_by_its_tag_and_a_person_by_initials(window: Window) -> None:
    window.press("new_tree")
    window.keys("LX77", ENTER)
    window.settle()
    window.press("find")
    window.keys("yzg")
    window.settle()
    assert "杨正光" in window.bench.list.hits.item(0).text()
    window.press("privacy")
    assert "杨**" in window.bench.list.hits.item(0).text()
    assert "杨正光" not in window.bench.list.hits.item(0).toolTip()
    window.press("privacy")
    assert "杨正光" in window.bench.list.hits.item(0).text()
    window.press("find")
    window.bench.list.search.clear()
    window.keys("LX77")
    window.settle()
    found = window.bench.list.hits.item(0)
    assert i18n.t("ui.search.owner", name="杨正光") in found.text()  # whose tree it is, and where
    assert window.bench.list.village_button.text() in found.toolTip()
    window.keys(ENTER)
    window.settle()
    row = window.bench.page.grid.current_row()
    assert row is not None
    assert row.row is not None
    assert row.row.tree.tag == "LX77"


def test_a_number_is_explained(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    window.bench.page.grid.go_to(window.bench.page.desk.trees[0].tree.id, Column.DBH)  # type: ignore[union-attr]
    window.settle()
    window.press("explain")
    card = window.desktop.window.findChild(ExplainCard)
    text = card.text.toPlainText()
    tree = window.bench.page.desk.trees[0]  # type: ignore[union-attr]
    assert tree.sink.equation_id in text
    assert tree.sink.method_version in text
    assert "6.6" in text
    card.close()


def test_amber_wants_a_reason_and_red_must_be_mended(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "9.9", ENTER, ENTER)
    window.settle()
    window.press("mark_ready")
    dialog = window.desktop.window.findChild(ReadyDialog)
    dialog.edit.setFocus()
    window.keys(ENTER)
    window.settle()
    assert window.desktop.session.households[0].state == "draft", "without a reason it stays"  # type: ignore[union-attr]
    window.keys("grown fast", ENTER)
    window.settle()
    assert window.desktop.session.households[0].state == "ready"  # type: ignore[union-attr]


def test_red_keeps_a_household_from_being_ready(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER)
    window.settle()
    window.bench.page.grid.go_to_new()
    window.bench.page.grid._enter(1, Column.TAG)
    window.keys("A1", ENTER)
    window.settle()
    window.press("mark_ready")
    dialog = window.desktop.window.findChild(ReadyDialog)
    assert not dialog.ready_button.isEnabled()
    window.keys(ENTER)  # the first line is a red one: there
    window.settle()
    assert window.desktop.window.findChild(ReadyDialog) is None
    assert "A1" in window.bench.page.said
    assert window.desktop.session.households[0].state == "draft"  # type: ignore[union-attr]


def test_two_households_do_not_mix(window: Window) -> None:
    window.ask(lambda store: add_household(store, "吴阿朵", species="柳杉"))
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    window.press("next_household")
    assert window.bench.page.desk.view.household.head_name == "吴阿朵"  # type: ignore[union-attr]
    assert window.bench.page.trees.rowCount() == 1
    assert window.bench.page.trees.index(0, Column.SPECIES).data() == "柳杉"


def test_every_focusable_widget_has_a_name(window: Window) -> None:
    window.settle()
    nameless: list[str] = []
    for place in ("map", "inbox", "sync", "households"):
        window.desktop.window.show_place(place)
        nameless += without_a_name(window.desktop.window)
    for tab in TABS:
        window.bench.page.show_tab(tab)
        nameless += without_a_name(window.desktop.window)
    assert nameless == []


def without_a_name(root: QWidget) -> list[str]:
    """Widgets on the screen that can be reached by keyboard and that a screen reader cannot name."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget.inherits("QScrollArea"):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None and not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_every_theme_and_scale_fits_the_small_screen(window: Window, theme: str) -> None:
    window.bench.page.show_tab("trees")
    window.desktop._look(theme, 125)
    window.settle()
    assert window.desktop.window.minimumSizeHint().width() <= 1366
    assert window.desktop.window.width() <= 1366
    assert window.bench.page.grid.horizontalScrollBar().maximum() == 0


def test_a_field_of_the_form_is_stored_when_it_is_left(window: Window) -> None:
    window.bench.page.show_tab("household")
    form = window.bench.page.household.card.form
    form.focus_field("phone")
    window.keys("13885512345", ENTER)
    window.settle()
    household_id = window.desktop.session.household_id  # type: ignore[union-attr]

    def phone(store: Store) -> str | None:
        view = reads.household(store, household_id)  # type: ignore[arg-type]
        return view.household.phone if view else None

    assert window.ask(phone) == "13885512345"
    form.focus_field("id_number")
    window.keys("522626199001010001", ENTER)
    window.settle()
    assert form.fields["id_number"]._note.text()


def test_naughty_text_is_stored_as_typed(window: Window) -> None:
    window.bench.page.show_tab("household")
    form = window.bench.page.household.card.form
    for text in ("'; DROP TABLE tree; --", "<b>x</b>", "{n}", "%s", "\u202etest", "𠮷"):
        editor = form.fields["remarks"].editor
        editor.setFocus()
        editor.selectAll()  # type: ignore[union-attr]
        editor.insert(text)  # type: ignore[union-attr]
        window.keys(ENTER)
        window.settle()
        assert window.bench.page.desk.view.household.remarks == text  # type: ignore[union-attr]


def test_the_list_of_keys_names_every_command(window: Window) -> None:
    window.press("keys")
    dialog = next(d for d in window.desktop.window.findChildren(QDialog) if d.isVisible())
    assert dialog is not None
    dialog.close()
    assert isinstance(window.bench.list.hits, QListWidget)


def test_the_history_tells_who_changed_what_and_covers_personal_values(window: Window) -> None:
    window.bench.page.show_tab("history")
    window.settle()
    lines = [window.bench.page.history.item(n).text() for n in range(window.bench.page.history.count())]
    own = [line for line in lines if i18n.t("record.parcel") not in line]
    assert len(own) == 4  # made, name, group, category
    assert all("韦小燕" in line for line in lines)
    assert any("杨**" in line for line in lines)
    assert not any("杨正光" in line for line in lines)


def test_a_secondary_button_with_the_cursor_keeps_its_ground_so_that_its_icon_is_seen(window: Window) -> None:
    button = window.bench.evidence.add_button
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.isDefault()
    middle = button.grab().toImage().pixelColor(10, button.height() // 2)
    assert middle == before.pixelColor(10, button.height() // 2)
