"""Every command of the window, once, with its shortcut: menu, tooltips and the F1 list are made from this table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from fieldapp import i18n
from fieldapp.ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the window can do; its name is the catalogue text `ui.command.<id>`."""

    id: str
    keys: str  # "; " between alternatives, the first is shown
    section: str


COMMANDS = (
    Command("new_tree", "Ctrl+N", "record"),
    Command("copy_above", "Ctrl+D", "record"),
    Command("undo", "Ctrl+Z", "record"),
    Command("redo", "Ctrl+Y; Ctrl+Shift+Z", "record"),
    Command("next_finding", "F6", "record"),
    Command("explain", "F7", "record"),
    Command("mark_ready", "Ctrl+S", "record"),
    Command("remove", "Ctrl+Shift+Del", "record"),
    Command("new_household", "Ctrl+Shift+N", "household"),
    Command("new_member", "Ctrl+Shift+M", "household"),
    Command("new_parcel", "Ctrl+Shift+P", "household"),
    Command("new_village", "Ctrl+Shift+V", "household"),
    Command("import_photos", "Ctrl+I", "evidence"),
    Command("import_folder", "Ctrl+Shift+I", "evidence"),
    Command("set_position", "Ctrl+L", "evidence"),
    Command("view_photo", "Ctrl+Space", "evidence"),
    Command("photo_report", "F8", "evidence"),
    Command("next_household", "Ctrl+PgDown", "view"),
    Command("previous_household", "Ctrl+PgUp", "view"),
    Command("next_tab", "Ctrl+Tab", "view"),
    Command("previous_tab", "Ctrl+Shift+Tab", "view"),
    Command("find", "Ctrl+F", "view"),
    Command("focus_work", "Ctrl+G", "view"),
    Command("tree_panel", "Ctrl+R", "view"),
    Command("toggle_list", "F3", "view"),
    Command("toggle_evidence", "F4", "view"),
    Command("bin", "Ctrl+B", "view"),
    Command("privacy", "F9; Ctrl+H", "view"),
    Command("switch_language", "Ctrl+Shift+L", "view"),
    Command("larger", "Ctrl++; Ctrl+=", "view"),
    Command("smaller", "Ctrl+-", "view"),
    Command("theme", "Ctrl+T", "view"),
    Command("keys", "F1", "view"),
    Command("sync", "F5", "programme"),
    Command("methodology", "", "programme"),
    Command("other_profile", "", "programme"),
    Command("quit", "Ctrl+Q", "programme"),
)
SECTIONS = ("record", "household", "evidence", "view", "programme")
_SUBMENUS = ("household", "evidence", "view")  # the menu must not outgrow a small screen at large type


class Commands(QObject):
    """The commands as actions of one window; whoever carries one out connects to its `triggered`."""

    def __init__(self, window: QWidget, texts: Texts) -> None:
        super().__init__(window)
        self._texts = texts
        self._actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = texts.say(QAction(window), f"ui.command.{command.id}")
            action.setShortcuts([QKeySequence(keys) for keys in command.keys.split("; ") if keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setObjectName(command.id)
            window.addAction(action)
            self._actions[command.id] = action

    def __getitem__(self, name: str) -> QAction:
        """The action of a command."""
        return self._actions[name]

    def menu(self, parent: QWidget) -> QMenu:
        """All commands as one menu, section by section; some sections are menus of their own beside it."""
        menu = QMenu(parent)
        for section in SECTIONS:
            actions = [self[c.id] for c in COMMANDS if c.section == section]
            if section in _SUBMENUS:
                beside = self._texts.say(QMenu(menu), f"ui.menu.{section}", "setTitle")
                beside.addActions(actions)
                menu.addMenu(beside)
            else:
                menu.addSeparator()
                menu.addActions(actions)
                menu.addSeparator()
        return menu


def plain_name(command: str) -> str:
    """The name of a command without the mark of its key in the menu."""
    return i18n.t(f"ui.command.{command}").partition("(&")[0].replace("&", "")


def key_list() -> Iterator[tuple[str, str, str]]:
    """Section, name and keys of every command that has a key, in the language in force."""
    for command in COMMANDS:
        if command.keys:
            name = plain_name(command.id)
            yield i18n.t(f"ui.section.{command.section}"), name, command.keys.replace("; ", " / ")
