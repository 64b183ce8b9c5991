"""The tabs of a household by the keyboard."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabBar
from pytestqt.qtbot import QtBot

from fieldapp import i18n
from fieldapp.ui.consents import ConsentPart
from fieldapp.ui.palette import THEMES
from fieldapp.ui.stylesheet import stylesheet
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
    assert (
        window.bench.page.grid.isAncestorOf(QApplication.focusWidget() or window.bench)
        or window.bench.page.grid.hasFocus()
    )


def test_the_consents_are_the_first_that_tab_comes_to_among_the_papers(window: Window) -> None:
    page = window.bench.page
    page.show_tab("papers")
    page.line.take_focus()
    window.keys(Qt.Key.Key_Tab)
    focus = QApplication.focusWidget()
    assert isinstance(focus.parentWidget() if focus else None, ConsentPart)


def test_the_field_that_the_cursor_is_sent_to_comes_into_view(window: Window, qtbot: QtBot) -> None:
    page = window.bench.page
    for _ in range(3):
        window.press("new_parcel")
    last = page.parcels.parcels.forms[-1].fields["place_name"].editor
    qtbot.waitUntil(last.hasFocus)
    qtbot.waitUntil(lambda: not last.visibleRegion().isEmpty())


def test_the_cursor_is_seen_in_every_theme() -> None:
    for name, palette in THEMES.items():
        sheet = stylesheet(palette, 100, "Noto Sans SC")
        ring = re.search(r"QPushButton:focus, QToolButton:focus \{ border: (\d+)px", sheet)
        assert ring is not None, name
        assert int(ring[1]) > palette.line_px, "the ring is thicker, for its colour may be the line's"


def test_the_end_of_a_page_does_not_call_stored_what_cannot_be_read(window: Window) -> None:
    page = window.bench.page
    page.show_tab("papers")
    page.papers.tenure_asked.emit()
    window.settle()
    form = page.papers.tenures.forms[0]
    form.focus_field("issued_on")
    window.keys("2015-13-45", Qt.Key.Key_Return)
    assert page.said == i18n.t("ui.form.end.unread")
    form.focus_field("number")
    assert page.said != i18n.t("ui.form.end.unread"), "it was said of the place that was left"
    form.focus_field("issued_on")
    window.keys("2015-12-05", Qt.Key.Key_Return)
    assert page.said == i18n.t("ui.form.end")
    assert "Ctrl+Shift+M" in page.said, "the way to the members is named, who have no tab of their own"
    page.show_tab("history")
    assert page.said == i18n.t("ui.hint.history")
