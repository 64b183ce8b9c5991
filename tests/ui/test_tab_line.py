"""The tabs of a household by the keyboard."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QTabBar

from fieldapp.ui.tab_line import TABS
from tests.ui.conftest import Window


def test_a_key_goes_through_the_tabs_and_round_again(window: Window) -> None:
    page = window.bench.page
    seen = []
    for _ in TABS:
        seen.append(page.tab)
        window.press("next_tab")
        assert isinstance(QApplication.focusWidget(), QTabBar)
    assert tuple(seen) == TABS
    assert page.tab == TABS[0]
    window.press("previous_tab")
    assert page.tab == TABS[-1]


def test_one_key_leads_from_any_tab_to_the_trees(window: Window) -> None:
    window.bench.page.show_tab("papers")
    window.press("focus_work")
    assert window.bench.page.tab == "trees"
    assert window.bench.page.grid.isAncestorOf(QApplication.focusWidget()) or window.bench.page.grid.hasFocus()
