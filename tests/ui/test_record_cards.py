"""The card of a record: what was typed is never covered by a reading that does not know it yet."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Member
from fieldapp.ui.record_cards import RecordCard
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
