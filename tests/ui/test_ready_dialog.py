"""Before a household becomes ready, what it lacks is listed, each line leads to its place, amber wants a reason."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from fieldapp import i18n
from fieldapp.domain.records import Event
from fieldapp.errors import Severity
from fieldapp.ui.readiness import readiness
from fieldapp.ui.ready_dialog import ReadyDialog
from tests.ui.conftest import Window

ENTER, DOWN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Tab


def asked(window: Window) -> ReadyDialog:
    """The dialog that Ctrl+S opens."""
    window.press("mark_ready")
    (dialog,) = (one for one in window.desktop.window.findChildren(ReadyDialog) if one.isVisible())
    return dialog


def come_back(window: Window) -> None:
    """A window manager gives the window below the keyboard again, offscreen nobody does."""
    window.settle()
    window.desktop.window.activateWindow()
    window.settle()


def go(window: Window, code: str) -> None:
    """Enter on the line of a finding."""
    desk = window.bench.page.desk
    assert desk is not None
    lines = readiness(desk)
    asked(window)
    window.keys(*[DOWN] * next(n for n, line in enumerate(lines) if line.code == code), ENTER)
    come_back(window)
    assert window.desktop.window.findChild(ReadyDialog) is None


def plant(window: Window) -> None:
    """Three trees, of which two have a height but no diameter."""
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER)
    for _ in range(2):
        window.bench.page.grid.go_to_new()
        window.keys(ENTER, ENTER, ENTER, "5.1", ENTER)
    window.settle()


def test_the_same_of_several_trees_is_one_line_and_lines_are_heaviest_first(window: Window) -> None:
    plant(window)
    desk = window.bench.page.desk
    assert desk is not None
    lines = readiness(desk)
    assert [line.severity for line in lines] == sorted(
        (line.severity for line in lines), key=[Severity.RED, Severity.AMBER, Severity.GREY].index
    )
    found = {line.code: line for line in lines}
    missing = {"id_missing", "account_missing", "consent_recording_missing", "tenure_missing", "photo_missing"}
    assert missing | {"phone_missing", "position_missing", "dbh_missing"} <= found.keys()
    assert "height_missing" not in found
    unmeasured = found["dbh_missing"]
    assert unmeasured.severity is Severity.AMBER, "a living tree without a diameter has no sink"
    assert "（共 2 株）" in unmeasured.words
    for row in desk.trees:
        loud = [f.severity for f in desk.findings.get(row.tree.id, []) if f.code == "dbh_missing"]
        said = Severity.GREY if row.height_m is None else Severity.AMBER
        assert loud in ([], [said]), "while a row is typed nothing is loud, but a height without a diameter is a slip"


def test_every_line_leads_to_its_place(window: Window) -> None:
    plant(window)
    page, bench = window.bench.page, window.bench
    go(window, "dbh_missing")
    assert (page.tab, page.grid.currentIndex().row()) == ("trees", 1)
    go(window, "tenure_missing")
    assert page.tab == "papers"
    assert QApplication.focusWidget() is page.papers.add_button
    go(window, "consent_recording_missing")
    assert QApplication.focusWidget() is page.papers.consents.ask_buttons["recording"]
    go(window, "position_missing")  # of the parcel: neighbours stand too close for a receiver
    subject = bench.subject()
    assert subject is not None
    assert subject.kind == "parcel"
    assert QApplication.focusWidget() is bench.evidence.position_button
    go(window, "photo_missing")  # the household's own comes first
    subject = bench.subject()
    assert subject is not None
    assert subject.kind == "household"
    assert QApplication.focusWidget() is bench.evidence.add_button
    go(window, "id_missing")
    assert page.household.card.form.fields["id_number"].editor.hasFocus()


def test_what_is_missing_is_told_and_a_person_may_go_on_with_the_keyboard(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER)
    window.settle()
    dialog = asked(window)
    assert not dialog.edit.isVisible(), "nothing is amber: no reason is wanted"
    said = "".join(text.text() for text in dialog.findChildren(QLabel))
    assert i18n.t("ui.ready.keys_grey") in said
    assert i18n.t("ui.ready.keys") not in said, "there is no reason to be reached"
    window.keys(TAB, Qt.Key.Key_Space)
    window.settle()
    session = window.desktop.session
    assert session is not None
    assert session.households[0].state == "ready"
    assert window.bench.page.said == i18n.t("ui.ready.done")


def test_trees_without_a_diameter_want_a_reason_and_stay_amber_for_whoever_reads_them(window: Window) -> None:
    plant(window)
    dialog = asked(window)
    window.keys(TAB, ENTER)
    assert dialog.isVisible()
    window.keys("steep, not reached", ENTER)
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    assert desk.view.household.state == "ready"
    assert desk.count(Severity.AMBER) >= 2
    reasons = window.ask(lambda store: [event.reason for event in store.find(Event, "WHERE kind = 'finding_reason'")])
    assert reasons == ["steep, not reached"]


def test_escape_leaves_the_household_a_draft_and_the_cursor_where_it_was(window: Window) -> None:
    page = window.bench.page
    page.show_tab("household")
    page.household.card.form.focus_field("phone")
    asked(window)
    window.keys(Qt.Key.Key_Escape)
    come_back(window)
    assert page.household.card.form.fields["phone"].editor.hasFocus()
    assert page.desk is not None
    assert page.desk.view.household.state == "draft"


def test_the_dialog_counts_what_the_list_counts(window: Window) -> None:
    window.press("new_tree")
    for _ in range(3):
        window.keys("A7", ENTER, ENTER, "0", ENTER)  # three trees with one tag, none of them of any thickness
        window.bench.page.grid.go_to_new()
        window.keys(Qt.Key.Key_Backtab, Qt.Key.Key_Backtab)
    window.settle()
    (row,) = window.desktop.session.households  # type: ignore[union-attr]
    asked = window.bench.recorder.ready.judged()
    assert asked is not None
    assert asked.count(Severity.RED) == row.findings_red == 6
    assert len([line for line in asked.lines if line.severity is Severity.RED]) == 2
    assert asked.count(Severity.AMBER) == row.findings_amber
