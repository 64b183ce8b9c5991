"""Asks to look at the clock of this laptop when it cannot be right, before a record of the day gets a wrong date.

The battery of an old laptop's clock is empty: it wakes up in 2009, and nothing on the screen would tell.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from fieldapp.errors import StorageError
from fieldapp.ui.dialogs import error_box
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.session import Session
from fieldapp.ui.shown import clock, today


class ClockWarning(QObject):
    """Told once when a profile is opened, and again from the red fact in the status bar."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(session)
        self._window, self._session = window, session
        session.lists_changed.connect(self.tell, Qt.ConnectionType.SingleShotConnection)
        window.status.asked.connect(self._asked)

    def tell(self) -> None:
        """What is wrong and what to do, while it is wrong."""
        status = self._session.status
        if status is not None and status.clock_before_ms is not None:
            known = "save" if status.clock_before_ms == status.saved_at else "program"
            facts = {"now": today(), "known": clock(status.clock_before_ms)}
            error_box(self._window, StorageError(f"clock_before_{known}", **facts))

    def _asked(self, name: str) -> None:
        if name == "clock":
            self.tell()
