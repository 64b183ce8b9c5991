"""The right pane: photo, place and the rest of the current tree (or of the household), always about the current row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Tree
from fieldapp.errors import Finding
from fieldapp.ui import icons
from fieldapp.ui.evidence_words import photo_words, position_words
from fieldapp.ui.map_places import MapArea, MapPoint
from fieldapp.ui.map_view import MapView
from fieldapp.ui.page import button, label
from fieldapp.ui.photo_doubts import Proofs
from fieldapp.ui.photo_view import PhotoDialog, PhotoView
from fieldapp.ui.pictures import Pictures
from fieldapp.ui.plain import PlainLabel, plain_tip
from fieldapp.ui.shown import finding_words
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme, icon_size
from fieldapp.ui.tree_panel import TreePanel

if TYPE_CHECKING:
    from fieldapp.storage.views import PhotoRow


@dataclass(frozen=True, slots=True)
class Subject:
    """What the pane is about: a tree, a parcel or a household."""

    kind: str
    id: RecordId
    title: str
    tree: Tree | None = None


class Evidence(QWidget):
    """Shows what proves a tree, and lets a person add to it."""

    field_left = Signal(object, str, object)
    tree_chosen = Signal(bytes)
    photos_asked = Signal()
    position_asked = Signal()
    files_dropped = Signal(list)
    photo_taken_off = Signal(bytes)  # the link

    def __init__(self, texts: Texts, theme: Theme, pictures: Pictures) -> None:
        super().__init__()
        self.setProperty("role", "evidence")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._pictures, self._texts = theme, pictures, texts
        self.subject: Subject | None = None
        self._photos: list[PhotoRow] = []
        self._doubts: dict[RecordId, tuple[Finding, ...]] = {}
        self._current = 0
        self._dialog: PhotoDialog | None = None
        self.photo = PhotoView(theme)
        self.thumbs = QListWidget()
        self._title, self._place, self.doubt = PlainLabel(), PlainLabel(), PlainLabel()
        self.tree = TreePanel(texts)
        self.map = MapView(theme)
        self.add_button = button(texts, "ui.photos.add")
        self.position_button = button(texts, "ui.position.set")
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        theme.changed.connect(self._fit)
        texts.changed.connect(self._show_photo)
        self._fit()

    def _lay_out(self) -> None:
        self.thumbs.setFlow(QListWidget.Flow.LeftToRight)
        self.thumbs.setWrapping(False)
        self.thumbs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._texts.name(self.thumbs, "ui.photos")
        self._texts.name(self.map, "ui.place.map")
        self._title.setProperty("role", "strong")
        self._place.setProperty("role", "small")
        self.doubt.setProperty("role", "amber")
        for text in (self._place, self.doubt):
            text.setWordWrap(True)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.add_button, 1)
        acts.addWidget(self.position_button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        for part in (self.photo, self.thumbs, self.doubt, self._title, self._place):
            column.addWidget(part, 100 if part is self.photo else 0)  # before the map, up to its largest height
        column.addLayout(acts)
        column.addWidget(self.tree)
        column.addWidget(self.map, 1)
        self._empty = label(self._texts, "ui.evidence.empty", "quiet")
        column.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.photo.opened.connect(self.open_photo)
        self.photo.stepped.connect(self._step)
        self.photo.taken_off.connect(self._take_off)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.thumbs)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)  # Delete in a field is the field's
        delete.activated.connect(self._take_off)
        self.thumbs.currentRowChanged.connect(self._choose)
        self.thumbs.itemActivated.connect(lambda _: self.open_photo())
        self.tree.field_left.connect(self.field_left)
        self.map.point_chosen.connect(self.tree_chosen)
        self.add_button.clicked.connect(self.photos_asked)
        self.position_button.clicked.connect(self.position_asked)

    def show_subject(self, subject: Subject | None, proofs: Proofs, after: int = 0) -> None:
        """Shows another tree, parcel or household; of acts later than `after` it was read without."""
        photos, position = proofs.photos, proofs.position
        same = subject is not None and self.subject is not None and subject.id == self.subject.id
        self.subject = subject
        self._photos, self._doubts = list(photos), proofs.doubts or {}
        self._current = min(self._current, max(len(photos) - 1, 0)) if same else 0
        self._title.setText(subject.title if subject else "")
        words = position_words(position)
        if position is None and any(photo.lat is not None for photo in photos):
            words += " · " + i18n.t("ui.position.in_photo")
        self._place.setText(words)
        self.tree.show_tree(subject.tree if subject else None, after)
        for part in (self.photo, self._title, self._place, self.add_button, self.position_button, self.map):
            part.setVisible(subject is not None)
        self._empty.setVisible(subject is None)
        self._fill_thumbs()
        self._show_photo()
        self.map.choose(subject.id if subject else None)

    def show_map(self, points: Sequence[MapPoint], areas: Sequence[MapArea]) -> None:
        """Shows where the trees of the parcel stand."""
        self.map.show_places(points, areas)

    def current_photo(self) -> PhotoRow | None:
        """The photo that is shown."""
        return self._photos[self._current] if self._photos else None

    def open_photo(self) -> None:
        """Shows the photo over the whole window."""
        if self.current_photo() is None:
            return
        self._dialog = PhotoDialog(self._theme, self)
        self._dialog.setWindowTitle(self._title.text())
        self._dialog.stepped.connect(self._step)
        self._dialog.view.taken_off.connect(self._take_off)
        self._show_photo()
        self._dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be let fall on the pane."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tells which files fell."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _take_off(self) -> None:
        photo = self.current_photo()
        if photo is not None:
            self.photo_taken_off.emit(photo.link_id)

    def _step(self, by: int) -> None:
        if self._photos:
            self.thumbs.setCurrentRow((self._current + by) % len(self._photos))

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._photos) and place != self._current:
            self._current = place
            self._show_photo()

    def _show_photo(self) -> None:
        photo = self.current_photo()
        found = self._doubts.get(photo.link_id, ()) if photo is not None else ()
        self.doubt.setText("\n".join([*map(finding_words, found), i18n.t("ui.photos.doubt_way")]))
        self.doubt.setVisible(bool(found))
        self._fit_photo()
        empty = i18n.t("ui.photos.none")
        if photo is None:
            self.photo.show_picture(None, "", empty)
            return
        caption = photo_words(photo)

        def arrived(image: QImage | None) -> None:
            if photo is self.current_photo():
                self.photo.show_picture(image, caption, i18n.t("ui.photos.absent"))
                if self._dialog is not None and self._dialog.isVisible():
                    self._dialog.view.show_picture(image, caption, i18n.t("ui.photos.absent"))

        self._pictures.fetch(self, photo.working_sha256, arrived, instead=photo.thumbnail_sha256)

    def _fill_thumbs(self) -> None:
        blocked = self.thumbs.blockSignals(True)
        self.thumbs.clear()
        for photo in self._photos:
            item = QListWidgetItem(self.thumbs)
            item.setToolTip(plain_tip(photo_words(photo)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, photo_words(photo))
            self._pictures.fetch(self, photo.thumbnail_sha256, partial(self._set_thumb, item))
        self.thumbs.setVisible(len(self._photos) > 1)
        self.thumbs.setCurrentRow(self._current)
        self.thumbs.blockSignals(blocked)

    def _set_thumb(self, item: QListWidgetItem, image: QImage | None) -> None:
        if image is not None and shiboken6.isValid(item):
            item.setIcon(QIcon(QPixmap.fromImage(image)))

    def _fit_photo(self) -> None:
        """Lower where words stand below it, or type is large on a small screen, so that the pane holds all."""
        self.photo.setMinimumHeight(self._theme.px(72))
        self.photo.setMaximumHeight(self._theme.px(196 if self.doubt.isHidden() else 108))

    def _fit(self) -> None:
        theme = self._theme
        self.setFixedWidth(theme.px(304))
        self._fit_photo()
        self.thumbs.setIconSize(QSize(theme.px(60), theme.px(44)))
        self.thumbs.setFixedHeight(theme.px(56))
        for act, name in ((self.add_button, "photo-plus"), (self.position_button, "map-pin")):
            act.setIcon(icons.icon(name, theme.palette.good))
            act.setIconSize(icon_size())
