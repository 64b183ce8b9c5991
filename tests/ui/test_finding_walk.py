"""F6 goes round through everything that wants a person; what cannot be read keeps a household from being ready."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from fieldapp import i18n
from fieldapp.errors import Severity
from fieldapp.ui.finding_places import finding_places
from fieldapp.ui.ready_dialog import ReadyDialog
from tests.ui.conftest import Window
from tests.ui.test_ready_dialog import come_back
from tests.ui.test_unsaved import let_write, refuse_writing

ENTER = Qt.Key.Key_Return


def area(window: Window) -> QLineEdit:
    """The area of the parcel."""
    (card,) = window.bench.page.parcels.parcels._cards.values()
    editor = card.form.fields["area_mu"].editor
    assert isinstance(editor, QLineEdit)
    return editor


def type_area(window: Window, text: str) -> None:
    """Types an area and leaves the field."""
    window.bench.page.show_tab("parcels")
    area(window).setFocus()
    area(window).selectAll()
    window.keys(text, ENTER)
    window.settle()


def test_the_next_finding_goes_on_through_the_forms_and_comes_round(window: Window) -> None:
    page = window.bench.page
    page.show_tab("household")
    for name, text in (("phone", "12"), ("id_number", "1")):
        page.household.card.form.focus_field(name)
        window.keys(text, ENTER)
    window.settle()
    assert page.desk is not None
    places = finding_places(page.desk, page.trees)
    fields = [finding.field for _, _, finding in places]
    assert {"phone", "id_number"} <= set(fields)
    page.household.card.form.focus_field("remarks")
    said = []
    for _ in range(2 * len(fields)):
        window.press("next_finding")
        said.append(page.said)
    assert len(set(said)) == len(fields)
    assert said[: len(fields)] == said[len(fields) :]
    window.press("next_finding")
    assert i18n.t("field.household.phone") in "".join(said)


def test_what_cannot_be_read_stops_ready_and_is_named(window: Window) -> None:
    type_area(window, "about two")
    page = window.bench.page
    page.show_tab("household")
    window.press("mark_ready")
    assert isinstance(window.desktop.window.findChild(ReadyDialog), ReadyDialog)
    window.keys(ENTER)
    come_back(window)
    assert page.desk is not None
    assert page.desk.view.household.state == "draft"
    assert "坡脚" in page.said
    assert i18n.t("field.parcel.area_mu") in page.said
    assert page.tab == "parcels"
    assert area(window).hasFocus()
    type_area(window, "1.6")  # what is stored already: the text is forgotten all the same
    assert area(window).text().startswith("1.6")
    assert page.desk.count(Severity.RED) == 0


def test_what_stands_in_the_open_cell_is_judged_with_the_rest(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    page = window.bench.page
    page.grid.go_to(page.desk.trees[0].tree.id)  # type: ignore[union-attr]
    window.keys("thick")
    window.press("mark_ready")
    assert isinstance(window.desktop.window.findChild(ReadyDialog), ReadyDialog)
    window.keys(ENTER)
    window.settle()
    assert page.desk is not None
    assert page.desk.view.household.state == "draft"
    assert "A1" in page.said


def test_an_unreadable_text_waits_for_the_disk_like_any_other(window: Window) -> None:
    page = window.bench.page
    page.show_tab("parcels")
    refuse_writing(window)
    type_area(window, "about two")
    session = window.desktop.session
    assert session is not None
    assert session.unsaved.count == 1
    session.refresh()
    window.settle()
    assert area(window).text() == "about two"
    let_write(window)
    session.unsaved.retry()
    window.settle()
    assert session.unsaved.count == 0
    assert page.desk is not None
    assert page.desk.kept[page.desk.view.parcels[0].id] == {"area_mu": "about two"}


def test_a_finding_moves_no_field(window: Window) -> None:
    page = window.bench.page
    page.show_tab("household")
    form = page.household.card.form
    before = {name: field.editor.mapTo(form, field.editor.pos()) for name, field in form.fields.items()}
    form.focus_field("phone")
    window.keys("12", ENTER)
    window.settle()
    assert form.fields["phone"]._note.text()
    assert {name: field.editor.mapTo(form, field.editor.pos()) for name, field in form.fields.items()} == before
    form.focus_field("phone")
    assert i18n.t("severity.amber") in page.said or i18n.t("severity.red") in page.said
    assert (i18n.t("severity.amber") in page.said) is (i18n.t("ui.hint.amber") in page.said)  # where to say why


def test_the_open_parcel_card_says_whose_photos_place_and_new_trees(window: Window) -> None:
    window.press("new_parcel")
    page = window.bench.page
    first, second = page.parcels.parcels._cards
    for key in (first, second, first):
        page.parcels.focus_field(key, "place_name")
        window.settle()
        subject = window.bench.subject()
        assert subject is not None
        assert subject.id == key
        assert window.bench.evidence.subject is not None
        assert window.bench.evidence.subject.id == key
    page.parcels.focus_field(second, "place_name")
    window.press("new_tree")
    row = page.grid.current_row()
    assert row is not None
    assert row.parcel_id == second


def test_enter_selects_and_shift_enter_goes_back(window: Window) -> None:
    page = window.bench.page
    page.show_tab("parcels")
    (card,) = page.parcels.parcels._cards.values()
    card.form.focus_field("planting_year")
    window.keys(ENTER)
    species = card.form.fields["species"]
    assert isinstance(species.editor, QLineEdit)
    assert species.editor.selectedText() == species.editor.text() != ""
    window.keys("mws")
    assert "马尾松" in species._note.text()
    window.keys(ENTER)
    window.settle()
    assert page.desk is not None
    assert page.desk.view.parcels[0].species == "马尾松"
    species.editor.setFocus()
    window.keys(ENTER, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert card.form.fields["planting_year"].editor.hasFocus()


def test_a_total_with_a_doubtful_tree_says_so_in_amber(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER, "7.1", ENTER, ENTER)
    window.settle()
    page = window.bench.page
    stock = page.cards._cards["stock"]
    assert (stock._figure.tone, page.desk.doubtful()) == ("text", 0)  # type: ignore[union-attr]
    window.keys("22.3", ENTER, ENTER)  # a girth for a DBH
    window.settle()
    assert page.desk is not None
    assert page.desk.doubtful() == page.desk.doubtful(page.desk.view.parcels[0].id) == 1
    assert stock._figure.tone == "amber"
    assert i18n.t("ui.card.stock.doubtful", n=1) in stock._figure.note
    page.show_tab("parcels")
    (card,) = page.parcels.parcels._cards.values()
    assert i18n.t("ui.card.stock.doubtful", n=1) in card.foot.text()
