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
from fieldapp.errors import FieldappError, ItemError
from fieldapp.ui.asking import AskingDialog
from fieldapp.ui.evidence import Subject
from fieldapp.ui.evidence_words import position_words
from fieldapp.ui.folders import ask_file
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.search_box import SearchEdit
from fieldapp.ui.tasks import Tasks
from fieldapp.ui.theme import size_at_scale

if TYPE_CHECKING:
    from fieldapp.geo.coordinates import Candidate
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import PhotoRow

_MOST_LOG_BYTES = 50_000_000
_RAW_KEPT = 4_000  # characters of the log kept with the position; the log file itself stays with its owner


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
        from fieldapp.geo.coordinates import parse_coordinates  # pyproj comes with it: not at start
        from fieldapp.geo.counties import MARGIN_M

        self.list.clear()
        readings = parse_coordinates(text) if text.strip() else []
        for away_m, found in _nearest_first(readings, self._village_code):
            position = self._position("typed", found.lat, found.lon, datum=found.crs, raw=text[:_RAW_KEPT])
            how = f"{i18n.t(f'coordinates.{found.reading}')} · {found.crs}"
            if found.swapped:
                how += " · " + i18n.t("ui.position.swapped")
            if not found.inside:
                how += " · " + i18n.t("ui.position.outside")
            if away_m is not None:
                km = f"{away_m / 1000:,.0f}"
                how += " · " + (i18n.t("ui.position.far", km=km) if away_m > MARGIN_M else i18n.t("ui.position.county"))
            self._offer(position, how)
        known = self.list.count() > 0
        if known:
            self._say("ui.position.understood")
        else:
            self._say("ui.position.not_understood" if text.strip() else "ui.position.help", warn=bool(text.strip()))
        self.list.setCurrentRow(0)

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
        """Offers the places that the camera wrote into photos: where the camera stood, not the tree."""
        self.list.clear()
        for photo in self._photos:
            if photo.lat is not None and photo.lon is not None:
                position = self._position("exif", photo.lat, photo.lon, accuracy_m=photo.accuracy_m)
                self._offer(position, f"{i18n.t('ui.position.camera')} · {photo.taken_at_local.replace('T', ' ')[:16]}")
        self._say("ui.position.understood")
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _say(self, key: str, *, warn: bool = False) -> None:
        tone = "amber" if warn else "quiet"
        if self._note.property("role") != tone:
            self._note.setProperty("role", tone)
            self._note.style().polish(self._note)
        self._note.setText(i18n.t(key))

    def _choose_log(self) -> None:
        file = ask_file(self, i18n.t("ui.position.log"), "logs")
        if file:
            self.read_log(Path(file))

    def read_log(self, file: Path) -> None:
        """Reads a receiver's log beside the window and offers its average."""
        self._note.setText(i18n.t("ui.position.reading"))
        self._tasks.aside(self, lambda: _average(file), self._offer_average, self._log_failed)

    def _offer_average(self, found: dict[str, object]) -> None:
        self.list.clear()
        position = self._position("nmea", **found)  # type: ignore[arg-type]
        self._offer(position, i18n.t("ui.position.averaged"))
        self._note.setText(i18n.t("ui.position.understood"))
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _log_failed(self, error: FieldappError) -> None:
        self.list.clear()
        self._note.setText(" ".join(i18n.error_texts(error)))

    def _position(self, source: str, lat: float, lon: float, **more: object) -> Position:
        return Position(
            id=new_id(),
            village_code=self._village_code,
            subject=self._subject.kind,
            subject_id=self._subject.id,
            lat=lat,
            lon=lon,
            source=source,
            **{"datum": "cgcs2000", "taken_at": time.time_ns() // 1_000_000, **more},  # type: ignore[arg-type]
        )

    def _offer(self, position: Position, how: str) -> None:
        item = QListWidgetItem(f"{position_words(position)}\n{how}", self.list)
        item.setData(Qt.ItemDataRole.UserRole, position)

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.accepted_position.emit(item.data(Qt.ItemDataRole.UserRole))
            self.accept()


def _nearest_first(readings: Sequence[Candidate], village_code: str) -> list[tuple[float | None, Candidate]]:
    """The readings with their metres from the village's county, the nearest first; None where no outline is known."""
    from fieldapp.geo.counties import metres_from_county

    away = [(metres_from_county(found.lat, found.lon, village_code), found) for found in readings]
    return sorted(away, key=lambda pair: pair[0] or 0.0)  # stable: unknown ones keep their order


def _average(file: Path) -> dict[str, object]:
    """The averaged position of a log with what is known of its quality. Raises ItemError when it holds none."""
    from fieldapp.geo.average import FEWEST_GOOD, average
    from fieldapp.geo.nmea import read

    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_LOG_BYTES)
    except OSError as error:
        raise ItemError("log_unreadable") from error
    log = read(data.splitlines())
    mean = average(log.fixes)
    if mean is None:
        raise ItemError("log_without_position", sentences=log.sentences)
    return {
        "lat": mean.lat,
        "lon": mean.lon,
        "alt_m": mean.alt_m,
        "fixes": mean.n,
        "spread_m": mean.spread_m,
        "hdop": mean.hdop,
        # errors drift over minutes: never below a metre, and of a few fixes the spread says nothing
        "accuracy_m": round(max(mean.spread_m, 1.0), 1) if mean.n >= FEWEST_GOOD and not mean.weak else None,
        "raw": data[:_RAW_KEPT].decode("ascii", "replace"),
    }
