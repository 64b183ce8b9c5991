"""The head of a household's page stays as wide as it is, whatever somebody is called."""

from __future__ import annotations

from fieldapp.ui import edits
from tests.ui.conftest import Window


def test_a_long_name_is_cut_and_widens_nothing(window: Window) -> None:
    head = window.bench.page.head
    narrow = head.minimumSizeHint().width()
    head.name.setText("阿" * 400)
    window.settle()
    assert head.minimumSizeHint().width() == narrow
    assert head.name.toolTip() == "阿" * 400
    assert head.ready_button.geometry().right() <= head.width()


def test_the_longest_category_leaves_room_for_bank_and_account_in_english(window: Window) -> None:
    household = window.bench.page.desk.view.household

    def fill(store: object) -> None:
        box = edits.Box(household)
        for field, value in (
            ("category", "registered_poor"),
            ("id_number", "522632199001010010"),
            ("bank_name", "榕江县农村商业银行栽麻支行"),
            ("bank_account", "6217000000000000022"),
        ):
            edits.store_field(store, box, field, value)

    window.ask(fill)
    window.desktop.session.refresh()
    window.press("switch_language")
    for line in (window.bench.page.head.who, window.bench.page.head.bank):
        assert line.isVisible()
        assert line.fontMetrics().horizontalAdvance(line.text()) <= line.width()
    window.press("switch_language")
