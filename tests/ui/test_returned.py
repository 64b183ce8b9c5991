"""A returned household says why, at the field too; it is mended and marked ready again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from fieldapp import i18n
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, ReviewRemark
from fieldapp.storage import history as told
from fieldapp.storage import reads
from fieldapp.storage.remarks import waiting_remarks
from fieldapp.storage.store import Store
from fieldapp.ui.dialogs import ReasonDialog
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.ready_dialog import ReadyDialog
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


@pytest.fixture
def returned(window: Window) -> Window:
    """The household came back, with a remark on its phone and one on its parcel's area."""
    desk = window.bench.page.desk
    assert desk is not None
    household, parcel = desk.view.household, desk.view.parcels[0]

    def review(store: Store) -> None:
        with store.unit() as unit:
            for subject, about, field, text in (
                ("household", household.id, "phone", "nobody answers this number"),
                ("parcel", parcel.id, "area_mu", "the paper says 1.2 mu"),
            ):
                unit.add(
                    ReviewRemark(
                        id=new_id(),
                        village_code=household.village_code,
                        subject=subject,
                        subject_id=about,
                        field_name=field,
                        remark=text,
                    )
                )
            unit.edit(household, state="returned", state_reason="two things do not fit")
            unit.commit()

    window.ask(review)
    window.desktop.session.refresh()
    window.settle()
    return window


def stored(window: Window) -> Household:
    """The household as stored."""
    found = window.ask(lambda store: reads.household(store, window.desktop.session.household_id).household)
    assert isinstance(found, Household)
    return found


def labels(widget: object) -> str:
    """All labels below a widget."""
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel))


def test_the_reason_and_the_remarks_stand_above_the_household(returned: Window) -> None:
    note = returned.bench.page.head.returned
    assert note.isVisible()
    said = labels(note)
    for words in ("two things do not fit", "nobody answers this number", "the paper says 1.2 mu", "韦小燕", "坡脚"):
        assert words in said


def test_a_remark_stands_at_its_field_and_leads_there(returned: Window) -> None:
    page = returned.bench.page
    assert "nobody answers this number" in page.household.card.form.fields["phone"]._note.text()
    go = page.head.returned.findChildren(QPushButton)
    go[1].setFocus()
    returned.keys(Qt.Key.Key_Space)
    assert page.tab == "parcels"
    (card,) = page.parcels.parcels._cards.values()
    assert card.form.fields["area_mu"].editor.hasFocus()
    assert "the paper says 1.2 mu" in card.form.fields["area_mu"]._note.text()


def test_the_to_do_place_tells_the_same(returned: Window) -> None:
    returned.desktop.window.show_place("inbox")
    returned.settle()
    said = labels(returned.desktop.window.inbox)
    assert "two things do not fit" in said
    assert "the paper says 1.2 mu" in said


def test_it_is_mended_and_marked_ready_with_a_sentence(returned: Window) -> None:
    page = returned.bench.page
    page.show_tab("household")
    head = page.household.card.form.fields
    head["phone"].editor.setFocus()
    returned.keys("13812345678", ENTER)
    returned.settle()
    page.grid.setFocus()
    returned.press("mark_ready")
    dialog = returned.desktop.window.findChild(ReadyDialog)
    assert isinstance(dialog, ReadyDialog)
    assert i18n.t("ui.ready.returned", n=2) in labels(dialog)
    dialog.edit.setFocus()
    returned.keys("new number, paper read again", ENTER)
    returned.settle()
    household = stored(returned)
    assert (household.state, household.state_reason) == ("ready", None)
    assert not page.head.returned.isVisible()
    assert returned.ask(lambda store: waiting_remarks(store, household.id)) == []
    answers = returned.ask(lambda store: store.find(ReviewRemark, "WHERE answered = 1"))
    assert [answer.remark for answer in answers] == ["new number, paper read again"] * 2
    assert all("nobody answers" not in f.key for found in page.desk.findings.values() for f in found)


def test_a_household_that_is_not_eligible_says_why_and_can_come_back(window: Window) -> None:
    form = window.bench.page.household
    window.bench.page.show_tab("household")
    assert not form.draft_again.isVisible()
    form.not_eligible.setFocus()
    window.keys(Qt.Key.Key_Space)
    window.settle()
    dialog = window.desktop.window.findChild(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.edit.setFocus()
    window.keys("no forest land", ENTER)
    window.settle()
    assert (stored(window).state, stored(window).state_reason) == ("not_eligible", "no forest land")
    assert window.bench.list.model.index(0).data().endswith(i18n.t("ui.state.not_eligible"))
    form.draft_again.setFocus()
    window.keys(Qt.Key.Key_Space)
    window.settle()
    assert (stored(window).state, stored(window).state_reason) == ("draft", None)
    history = window.ask(lambda store: told.history(store, stored_id(window)))
    assert any(row.fields.get("state_reason") == "no forest land" for row in history)


def stored_id(window: Window) -> object:
    """The household on the desk."""
    return window.desktop.session.household_id
