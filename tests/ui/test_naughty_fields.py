"""Naughty strings in every kind of text field: nothing raises, each is stored as typed or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.errors import FieldappError
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import HouseholdView
from fieldapp.ui import edits
from fieldapp.ui.dialogs import VillageDialog
from fieldapp.ui.evidence import Subject
from fieldapp.ui.first_start import NewProfile
from fieldapp.ui.form_fields import FieldEdit
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.position_dialog import PositionDialog
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import VILLAGE, Window
from tests.ui.test_naughty import TEXTS

SAMPLE = TEXTS[:: len(TEXTS) // 24]
FEW = ("' OR 1=1 --", "<script>alert(1)</script>", "田中さんにあげて下さい", "\u202etest", "👾 🙇 💁", "%d{0}$HOME")


def type_into(field: FieldEdit, text: str) -> str:
    """Types a text into a field and leaves it; returns what then stood there."""
    assert isinstance(field.editor, LineEdit)
    field.editor.selectAll()
    field.editor.insert(text)
    shown = field.editor.text().strip()
    field._leave()
    return shown


def test_every_kind_of_field_keeps_what_was_typed(window: Window) -> None:
    session, page = window.desktop.session, window.bench.page
    assert session is not None
    window.ask(lambda store: edits.add_member(store, view_of(store, session.household_id).household))
    session.refresh()
    page.show_tab("trees")
    page.trees.setData(page.trees.index(0, Column.TAG), "A1")
    window.settle()
    row = page.trees.at(0)
    assert row is not None
    page.grid.go_to(row.tree_id, Column.TAG, edit=False)
    for tab in ("household", "parcels", "trees"):
        page.show_tab(tab)
        window.settle()
    refused: list[FieldappError] = []
    session.failed.connect(refused.append)
    for number, text in enumerate(SAMPLE):
        typed = {
            "head": type_into(page.household.card.form.fields["head_name"], text),
            "bank": type_into(page.household.card.form.fields["bank_name"], text),
            "member": type_into(next(iter(page.household.members._cards.values())).form.fields["name"], text),
            "place": type_into(next(iter(page.parcels.parcels._cards.values())).form.fields["place_name"], text),
            "remark": type_into(window.bench.evidence.tree.form.fields["remarks"], text),
        }
        page.trees.setData(page.trees.index(0, Column.TAG), text)
        typed["tag"] = text.strip()
        window.settle()
        stored = window.ask(lambda store: read_back(store, session.household_id))
        assert stored == typed
        if number % 20 == 0:
            window.desktop.window.grab()
    assert refused == []


def view_of(store: Store, household_id: RecordId | None) -> HouseholdView:
    """The household on the desk."""
    assert household_id is not None
    view = reads.household(store, household_id)
    assert view is not None
    return view


def read_back(store: Store, household_id: RecordId | None) -> dict[str, str | None]:
    """What the store holds of the typed fields, "" for none."""
    view = view_of(store, household_id)
    tree = reads.tree_rows(store, view.household.id)[0].tree
    found = {
        "head": view.household.head_name,
        "bank": view.household.bank_name,
        "member": view.members[0].name,
        "place": view.parcels[0].place_name,
        "remark": tree.remarks,
        "tag": tree.tag,
    }
    return {name: text or "" for name, text in found.items()}


def test_the_search_finds_something_or_says_that_there_is_nothing(window: Window) -> None:
    search = window.bench.list.search
    for text in SAMPLE:
        search.setText(text)
        window.settle()
    window.desktop.window.grab()
    assert not any(box.isVisible() for box in window.desktop.window.findChildren(QMessageBox))


def test_coordinates_that_are_none_are_told(window: Window) -> None:
    desk = window.bench.page.desk
    assert desk is not None
    parcel = desk.view.parcels[0]
    dialog = PositionDialog(
        window.desktop.window, window.desktop.tasks, Subject("parcel", parcel.id, "坡脚", None), VILLAGE, None
    )
    for text in TEXTS:
        dialog.edit.setText(text)
        known = dialog.list.count() > 0
        words = ["understood"] if known else ["not_understood", "zero"]
        said = [i18n.t(f"ui.position.{word}") for word in words]
        assert dialog._note.text() in said or not dialog.edit.text().strip()
    dialog.close()


def test_a_server_address_that_is_none_is_told(window: Window) -> None:
    panel = window.desktop.window.sync_panel
    window.desktop.window.show_place("sync")
    for text in (*FEW, "http://", "http://[::1", "ftp://127.0.0.1", "javascript:alert(1)", "http://127.0.0.1:99999"):
        panel.address.setText(text)
        panel.code.setText(text)
        panel._ask_enrol()
        window.settle()
        assert not window.desktop.acts.syncing.running
        assert panel._outcome.text(), text
        assert panel._advice.text(), text


def close_dialogs(window: Window) -> None:
    """Closes what a profile without a village asks at once."""
    dialogs: list[VillageDialog] = list(window.desktop.window.findChildren(VillageDialog))
    for dialog in dialogs:
        dialog.close()


@pytest.mark.parametrize("text", FEW[::2])
def test_a_person_and_a_pin_of_any_letters(new_desktop: Callable[[], Window], tmp_path: Path, text: str) -> None:
    window = new_desktop()
    folder = tmp_path / "mine"
    window.desktop.start.creating.created.emit(NewProfile(folder, text, text, None))
    window.settle()
    session = window.desktop.session
    assert session is not None
    assert session.status is not None
    close_dialogs(window)
    window.press("other_profile")
    window.desktop.open(folder)
    window.desktop.start.unlock.pin.setText(text)
    window.desktop.start.unlock.pin.forward.emit()
    window.settle()
    assert window.desktop.session is not None
    close_dialogs(window)

    def agreed(store: Store) -> str | None:
        edits.add_village(store, VILLAGE, None)
        household_id = edits.add_household(store, VILLAGE)
        edits.add_consent(store, view_of(store, household_id).household, "data", "1")
        return view_of(store, household_id).consents[0].witness

    assert window.ask(agreed) == text
