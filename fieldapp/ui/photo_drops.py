"""Photos let fall on the page or the list: they belong to the parcel whose card or the household whose line it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from fieldapp import i18n
from fieldapp.domain.records import Parcel
from fieldapp.ui.evidence import Subject
from fieldapp.ui.record_cards import RecordCard
from fieldapp.ui.subjects import subject_of

if TYPE_CHECKING:
    from fieldapp.ui.household_list import HouseholdList
    from fieldapp.ui.household_page import HouseholdPage


class PhotoDrops(QObject):
    """Watches both places; the grid of trees and the pane beside it look after their own."""

    dropped = Signal(object, list)  # Subject, files

    def __init__(self, page: HouseholdPage, households: HouseholdList) -> None:
        super().__init__(page)
        self._page, self._list = page, households
        self._view = households.view.viewport()
        for place in (page, self._view):
            place.setAcceptDrops(True)
            place.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes files, and nothing else."""
        if not isinstance(event, QDropEvent) or not isinstance(watched, QWidget):  # the base of all three
            return super().eventFilter(watched, event)
        subject = self._subject(watched, event.position().toPoint())
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        moving = event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove)
        if not files or (subject is None and event.type() != QEvent.Type.DragEnter):
            event.ignore()
        elif moving:
            event.acceptProposedAction()
        else:
            event.acceptProposedAction()
            self.dropped.emit(subject, files)
        return True

    def _subject(self, watched: QWidget, at: QPoint) -> Subject | None:
        if watched is self._view:
            row = self._list.model.at(self._list.view.indexAt(at).row())
            return None if row is None else Subject("household", row.id, row.name)
        part = self._page.childAt(at)
        while part is not None and not isinstance(part, RecordCard):
            part = part.parentWidget()
        if part is not None and isinstance(part.box.record, Parcel):
            parcel = part.box.record
            name = parcel.place_name or i18n.t("ui.parcel.no_name")
            return Subject("parcel", parcel.id, i18n.t("ui.subject.parcel", name=name))
        return subject_of(self._page)
