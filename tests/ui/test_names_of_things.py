"""Nothing in the window is nameless: every field has a name for a screen reader, every button words or a tooltip."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from fieldapp import i18n
from fieldapp.ui import edits
from fieldapp.ui.dialogs import ReasonDialog, VillageDialog
from fieldapp.ui.evidence import Subject
from fieldapp.ui.methodology_dialog import MethodologyDialog
from fieldapp.ui.position_dialog import PositionDialog
from tests.ui.conftest import VILLAGE, Window

FIELDS = (QLineEdit, QComboBox, QTextEdit, QAbstractItemView, QTabBar)
# parts that Qt makes for itself: the list of a combo box, headers, arrows and the corner of a view
OF_QT = ("QComboBoxPrivateContainer", "QComboBoxListView", "QHeaderView", "QTableCornerButton")


def of_qt(part: QWidget) -> bool:
    """Whether Qt made it: it is no stop for a cursor."""
    name = part.metaObject().className()
    inner = isinstance(part.parentWidget(), QComboBox | QTabBar) or part.objectName().startswith("qt_")
    return name in OF_QT or inner


def nameless(top: QWidget) -> set[str]:
    """The parts without a name or words, each as a person who mends it finds it."""
    found = set()
    for part in top.findChildren(QWidget):
        if of_qt(part):
            continue
        where = f"{type(part).__name__} in {type(part.parentWidget()).__name__}"
        if isinstance(part, FIELDS) and not part.accessibleName().strip():
            found.add(where)
        silent = isinstance(part, QAbstractButton) and not part.text().strip() and not part.isHidden()
        if silent and not (part.toolTip().strip() and part.accessibleName().strip()):
            found.add(where)
    return found


def everything(window: Window) -> None:
    """Fills all the forms of the household, so that each kind of card is there."""
    desk = window.bench.page.desk
    assert desk is not None
    household = desk.view.household
    window.ask(lambda store: (edits.add_member(store, household), edits.add_tenure(store, household, "forest_right")))
    session = window.desktop.session
    assert session is not None
    session.refresh()
    window.settle()
    for tab in ("household", "parcels", "papers", "history", "trees"):
        window.bench.page.show_tab(tab)
        window.settle()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_in_the_window_is_nameless(window: Window, language: str) -> None:
    everything(window)
    if i18n.language() != language:
        window.desktop.switch_language()
    assert nameless(window.desktop.window) == set()
    assert nameless(window.desktop.start) == set()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_in_a_dialog_is_nameless(window: Window, language: str) -> None:
    if i18n.language() != language:
        window.desktop.switch_language()
    desk = window.bench.page.desk
    assert desk is not None
    top, tasks = window.desktop.window, window.desktop.tasks
    subject = Subject("parcel", desk.view.parcels[0].id, "坡脚", None)
    dialogs: list[QWidget] = [
        PositionDialog(top, tasks, subject, VILLAGE, None),
        ReasonDialog(top, "?"),
        VillageDialog(top, lambda _: []),
        MethodologyDialog(top, tasks),
    ]
    window.settle()
    for dialog in dialogs:
        assert nameless(dialog) == set(), type(dialog).__name__
        dialog.close()
    window.desktop.acts.explain("")
    window.settle()
    assert nameless(top) == set()
