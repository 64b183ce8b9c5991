"""The comparison at large type: nothing scrolls sideways, and marks keep room to be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from fieldapp import i18n
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.picture import picture_of
from fieldapp.carbon.registry import load
from fieldapp.domain.sinks import SinkInput
from fieldapp.ui.compare_tab import CompareTab
from fieldapp.ui.theme import Theme


@pytest.fixture(params=[150, 200])
def tab(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[tuple[CompareTab, Theme]]:
    """All equations of a fir with a height, in English, as wide as a card on a small screen."""
    theme = Theme()
    theme.choose("light", request.param)
    i18n.set_language("en")
    made = CompareTab(theme, picture_of(RegistryEstimator(load()), SinkInput("杉木", 8.8, 7.0)))
    qtbot.addWidget(made)
    made.resize(1240, 560)
    made.show()
    qtbot.waitUntil(lambda: made.table.columnWidth(5) > 0 and made.table.rowHeight(0) > 0)
    yield made, theme
    theme.choose("light", 100)
    i18n.set_language("zh_CN")


def test_the_table_is_read_without_scrolling_sideways(tab: tuple[CompareTab, Theme]) -> None:
    compare, theme = tab
    table = compare.table
    assert table.horizontalScrollBar().maximum() == 0
    assert table.columnWidth(5) >= theme.px(140)
    for column in (0, 2, 3, 4):
        assert table.sizeHintForColumn(column) <= table.columnWidth(column)
