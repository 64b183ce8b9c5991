"""The Big List of Naughty Strings, every one typed into a form and read back, and shown as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

import fieldapp.ui
from fieldapp.errors import StorageError
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.ui import edits
from fieldapp.ui.dialogs import error_box, message_box
from fieldapp.ui.line_edit import LineEdit
from tests.ui.conftest import Window

LIST = Path(__file__).parent.parent / "resources" / "blns.json"
TEXTS: list[str] = sorted({text for text in json.loads(LIST.read_text("utf-8")) if text.strip()})


def test_every_naughty_text_is_stored_and_read_back_as_it_stood_in_the_field(window: Window) -> None:
    window.bench.page.show_tab("household")
    desk = window.bench.page.desk
    assert desk is not None
    household_id = desk.view.household.id
    field = window.bench.page.household.card.form.fields["remarks"]
    assert isinstance(field.editor, LineEdit)
    typed: list[object] = []
    field.left.connect(lambda _, value: typed.append(value))
    shown: list[str] = []
    for text in TEXTS:
        field.editor.setFocus()
        field.editor.selectAll()
        field.editor.insert(text)
        shown.append(field.editor.text())
        field._leave()

    def stored(store: Store) -> list[str | None]:
        found = []
        for text in shown:
            view = reads.household(store, household_id)
            assert view is not None
            edits.store_field(store, edits.Box(view.household), "remarks", text)
            again = reads.household(store, household_id)
            found.append(again.household.remarks if again else None)
        return found

    assert window.ask(stored) == shown
    window.settle()
    # a text of nothing but white space is no remark
    assert [str(value).strip() for value in typed if value] == [text.strip() for text in shown if text.strip()]


@pytest.mark.parametrize("text", ["<b>x</b>", "<img src=x onerror=alert(1)>", "<a href='x'>y</a>"])
def test_a_message_box_shows_what_looks_like_html_as_it_is(window: Window, text: str) -> None:
    box = message_box(window.desktop.window, text, text, text)
    formats = [label.textFormat() for label in box.findChildren(QLabel) if text in label.text()]
    assert formats
    assert set(formats) == {Qt.TextFormat.PlainText}
    box.close()


def test_every_label_of_the_window_shows_plain_text(window: Window) -> None:
    box = error_box(window.desktop.window, StorageError("disk_full"))
    rich = [label for label in window.desktop.window.findChildren(QLabel) if label.text()]
    assert rich
    assert {label.textFormat() for label in rich} == {Qt.TextFormat.PlainText}
    box.close()


def test_every_tooltip_escapes_what_looks_like_html() -> None:
    rich = [
        f"{path.name}: {line.strip()}"
        for path in Path(str(fieldapp.ui.__file__)).parent.glob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if ".setToolTip(" in line and ".setToolTip(plain_tip(" not in line
    ]
    assert rich == []
