"""The line under the work: a hint at what to do, the finding of the current row, or for a while what has happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer

from fieldapp import i18n
from fieldapp.errors import Finding, Severity
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.shown import marked_words

_OWN_REASON = "quota_reason"  # a field that is itself the place for the reason


class HintLine(PlainLabel):
    """Says one thing at a time; what was told stands for its time, and no hint writes over it."""

    def __init__(self) -> None:
        super().__init__()
        self._told = ""
        self._here = False  # what was told holds only where the cursor stands
        self.setProperty("role", "small")
        self.setWordWrap(True)

    def hint(self, text: str) -> None:
        """Says what can be done here."""
        if not self._told:
            self.say(text)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Says everything that is to be looked at, in full, in the tone of the first."""
        if self._told:
            return
        words = [marked_words(f) for f in findings]
        if any(f.severity is Severity.AMBER and f.field != _OWN_REASON for f in findings):
            words.append(i18n.t("ui.hint.amber"))  # what is odd may be right: nobody need search for where to say so
        self.say(" · ".join(words), "red" if findings[0].severity is Severity.RED else "amber")

    def tell(self, text: str, ms: int, after: Callable[[], None]) -> None:
        """Says something for a while, and calls `after` when it has been said long enough."""
        self._told, self._here = text, False
        self.say(text, "amber")
        QTimer.singleShot(ms, self, lambda: self._untell(text, after))

    def tell_here(self, text: str) -> None:
        """Says something that holds until `leave_here`."""
        self._told, self._here = text, True
        self.say(text, "amber")

    def leave_here(self, *_: object) -> None:
        """The cursor goes elsewhere: what was told of its place is told no more."""
        if self._here:
            self._told, self._here = "", False

    def forget(self) -> None:
        """What was told is told no more: its language is not in force any longer."""
        self._told = ""

    def say(self, text: str, tone: str = "small") -> None:
        """Writes at once."""
        if self.property("role") != tone:
            self.setProperty("role", tone)
            self.style().polish(self)
        self.setText(text)

    def _untell(self, text: str, after: Callable[[], None]) -> None:
        if self._told in ("", text):
            self._told = ""
            after()
