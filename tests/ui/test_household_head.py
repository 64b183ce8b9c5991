"""The head of a household's page stays as wide as it is, whatever somebody is called."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from fieldapp import i18n
from fieldapp.ui import edits
from fieldapp.ui.choice_box import ChoiceBox
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


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


def test_nothing_of_cards_and_choices_is_cut_at_a_small_screen(window: Window) -> None:
    def cut(box: ChoiceBox) -> bool:
        return box.fontMetrics().horizontalAdvance(box.currentText()) > box.width() - 40  # edges and chevron

    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "22.3", ENTER, ENTER, ENTER, "5", ENTER)  # one doubtful, one without a diameter
    window.settle()
    page = window.bench.page
    for _ in i18n.LANGUAGES:
        figure, card = page.cards._cards["stock"]._figure, page.cards._cards["stock"]
        assert "1/2" in figure.caption
        metrics = QFontMetrics(window.desktop.theme.font("small"))
        large = QFontMetrics(window.desktop.theme.font("title", bold=True))
        assert metrics.horizontalAdvance(figure.caption) <= card.width() - 20
        assert large.horizontalAdvance(figure.number) + metrics.horizontalAdvance(figure.note) <= card.width() - 28
        page.show_tab("trees")
        window.settle()
        assert i18n.t("ui.parcel.trees", n=2) in page.parcel_choice.currentText()
        assert i18n.language() == "en" or not cut(page.parcel_choice)
        page.show_tab("parcels")
        (parcel,) = page.parcels.parcels._cards.values()
        assert isinstance(parcel.form.fields["tenure_id"].editor, ChoiceBox)
        assert not cut(parcel.form.fields["tenure_id"].editor)
        window.press("switch_language")
