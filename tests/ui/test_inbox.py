"""What waits for a person: sensitive values stay covered, and still tell each other apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from fieldapp import app as composition
from fieldapp import i18n
from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.practice.making import make
from fieldapp.storage import reads
from fieldapp.storage.views import Choice, ConflictRow
from fieldapp.ui.desk import CONFLICT
from fieldapp.ui.inbox import Inbox, choice_texts
from fieldapp.ui.shown import declared, told_apart
from fieldapp.ui.whose import Whose, whose
from tests.ui.conftest import VILLAGE, Window


def conflict(field: str, *values: str) -> ConflictRow:
    """A field of a household that several people filled differently."""
    choices = tuple(Choice(value, "Wei", DeviceId(bytes(16)), 0) for value in values)
    return ConflictRow("household", RecordId(bytes(16)), VILLAGE, field, choices)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("6217000123456789123", "6217000123456785678"),
        ("6217000123456799123", "6217000123456789123"),
        ("6217000123456789123", "6217900123456789123"),
    ],
)
def test_accounts_are_covered_and_still_differ(one: str, other: str) -> None:
    shown = choice_texts(conflict("bank_account", one, other), hidden=False)
    assert shown[0] != shown[1]
    assert all(text.count("*") >= 12 for text in shown)
    assert choice_texts(conflict("bank_account", one, other), hidden=False, full=True) == [one, other]


def test_names_are_covered_only_when_others_look() -> None:
    row = conflict("head_name", "杨正光", "杨正广")
    assert choice_texts(row, hidden=False) == ["杨正光", "杨正广"]
    assert len(set(choice_texts(row, hidden=True))) == 2
    assert "光" not in told_apart(declared("household", "head_name"), ["杨正光", "吴阿朵"])[0]


def test_a_button_shows_the_values_in_full_and_covers_them_again(window: Window) -> None:
    inbox: Inbox = window.desktop.window.inbox
    card = inbox._conflict_card(conflict("id_number", "522632198001011234", "522632198001014321"), Whose("Household"))
    buttons = card.findChildren(QPushButton)
    reveal = next(b for b in buttons if b.text() == i18n.t("ui.inbox.reveal"))
    assert not any("19800101" in b.text() for b in buttons)
    reveal.click()
    assert sum("19800101" in b.text() for b in buttons) == 2
    reveal.click()
    assert not any("19800101" in b.text() for b in buttons)
    inbox.hide_personal(True)
    card = inbox._conflict_card(conflict("id_number", "522632198001011234", "522632198001014321"), Whose("Household"))
    assert i18n.t("ui.inbox.reveal") not in [b.text() for b in card.findChildren(QPushButton)]


def test_a_card_names_the_household_parcel_and_tree_and_covers_the_name_when_hidden(window: Window) -> None:
    window.press("new_tree")
    window.keys("A7", Qt.Key.Key_Return)
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    tree_id, household_id = desk.trees[0].tree.id, desk.view.household.id
    shown = window.ask(lambda store: whose(store, "tree", tree_id, hidden=False))
    assert shown == Whose("三组 杨正光 · 地块 坡脚 · 树木 A7", household_id)
    covered = window.ask(lambda store: whose(store, "tree", tree_id, hidden=True))
    assert isinstance(covered, Whose)
    assert "正光" not in covered.title
    assert covered.title.endswith("A7")
    asked: list[tuple[object, ...]] = []
    inbox = window.desktop.window.inbox
    inbox.place_asked.connect(lambda *place: asked.append(place))
    row = conflict("category", "other", "registered_poor")
    card = inbox._conflict_card(row, Whose("x", household_id))
    next(b for b in card.findChildren(QPushButton) if b.text() == i18n.t("ui.inbox.open")).click()
    assert asked == [(VILLAGE, household_id, "household", row.record_id, "category")]


def focused() -> str:
    button = QApplication.focusWidget()
    return button.text() if isinstance(button, QPushButton) else ""


def test_the_keys_alone_settle_what_stands_against_each_other(
    new_desktop: Callable[[], Window], tmp_path: Path
) -> None:
    make(tmp_path / "p", composition.estimator(), trees=300, photos=0)
    window = new_desktop()
    window.desktop.open(tmp_path / "p")
    window.settle()
    place, waiting = window.desktop.window.show_place, window.ask(reads.conflicts)
    assert isinstance(waiting, list)
    first, second, *_ = waiting
    place("inbox")
    assert focused() == i18n.t("ui.inbox.take", value=choice_texts(first, hidden=False)[0])
    place("households")
    place("inbox")
    window.keys(Qt.Key.Key_Return)
    window.settle()
    assert window.ask(reads.conflicts) == waiting[1:]
    assert focused() == i18n.t("ui.inbox.take", value=choice_texts(second, hidden=False)[0])
    area = next(row for row in waiting if row.field == "area_mu")
    window.desktop.window.inbox.begin(area.record_id, area.field)
    # neither is right: the field is marked, and typing the right value settles it too
    window.keys(Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Return)
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    assert CONFLICT in [f.code for f in desk.findings[area.record_id] if f.field == area.field]
    assert window.desktop.window._stood == (area.record_id, area.field)
    window.keys("3.7", Qt.Key.Key_Return)
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    assert CONFLICT not in [f.code for f in desk.findings.get(area.record_id, []) if f.field == area.field]
    assert window.ask(reads.conflicts) == [row for row in waiting[1:] if row != area]
