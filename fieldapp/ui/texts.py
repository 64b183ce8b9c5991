"""The language switch: every text that was said through here is said again when the language changes."""

from __future__ import annotations

import weakref
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from fieldapp import i18n

T = TypeVar("T", bound=QObject)


class Texts(QObject):
    """Says catalogue texts on widgets and says them again in another language, together with Qt's own."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._said: weakref.WeakKeyDictionary[QObject, dict[str, tuple[str, dict[str, Any]]]]
        self._said = weakref.WeakKeyDictionary()
        self._qt = QTranslator(self)

    def say(self, target: T, key: str, using: str = "setText", **params: Any) -> T:
        """Writes the text of `key` on `target` by its method `using`, now and after every switch; returns `target`."""
        self._said.setdefault(target, {})[using] = (key, params)
        getattr(target, using)(i18n.t(key, **params))
        return target

    def name(self, target: T, key: str, **params: Any) -> T:
        """Gives a widget its accessible name."""
        return self.say(target, key, "setAccessibleName", **params)

    def switch(self, language: str) -> None:
        """Changes the language of the whole window at once."""
        i18n.set_language(language)
        self._translate_qt(language)
        for target, texts in list(self._said.items()):
            if shiboken6.isValid(target):
                for using, (key, params) in texts.items():
                    getattr(target, using)(i18n.t(key, **params))
        self.changed.emit()

    def _translate_qt(self, language: str) -> None:
        app = QCoreApplication.instance()
        if app is None:
            return
        app.removeTranslator(self._qt)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if language != "en" and self._qt.load(f"qtbase_{language}", folder):
            app.installTranslator(self._qt)
        QLocale.setDefault(QLocale(language))
