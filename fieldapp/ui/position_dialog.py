"""Where something stands: typed in any notation, taken from a photo, or averaged from a receiver's log.

What was understood is shown before it is accepted; nothing is converted in silence.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Position
from fieldapp.errors import FieldappError
from fieldapp.ui.asking import AskingDialog
from fieldapp.ui.evidence import Subject
from fieldapp.ui.evidence_words import position_words
from fieldapp.ui.folders import ask_file
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.position_offers import LogOffers, Offer, log_offers, photo_offers, typed_offers
from fieldapp.ui.search_box import SearchEdit
from fieldapp.ui.tasks import Tasks
from fieldapp.ui.theme import size_at_scale

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import PhotoRow


class PositionDialog(AskingDialog):
    """Offers readings of what was typed or read; Enter takes the marked one."""

    accepted_position = Signal(object)  # Position

    def __init__(
        self, parent: QWidget, tasks: Tasks, subject: Subject, village_code: str, photo: PhotoRow | None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._subject, self._village_code = tasks, subject, village_code
        self.setWindowTitle(f"{i18n.t('ui.position.set')} · {subject.title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(620, 420))
        self.edit = SearchEdit()
        self.edit.setAccessibleName(i18n.t("ui.position.text"))
        self.edit.setPlaceholderText(i18n.t("ui.position.examples"))
        self.list = QListWidget()
        self.list.setProperty("role", "framed")
        self.list.setWordWrap(True)
        self.list.setSpacing(3)  # an offer takes several lines: which belong together is to be seen
        self.list.setAccessibleName(i18n.t("ui.position.readings"))
        self._note = PlainLabel(i18n.t("ui.position.help"))
        self._note.setProperty("role", "quiet")
        self._note.setWordWrap(True)
        self.photo_button = QPushButton(i18n.t("ui.position.photo"))
        self.photo_button.hide()
        self._photos: list[PhotoRow] = []  # those that a position was written into, the one on the screen first
        self._lay_out()
        self.edit.textChanged.connect(self._understand)
        self.edit.forward.connect(self._take)
        self.edit.down.connect(self.list.setFocus)
        self.list.itemActivated.connect(lambda _: self._take())
        self.photo_button.clicked.connect(self._offer_photos)
        self._read_photos(photo)

    def _lay_out(self) -> None:
        sources = QHBoxLayout()
        self.log_button = QPushButton(i18n.t("ui.position.log"))
        self.log_button.clicked.connect(self._choose_log)
        sources.addWidget(self.log_button)
        sources.addWidget(self.photo_button)
        sources.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(i18n.t("ui.position.take"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(i18n.t("word.cancel"))
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for part in (self._note, self.edit):
            column.addWidget(part)
        column.addLayout(sources)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)

    # -- what is offered
    def _understand(self, text: str) -> None:
        offers, was_zero = typed_offers(text, self._village_code)
        self._show(offers)
        if offers:
            self._say("ui.position.understood")
        elif was_zero:
            self._say("ui.position.zero", warn=True)
        else:
            self._say("ui.position.not_understood" if text.strip() else "ui.position.help", warn=bool(text.strip()))

    def _show(self, offers: Sequence[Offer], *, chosen: int = 0) -> None:
        self.list.clear()
        for offer in offers:
            position = self._position(offer)
            item = QListWidgetItem(f"{position_words(position)}\n{offer.how}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, position)
        self.list.setCurrentRow(chosen)

    def _read_photos(self, shown: PhotoRow | None) -> None:
        """Looks for positions in all photos of the subject, whichever is on the screen."""
        subject_id = self._subject.id

        def work(store: Store) -> list[PhotoRow]:
            from fieldapp.storage import reads

            return reads.photos(store, subject_id)

        def arrived(photos: list[PhotoRow]) -> None:
            placed = [photo for photo in photos if photo.lat is not None and photo.lon is not None]
            self._photos = sorted(placed, key=lambda photo: shown is None or photo.id != shown.id)
            self.photo_button.setVisible(bool(placed))
            if placed and not self.edit.text().strip() and not self.list.count():
                self._offer_photos()  # Enter takes it; typing offers something else
                self.edit.setFocus()

        self._tasks.run(self, work, arrived)

    def _offer_photos(self) -> None:
        """Offers the places in the photos."""
        self._show(photo_offers(self._photos, self._village_code))
        self._say("ui.position.understood")
        self.list.setFocus()

    def _say(self, key: str, *, warn: bool = False, **params: object) -> None:
        self._tell(i18n.t(key, **params), warn=warn)

    def _tell(self, text: str, *, warn: bool) -> None:
        tone = "amber" if warn else "quiet"
        if self._note.property("role") != tone:
            self._note.setProperty("role", tone)
            self._note.style().polish(self._note)
        self._note.setText(text)

    def _choose_log(self) -> None:
        file = ask_file(self, i18n.t("ui.position.log"), "logs")
        if file:
            self.read_log(Path(file))

    def read_log(self, file: Path) -> None:
        """Reads a receiver's log beside the window and offers its average."""
        self._say("ui.position.reading")
        self._tasks.aside(self, lambda: log_offers(file, self._village_code), self._offer_log, self._log_failed)

    def _offer_log(self, found: LogOffers) -> None:
        if found.moved_m is None:
            self._show(found.offers)
            self._say("ui.position.understood")
            self.list.setFocus()
        else:  # which of them was meant nobody but the surveyor knows: Enter alone takes none
            self._show(found.offers, chosen=-1)
            self._say("ui.position.moved", warn=True, m=f"{found.moved_m:,.0f}")
            self.edit.setFocus()  # in the list one line would be the current one

    def _log_failed(self, error: FieldappError) -> None:
        self.list.clear()
        self._tell("\n".join(i18n.error_texts(error)), warn=True)

    def _position(self, offer: Offer) -> Position:
        return Position(
            id=new_id(),
            village_code=self._village_code,
            subject=self._subject.kind,
            subject_id=self._subject.id,
            lat=offer.lat,
            lon=offer.lon,
            source=offer.source,
            **{"datum": "cgcs2000", "taken_at": time.time_ns() // 1_000_000, **offer.more},  # type: ignore[arg-type]
        )

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.accepted_position.emit(item.data(Qt.ItemDataRole.UserRole))
            self.accept()
