"""Consents in the window: the text is read before it is agreed to, and opens again as it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from fieldapp import i18n
from fieldapp.domain import consent
from fieldapp.domain.records import Consent
from fieldapp.storage import reads
from fieldapp.ui.consents import ConsentDialog, ConsentPart
from fieldapp.ui.plain import PlainLabel
from tests.ui.conftest import Window

TAB, SPACE, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Return


def part(window: Window) -> ConsentPart:
    """The consents of the household on the desk."""
    window.bench.page.show_tab("papers")
    return window.bench.page.papers.consents


def given(window: Window) -> list[Consent]:
    """What the store holds."""
    household = window.desktop.session.household_id
    found = window.ask(lambda store: reads.household(store, household).consents)
    return list(found)


def open_text(window: Window, kind: str) -> ConsentDialog:
    """Opens a text from its button, by the keyboard."""
    part(window).ask_buttons[kind].setFocus()
    window.keys(SPACE)
    window.settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ConsentDialog)
    return dialog


def test_the_text_is_shown_before_anything_is_recorded(window: Window) -> None:
    dialog = open_text(window, "recording")
    text = consent.load().text("recording", i18n.language())
    assert text is not None
    for paragraph in text.paragraphs:
        assert paragraph in dialog.browser.toPlainText()
    assert given(window) == []
    window.keys(Qt.Key.Key_Escape)
    window.settle()
    assert given(window) == []


def test_enter_while_reading_does_not_agree(window: Window) -> None:
    dialog = open_text(window, "recording")
    assert dialog.browser.hasFocus()
    window.keys(ENTER)
    window.settle()
    assert given(window) == []


@pytest.mark.parametrize("kind", ["sensitive", "withdrawn"])
def test_the_keyboard_reaches_the_button_that_agrees(window: Window, kind: str) -> None:
    dialog = open_text(window, kind)
    words = {i18n.t("ui.consent.agree"), i18n.t("ui.consent.withdraw")}
    for _ in range(4):
        focused = dialog.focusWidget()
        if isinstance(focused, QPushButton) and focused.text() in words:
            break
        window.keys(TAB)
    window.keys(ENTER)
    window.settle()
    stored = given(window)
    assert [one.kind for one in stored] == [kind]
    assert stored[0].text_version == f"practice-{consent.load().version}"
    assert stored[0].witness == "韦小燕"


def test_a_given_consent_is_listed_in_full_and_opens_its_text(window: Window) -> None:
    dialog = open_text(window, "recording")
    dialog._agree()
    window.settle()
    consents = part(window)
    line = consents.given.item(0).text()
    text = consent.load().text("recording", "zh_CN")
    assert text is not None
    for word in (text.title, text.version, i18n.t("ui.consent.status.draft"), given(window)[0].given_on, "韦小燕"):
        assert str(word) in line
    assert i18n.t("ui.consent.status.practice") in line
    assert consent.PRACTICE not in line, "in words, not as the record has it"
    window.desktop.theme.choose("light", 150)
    window.settle()
    assert consents.given.viewport().height() >= consents.given.sizeHintForRow(0), "no row is cut at larger type"
    window.desktop.theme.choose("light", 100)
    consents.given.setFocus()
    consents.given.setCurrentRow(0)
    window.keys(ENTER)
    again = QApplication.activeModalWidget()
    assert isinstance(again, ConsentDialog)
    assert text.paragraphs[0] in again.browser.toPlainText()
    assert [b.text() for b in again.findChildren(QPushButton)] == [i18n.t("word.close")]
    again.close()
    window.press("privacy")
    assert "韦小燕" not in consents.given.item(0).text()
    window.press("privacy")


def test_the_draft_says_so_in_both_languages(window: Window) -> None:
    for switch in (False, True):
        if switch:
            window.press("switch_language")
        dialog = open_text(window, "sale")
        text = consent.load().text("sale", i18n.language())
        assert text is not None
        assert dialog.windowTitle() == text.title
        shown = " ".join(widget.text() for widget in dialog.findChildren(PlainLabel))
        assert i18n.t("ui.consent.status.draft") in shown
        assert text.source in shown
        dialog.close()
    window.press("switch_language")


def test_a_withdrawn_consent_says_so_and_an_old_text_is_told(window: Window) -> None:
    household = window.bench.page.desk.view.household

    def old(store: object) -> None:
        from fieldapp.ui import edits

        edits.add_consent(store, household, "recording", "2018-1")
        edits.add_consent(store, household, "withdrawn", consent.load().version)

    window.ask(old)
    window.desktop.session.refresh()
    window.settle()
    lines = [part(window).given.item(row).text() for row in range(2)]
    assert i18n.t("ui.consent.no_text") in lines[0]
    assert i18n.t("ui.consent.was_withdrawn") in lines[0]
    assert i18n.t("ui.consent.was_withdrawn") not in lines[1]


def test_the_history_of_a_household_names_its_consents(window: Window) -> None:
    open_text(window, "sale")._agree()
    window.settle()
    window.bench.page.show_tab("history")
    window.settle()
    line = window.bench.page.history.item(0).text()
    assert i18n.t("record.consent") in line
    assert i18n.t("choice.consent.kind.sale") in line
    assert consent.load().version in line
    assert consent.PRACTICE not in line
    window.press("undo")
    assert window.bench.page.said == i18n.t("ui.undone.consent"), "it is kept, and that is said"
    assert [one.kind for one in given(window)] == ["sale"]
    window.press("redo")
    assert window.bench.page.said == i18n.t("ui.redone.consent"), "nor does it come back: it never went"
    assert [one.kind for one in given(window)] == ["sale"]


def test_the_sync_page_names_who_has_not_agreed_and_leads_to_the_text(window: Window) -> None:
    main = window.desktop.window
    main.show_place("sync")
    window.settle()
    note = main.sync_panel.consents
    assert note.isHidden(), "no number stands there yet"
    main.show_place("households")
    window.bench.page.show_tab("household")
    window.bench.page.household.card.form.focus_field("bank_account")
    window.keys("6222021234567890123", ENTER)
    window.settle()
    main.show_place("sync")
    window.settle()
    assert "杨正光" in note.text.text()
    window.press("privacy")
    main.show_place("sync")
    assert "杨正光" not in note.text.text()
    window.press("privacy")
    main.show_place("sync")
    note.go.setFocus()
    window.keys(ENTER)
    window.settle()
    ask = window.bench.page.papers.consents.ask_buttons["sensitive"]
    assert window.bench.page.tab == "papers"
    assert QApplication.focusWidget() is ask
    dialog = open_text(window, "sensitive")
    dialog.buttons.accepted.emit()
    window.settle()
    main.show_place("sync")
    window.settle()
    assert note.isHidden()
