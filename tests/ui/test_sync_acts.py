"""The sync from the window against the real server; and what people have to decide afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from fieldapp import app as composition
from fieldapp import i18n
from fieldapp.domain.records import Household
from fieldapp.server import devices
from fieldapp.server.running import RunningServer, start
from fieldapp.storage import profile
from fieldapp.storage.store import Store
from fieldapp.sync.report import SyncReport
from fieldapp.ui import edits
from fieldapp.ui.evidence import Subject
from fieldapp.ui.facts import facts
from fieldapp.ui.sync_acts import outcome_words
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with start(tmp_path / "server", estimator=composition.estimator(), practice=True) as running:
        yield running


def sync(window: Window, server: RunningServer) -> str:
    """Enrols when need be, presses the one button, and says what the panel says."""
    panel = window.desktop.window.sync_panel
    window.desktop.window.show_place("sync")
    if panel.go.isHidden():
        panel.address.setText(server.url)
        panel.code.setText(server.new_code())
        panel.code.forward.emit()
        window.settle()
        assert panel._outcome.text() == i18n.t("ui.sync.enrolled")
    window.press("sync")
    return panel._outcome.text()


def test_one_button_brings_everything_to_the_server(window: Window, server: RunningServer) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    assert sync(window, server) == i18n.t("ui.sync.done")
    status = window.desktop.session.status  # type: ignore[union-attr]
    assert status is not None
    assert status.ops_waiting == 0
    assert status.ops_confirmed > 5
    assert i18n.t("ui.fact.confirmed", n=status.ops_confirmed) == window.desktop.window.status.fact("confirmed")


def test_at_another_server_the_bar_says_at_once_that_all_waits(
    window: Window, server: RunningServer, tmp_path: Path
) -> None:
    assert sync(window, server) == i18n.t("ui.sync.done")
    total = window.desktop.session.status.ops_confirmed  # type: ignore[union-attr]
    assert total > 0
    panel = window.desktop.window.sync_panel
    with start(tmp_path / "another", estimator=composition.estimator(), practice=True) as another:
        panel.enrol_asked.emit(another.url, another.new_code())
        window.settle()
        status = window.desktop.session.status  # type: ignore[union-attr]
        assert (status.ops_waiting, status.ops_confirmed) == (total, 0)
        assert window.desktop.window.status.fact("confirmed") == i18n.t("ui.fact.confirmed", n=0)
        assert sync(window, another) == i18n.t("ui.sync.done")
    assert window.desktop.session.status.ops_confirmed == total  # type: ignore[union-attr]


def test_a_server_that_is_not_there_is_told(window: Window) -> None:
    panel = window.desktop.window.sync_panel
    panel.enrol_asked.emit("http://127.0.0.1:9", "CODE")
    window.settle()
    assert panel._outcome.text()
    assert panel.enrol_card[0].isVisibleTo(panel)


def test_two_people_disagree_and_one_decides(
    window: Window, new_desktop: Callable[[], Window], server: RunningServer, tmp_path: Path
) -> None:
    sync(window, server)
    other_folder = tmp_path / "other"
    profile.create(other_folder, person="吴大山", pin=None, practice=True)
    other = new_desktop()
    other.desktop.open(other_folder)
    other.settle()
    code = window.desktop.session.village_code  # type: ignore[union-attr]
    other.ask(lambda store: edits.add_village(store, code, None))
    assert sync(other, server) == i18n.t("ui.sync.done")
    household_id = window.desktop.session.household_id  # type: ignore[union-attr]

    def rename(name: str) -> Callable[[Store], None]:
        def work(store: Store) -> None:
            edits.store_field(store, edits.Box(store.get(Household, household_id)), "head_name", name)  # type: ignore[arg-type]

        return work

    window.ask(rename("杨正光一"))
    other.ask(rename("杨正光二"))
    sync(window, server)
    sync(other, server)
    inbox = other.desktop.window.inbox
    picks = [b for b in inbox.findChildren(QPushButton) if "杨正光一" in b.text()]
    assert len(picks) == 1
    picks[0].click()
    other.settle()
    assert other.desktop.session.status.conflicts == 0  # type: ignore[union-attr]
    found = other.ask(lambda store: store.get(Household, household_id))  # type: ignore[arg-type]
    assert isinstance(found, Household)
    assert found.head_name == "杨正光一"


def test_a_laptop_that_pulled_the_village_shows_the_thumbnails(
    window: Window, new_desktop: Callable[[], Window], server: RunningServer, tmp_path: Path
) -> None:
    Image.new("RGB", (1600, 1200), "green").save(tmp_path / "a.jpg")
    household_id = window.desktop.session.household_id  # type: ignore[union-attr]
    assert household_id is not None
    window.desktop.acts.bring([str(tmp_path / "a.jpg")], Subject("household", household_id, ""))
    window.settle()
    sync(window, server)
    profile.create(tmp_path / "other", person="吴大山", pin=None, practice=True)
    other = new_desktop()
    other.desktop.open(tmp_path / "other")
    other.settle()
    code = window.desktop.session.village_code  # type: ignore[union-attr]
    other.ask(lambda store: edits.add_village(store, code, None))
    sync(other, server)
    sync(other, server)
    other.desktop.session.open_household(household_id)  # type: ignore[union-attr]
    other.settle()
    assert other.desktop.workbench is not None
    evidence = other.desktop.workbench.evidence
    shown = evidence.current_photo()
    assert shown is not None
    assert evidence.photo.has_picture


def test_the_key_for_the_sync_brings_the_cursor_to_the_next_step(window: Window) -> None:
    main = window.desktop.window
    main.rail.setFocus()
    window.press("sync")
    assert main.focusWidget() is main.sync_panel.address
    window.keys(Qt.Key.Key_1, modifier=Qt.KeyboardModifier.AltModifier)
    window.bench.page.show_tab("household")
    phone = window.bench.page.household.card.form.fields["phone"].editor
    phone.setFocus()
    window.keys(Qt.Key.Key_4, modifier=Qt.KeyboardModifier.AltModifier)
    window.keys("http://127.0.0.1:9", ENTER, "CODE")  # without a pause: nothing of it may land in the field left behind
    panel = main.sync_panel
    assert (panel.address.text(), panel.code.text()) == ("http://127.0.0.1:9", "CODE")
    panel.address.clear()
    window.keys(ENTER)
    assert panel.address.hasFocus(), "Enter leads to what is still empty"


def test_a_second_sync_counts_what_it_did_itself_and_its_words_follow_the_language(
    window: Window, server: RunningServer, tmp_path: Path
) -> None:
    Image.new("RGB", (640, 480), "green").save(tmp_path / "a.jpg")
    household_id = window.desktop.session.household_id  # type: ignore[union-attr]
    assert household_id is not None
    window.desktop.acts.bring([str(tmp_path / "a.jpg")], Subject("household", household_id, ""))
    window.settle()
    sync(window, server)
    panel = window.desktop.window.sync_panel
    sent = window.desktop.session.status.ops_confirmed  # type: ignore[union-attr]
    assert panel._advice.text() == i18n.t("ui.sync.done.text", sent=sent, received="0", photos="1")
    sync(window, server)
    assert panel._advice.text() == i18n.t("ui.sync.done.nothing")
    before = panel._outcome.text()
    window.desktop.switch_language()
    assert panel._outcome.text() == i18n.t("ui.sync.done") != before
    assert panel._advice.text() == i18n.t("ui.sync.done.nothing")


def test_a_laptop_that_only_pulled_is_not_told_that_there_are_no_records(window: Window) -> None:
    status = window.desktop.session.status  # type: ignore[union-attr]
    assert status is not None
    pulled = facts(replace(status, saved_at=None))["saved"].text
    assert pulled == i18n.t("ui.fact.nothing_own") != i18n.t("ui.fact.nothing_saved")


def test_a_laptop_that_was_shut_out_is_led_to_a_new_code(window: Window, server: RunningServer) -> None:
    assert sync(window, server) == i18n.t("ui.sync.done")
    panel = window.desktop.window.sync_panel
    assert panel.code.isHidden()
    tag = window.ask(lambda store: store.tag)
    server.server.station.database.submit(devices.revoke, tag).result()
    window.press("sync")
    window.settle()
    assert panel._outcome.text() == i18n.t("error.token_refused.title")
    assert panel.code.hasFocus()
    panel.code.setText("aaaa-aaaa")
    window.keys(ENTER)
    window.settle()
    assert panel._outcome.text() == i18n.t("error.enrol_code_refused.title")
    assert panel.code.hasFocus(), "not the address, which the next code would overwrite"
    window.keys(server.new_code(), ENTER)  # it takes the place of the refused one
    window.settle()
    assert panel._outcome.text() == i18n.t("ui.sync.enrolled")
    assert sync(window, server) == i18n.t("ui.sync.done")


def test_villages_that_are_closed_or_were_misread_are_named() -> None:
    report = SyncReport(closed=["522632106203"], misread={"522633100201"})
    title, text = outcome_words(report, 0)
    assert title == i18n.t("ui.sync.partly")
    assert [line[:12] for line in text.splitlines()[1:]] == ["522632106203", "522633100201"]
