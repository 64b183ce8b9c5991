"""A parcel's tenure paper and its equation, chosen at the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Parcel
from fieldapp.errors import Severity
from fieldapp.storage import history as told
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import TreeRow
from fieldapp.ui import edits
from fieldapp.ui.choice_box import ChoiceBox
from fieldapp.ui.explain_card import ExplainCard
from fieldapp.ui.form_fields import FieldEdit
from tests.ui.conftest import Window

ENTER, DOWN, HOME = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Home


def field(window: Window, name: str) -> FieldEdit:
    """A field of the only parcel."""
    page = window.bench.page
    page.show_tab("parcels")
    (card,) = page.parcels.parcels._cards.values()
    return card.form.fields[name]


def choice(window: Window, name: str) -> ChoiceBox:
    """A chooser of the only parcel, with the cursor in it."""
    editor = field(window, name).editor
    assert isinstance(editor, ChoiceBox)
    editor.setFocus()
    return editor


def parcel(window: Window) -> Parcel:
    """The parcel as stored."""
    household = window.desktop.session.household_id
    found = window.ask(lambda store: reads.household(store, household).parcels[0])
    assert isinstance(found, Parcel)
    return found


def trees(window: Window) -> list[TreeRow]:
    """The household's trees as stored."""
    household = window.desktop.session.household_id
    found = window.ask(lambda store: reads.tree_rows(store, household))
    assert isinstance(found, list)
    return found


def add_trees(window: Window) -> None:
    """Two measured trees, typed."""
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, "5", ENTER, "7.1", ENTER, "5.5", ENTER)
    window.settle()


def test_the_tenure_paper_is_chosen_among_those_of_the_household(window: Window) -> None:
    household = window.bench.page.desk.view.household
    window.bench.page.show_tab("parcels")
    assert choice(window, "tenure_id").currentText() == i18n.t("ui.tenure.none_yet")

    def papers(store: Store) -> RecordId:
        edits.add_tenure(store, household, "forest_right")
        return edits.add_tenure(store, household, "grain_for_green")

    second = window.ask(papers)
    window.desktop.session.refresh()
    window.settle()
    box = choice(window, "tenure_id")
    assert box.count() == 3
    assert box.itemText(0) == i18n.t("ui.not_chosen")
    assert i18n.t("choice.tenure.kind.grain_for_green") in box.itemText(2)
    window.keys(DOWN, DOWN)
    window.settle()
    assert parcel(window).tenure_id == second
    assert box.currentData() == second
    window.keys(HOME)
    window.settle()
    assert parcel(window).tenure_id is None


def test_another_equation_computes_every_tree_of_the_parcel_again(window: Window) -> None:
    add_trees(window)
    before = {row.id: row.sink for row in trees(window)}
    assert len(before) == 2
    box = choice(window, "equation_id")
    assert box.itemText(0) == i18n.t("ui.equation.automatic")
    offered = [box.itemData(place) for place in range(1, box.count())]
    automatic = {sink.equation_id for sink in before.values()}
    other = next(place for place, one in enumerate(offered, start=1) if one not in automatic)
    window.keys(*[DOWN] * other)
    window.settle()
    assert parcel(window).equation_id == offered[other - 1]
    after = {row.id: row.sink for row in trees(window)}
    assert {sink.equation_id for sink in after.values()} == {offered[other - 1]}
    assert all(after[key].co2e_kg != before[key].co2e_kg for key in before)
    window.keys(HOME)
    window.settle()
    assert parcel(window).equation_id is None
    assert {row.id: row.sink for row in trees(window)} == before


def test_a_chosen_equation_wants_a_reason_which_history_and_card_repeat(window: Window) -> None:
    add_trees(window)
    choice(window, "equation_id")
    window.keys(DOWN)
    window.settle()
    key = parcel(window).id
    found = [f for f in window.bench.page.desk.findings[key] if f.field == "equation_reason"]
    assert [f.severity for f in found] == [Severity.RED]
    assert field(window, "equation_reason")._note.text()
    field(window, "equation_reason").editor.setFocus()
    window.keys("local sample", ENTER)
    window.settle()
    assert parcel(window).equation_reason == "local sample"
    assert not [f for f in window.bench.page.desk.findings[key] if f.field == "equation_reason"]
    history = window.ask(lambda store: told.history(store, key))
    assert isinstance(history, list)
    assert {"equation_id": parcel(window).equation_id} in [row.fields for row in history]
    assert {"equation_reason": "local sample"} in [row.fields for row in history]
    window.bench.page.show_tab("history")
    window.settle()
    lines = [window.bench.page.history.item(n).text() for n in range(window.bench.page.history.count())]
    assert any("local sample" in line and "坡脚" in line and "韦小燕" in line for line in lines)
    window.bench.page.go_to("tree", trees(window)[0].id, "dbh_cm")
    window.press("explain")
    card = window.desktop.window.findChild(ExplainCard)
    assert isinstance(card, ExplainCard)
    text = card.text.toPlainText()
    assert i18n.t("carbon.card.asked_why") in text
    assert "local sample" in text
    assert i18n.t("carbon.reason.person", parts="")[:4] in text
    card.close()


def test_an_equation_of_another_species_stays_shown(window: Window) -> None:
    add_trees(window)
    choice(window, "equation_id")
    window.keys(DOWN)
    window.settle()
    chosen = parcel(window).equation_id
    species = field(window, "species").editor
    species.setFocus()
    window.keys("x", ENTER)
    window.settle()
    box = choice(window, "equation_id")
    assert box.currentData() == chosen
    assert box.currentText() == i18n.t("ui.equation.foreign", id=chosen)
