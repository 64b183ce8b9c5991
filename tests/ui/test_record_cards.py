"""The card of a record: what was typed is never covered by a reading that does not know it yet."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Member
from fieldapp.errors import Finding, Severity
from fieldapp.ui.record_cards import RecordCard, RecordList
from fieldapp.ui.tab_order import tab_stops
from fieldapp.ui.texts import Texts


def test_a_reading_from_before_the_last_save_does_not_take_it_off_the_screen(qtbot: QtBot) -> None:
    card = RecordCard(Member, ("name", "phone"), Texts(), removable=True)
    qtbot.addWidget(card)
    member = Member(id=new_id(), village_code="522633100201", name="石玉梅")
    card.show_record(member, [], after=1)
    editor = card.form.fields["name"].editor
    assert isinstance(editor, QLineEdit)
    editor.setText("石玉兰")
    card.box.act = 2  # the save of this field, under way
    box = card.box
    card.show_record(member, [], after=1)
    assert (editor.text(), card.box) == ("石玉兰", box)
    card.show_record(replace(member, name="石玉兰芳"), [], after=2)
    assert editor.text() == "石玉兰芳"
    card.box.act = 9
    card.show_record(replace(member, id=new_id(), name="石小妹"), [], after=3)
    assert editor.text() == "石小妹", "another person's card"


def test_tab_leaves_a_card_made_late_for_what_stands_below_it(qtbot: QtBot) -> None:
    window, after = QWidget(), QPushButton()
    qtbot.addWidget(window)
    add = QPushButton()
    people = RecordList(Member, ("name", "phone"), Texts(), "record.member", add)
    column = QVBoxLayout(window)
    column.addWidget(people)
    column.addWidget(after)
    first, second = (Member(id=new_id(), village_code="522633100201", name=name) for name in ("石玉梅", "石玉兰"))
    people.show_records((first,), {}, {})
    people.show_records((first, second), {}, {})
    fields = [form.fields[name].editor for form in people.forms for name in ("name", "phone")]
    stops = [stop for stop in tab_stops(window) if stop in (add, *fields, after)]
    assert stops == [add, *fields, after]


def test_a_finding_under_a_field_wraps_and_is_never_cut(qtbot: QtBot) -> None:
    card = RecordCard(Household, ("id_number", "bank_account"), Texts(), removable=False)
    qtbot.addWidget(card)
    card.resize(664, 200)  # as wide as the form beside list and photos at 1366 pixels
    account = Finding("account_luhn", Severity.AMBER, "bank_account")
    checks = [Finding(code, Severity.RED, "id_number") for code in ("id_checksum", "id_date")]
    card.show_record(Household(id=new_id(), village_code="522633100201"), [account, *checks])
    card.show()
    for name, lines in (("bank_account", 2), ("id_number", 2)):
        (note,) = card.form.fields[name].findChildren(QLabel)
        assert note.heightForWidth(note.width()) <= note.height()
        assert note.height() >= lines * note.fontMetrics().lineSpacing(), name
