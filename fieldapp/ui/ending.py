"""Ends the program as closing its window does when the system asks for it: log-off, shut-down, SIGTERM.

Python runs a signal's handler only when it runs Python at all, and a window at rest runs none: the signal writes a
byte to a socket, and Qt wakes up to read it.
"""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication, QSessionManager

if TYPE_CHECKING:
    from fieldapp.ui.main_window import MainWindow


class Ending(QObject):
    """Closes one window, so that the field being typed is stored, whoever asks for the end."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._asked)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self._log_off)

    def watch(self) -> None:
        """Listens to SIGTERM and Ctrl+C from now on."""
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, _leave_it_to_the_socket)

    def _asked(self) -> None:
        self._reader.recv(64)
        self._window.end()

    def _log_off(self, _: QSessionManager) -> None:
        self._window.end()


def _leave_it_to_the_socket(*_: object) -> None:
    """The wake-up socket has been told already; without a handler of Python's the process would end at once."""
