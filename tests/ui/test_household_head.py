"""The head of a household's page stays as wide as it is, whatever somebody is called."""

from __future__ import annotations

from tests.ui.conftest import Window


def test_a_long_name_is_cut_and_widens_nothing(window: Window) -> None:
    head = window.bench.page.head
    narrow = head.minimumSizeHint().width()
    head.name.setText("阿" * 400)
    window.settle()
    assert head.minimumSizeHint().width() == narrow
    assert head.name.toolTip() == "阿" * 400
    assert head.ready_button.geometry().right() <= head.width()
