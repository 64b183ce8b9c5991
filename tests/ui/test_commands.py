"""The commands as a menu: everything in it once, and short enough for a small screen at large type."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QMenu

from fieldapp import i18n
from fieldapp.ui.commands import COMMANDS, key_list, plain_name
from tests.ui.conftest import Window

SCREEN_HEIGHT = 768


def entries(menu: QMenu) -> list[str]:
    found = []
    for action in menu.actions():
        beside = action.menu()
        found += entries(beside) if isinstance(beside, QMenu) else [action.objectName()]
    return [name for name in found if name]


def test_every_command_is_in_the_menu_once(window: Window) -> None:
    assert sorted(entries(window.desktop.window.menu)) == sorted(command.id for command in COMMANDS)


@pytest.mark.parametrize("scale", [100, 125, 150])
def test_the_menu_fits_a_small_screen_in_one_column(window: Window, scale: int) -> None:
    window.desktop.theme.choose("light", scale)
    menu = window.desktop.window.menu
    rows = sum(menu.actionGeometry(action).height() for action in menu.actions())
    assert rows < SCREEN_HEIGHT
    shown = [action for action in menu.actions() if not action.isSeparator()]
    assert len({menu.actionGeometry(action).left() for action in shown}) == 1
    window.desktop.theme.choose("light", 100)


def test_the_list_of_keys_is_named_without_the_mark_of_a_menu_key() -> None:
    assert plain_name("keys") == i18n.t("ui.command.keys").partition("(")[0]
    assert not any("&" in name for _, name, _ in key_list())


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_two_entries_of_a_menu_share_their_key(window: Window, language: str) -> None:
    window.desktop.texts.switch(language)
    menus = [window.desktop.window.menu]
    menus += [beside for action in menus[0].actions() if isinstance(beside := action.menu(), QMenu)]
    for menu in menus:
        keys = [found[1].upper() for action in menu.actions() if (found := re.search("&(.)", action.text()))]
        assert sorted(keys) == sorted(set(keys)), [action.text() for action in menu.actions()]
