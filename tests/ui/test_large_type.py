"""At 150 and 200 % the window stays within a small screen, and what had to step back is a key away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldapp.ui.dialogs import ReasonDialog
from fieldapp.ui.theme import size_at_scale
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import Window

SCREEN_WIDTH = 1366


@pytest.fixture(params=[(150, "zh_CN"), (150, "en"), (200, "zh_CN"), (200, "en")], ids=str)
def large(window: Window, request: pytest.FixtureRequest) -> Iterator[Window]:
    """The window at large type."""
    scale, language = request.param
    window.desktop.texts.switch(language)
    window.desktop.theme.choose("light", scale)
    window.settle()
    yield window
    window.desktop.theme.choose("light", 100)
    window.desktop.texts.switch("zh_CN")


def test_the_window_is_never_wider_than_a_small_screen(large: Window) -> None:
    window = large.desktop.window
    for tab in ("trees", "household", "parcels", "papers", "history"):
        large.bench.page.show_tab(tab)
        assert window.minimumSizeHint().width() <= SCREEN_WIDTH
    assert window.width() <= SCREEN_WIDTH


def test_panes_without_room_come_when_they_are_asked_for(large: Window) -> None:
    bench = large.bench
    assert not bench.list.isVisible()
    large.press("toggle_list")
    assert bench.list.isVisible()
    large.press("toggle_evidence")
    assert bench.evidence.isVisible()
    assert not bench.list.isVisible()
    large.press("find")
    assert bench.list.isVisible()
    assert bench.list.search.hasFocus()
    large.press("toggle_list")
    assert not bench.list.isVisible()


def test_names_of_fields_and_dialogs_grow_with_the_type(large: Window) -> None:
    large.bench.page.show_tab("household")
    form = large.bench.page.household.card.form
    for label in form._labels.values():
        longest = max(label.fontMetrics().horizontalAdvance(word) for word in label.text().split())
        assert longest <= label.width() or " " not in label.text()
    dialog = ReasonDialog(large.desktop.window, "?")
    assert dialog.minimumWidth() == size_at_scale(480, 0).width() > 480
    dialog.close()


def test_a_hidden_pane_is_offered_with_its_key(large: Window) -> None:
    page, bench = large.bench.page, large.bench
    assert page.panes.buttons["evidence"].isVisible()
    assert "F4" in page.panes.buttons["evidence"].text()
    page.panes.buttons["evidence"].click()
    assert bench.evidence.isVisible()
    assert not page.panes.buttons["evidence"].isVisible()


def test_hints_can_be_read_and_no_fact_is_lost(large: Window) -> None:
    grid, status = large.bench.page.grid, large.desktop.window.status
    large.press("new_tree")
    assert grid.columnWidth(Column.HINT) >= large.desktop.theme.px(100)
    assert sum(grid.columnWidth(column) for column in Column) <= grid.viewport().width()
    in_menu = [action.text() for action in status._more.menu().actions()] if status._more.isVisible() else []
    shown = [button.text() for button in status._facts.values() if button.isVisible()]
    assert sorted(shown + in_menu) == sorted(button.text() for button in status._facts.values() if button.text())
    large.press("toggle_evidence")  # the pane beside the grid: state and remarks below the photo, nothing on it
    large.settle()
    assert large.bench.evidence._title.y() >= large.bench.evidence.photo.geometry().bottom()
