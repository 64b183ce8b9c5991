"""Brings a household from draft to ready: what was typed last is judged with the rest, and what is missing is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from fieldapp import i18n
from fieldapp.errors import Severity
from fieldapp.ui import edits
from fieldapp.ui.household_page import HouseholdPage
from fieldapp.ui.readiness import Line, readiness
from fieldapp.ui.session import Session
from fieldapp.ui.tree_cells import Box


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is to know before the household becomes ready: lines, and how many remarks of the review wait."""

    lines: tuple[Line, ...]
    remarks: int

    def count(self, severity: Severity) -> int:
        """How many findings of a weight, as the list of households counts them."""
        return sum(line.n for line in self.lines if line.severity is severity)

    @property
    def blocked(self) -> bool:
        """Whether something must be mended first."""
        return self.count(Severity.RED) > 0

    @property
    def wants_reason(self) -> bool:
        """Whether it takes a sentence: for what stays amber, or as the answer to the review."""
        return self.remarks > 0 or self.count(Severity.AMBER) > 0


class Readying(QObject):
    """Not while anything is red, with a reason while anything is amber; what is still missing is told first.

    What a review wants mended is answered by that, in a sentence: no rule can tell whether it is mended.
    """

    asked = Signal(object)  # Asked

    def __init__(
        self,
        session: Session,
        page: HouseholdPage,
        when_shown: Callable[[Callable[[], bool]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._page, self._when_shown = session, page, when_shown

    def ask(self) -> None:
        """Judges the household on the desk as soon as what has just been typed was read again."""
        self._page.leave_field()
        asked, unsaved = self._page.desk, self._session.unsaved
        if asked is None or unsaved.count or not unsaved.waiting:
            self._judge()
            return
        last = max(unsaved.waiting)

        def read() -> bool:
            desk = self._page.desk
            if desk is None or desk.view.household.id != asked.view.household.id:
                return True
            if desk.after >= last:
                self._judge()
            return desk.after >= last

        self._when_shown(read)

    def _judge(self) -> None:
        asked = self.judged()
        if asked is None:
            return
        if asked.lines or asked.remarks:
            self.asked.emit(asked)
        else:
            self.set_ready("")

    def judged(self) -> Asked | None:
        """What there is to know before the household on the desk becomes ready; None when it is, or none is open."""
        desk = self._page.desk
        if desk is None or desk.view.household.state == "ready":
            return None
        return Asked(tuple(readiness(desk)), len(desk.remarks))

    def set_ready(self, reason: str) -> None:
        """Stores the state, the reason for what stays amber, and the answer to the review."""
        desk = self._page.desk
        if desk is None:
            return
        box = Box(desk.view.household)
        amber = any(line.severity is Severity.AMBER for line in readiness(desk))
        remarks = [row.remark for row in desk.remarks]
        self._session.act(
            lambda store: edits.set_ready(store, box, reason, amber=amber, remarks=remarks),
            lambda _: self._page.tell(i18n.t("ui.ready.done")),
        )
