"""A photo in a pane, and in full size with Space; decoded off the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from fieldapp.ui.theme import Theme


class PhotoView(QWidget):
    """Shows one picture filling its room (or whole, when `whole`), with a line of facts over its foot."""

    opened = Signal()
    stepped = Signal(int)
    taken_off = Signal()

    def __init__(self, theme: Theme, *, whole: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._whole = whole
        self._picture = QPixmap()
        self._caption = ""
        self._empty = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    def show_picture(self, image: QImage | None, caption: str, empty: str = "") -> None:
        """Shows another picture; `empty` is what stands there when there is none."""
        self._picture = QPixmap.fromImage(image) if image is not None else QPixmap()
        self._caption, self._empty = caption, empty
        self.setAccessibleName(caption or empty)
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether something is shown."""
        return not self._picture.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture with round corners, its facts readable on a dark band."""
        theme, rect = self._theme, QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            shape = QPainterPath()
            shape.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.fillPath(shape, theme.color("land"))
            painter.setPen(theme.color("fill" if self.hasFocus() else "line"))
            painter.drawPath(shape)
            painter.setFont(theme.font("small"))
            if self._picture.isNull():
                painter.setPen(theme.color("quiet"))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(rect.adjusted(16, 8, -16, -8), flags, self._empty)
                return
            painter.setClipPath(shape)
            self._paint_picture(painter, rect)
            if self._caption:
                band = QRectF(rect.left(), rect.bottom() - theme.px(24), rect.width(), theme.px(24))
                painter.fillRect(band, Qt.GlobalColor.black if theme.palette.line_px > 1 else "#c0101810")
                painter.setPen(Qt.GlobalColor.white)
                text = painter.fontMetrics().elidedText(
                    self._caption, Qt.TextElideMode.ElideRight, int(band.width()) - 16
                )
                painter.drawText(band.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        mode = Qt.AspectRatioMode.KeepAspectRatio if self._whole else Qt.AspectRatioMode.KeepAspectRatioByExpanding
        size = self._picture.size().scaled(self.size(), mode)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(rect.center())
        painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens it in full."""
        self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space or Enter opens, arrows step through the photos, Delete takes this one off."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.taken_off.emit()
        else:
            super().keyPressEvent(event)


class PhotoDialog(QDialog):
    """The photo over the whole window; arrows step, Esc or Space closes."""

    stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = PhotoView(theme, whole=True)
        self.view.opened.connect(self.accept)
        self.view.stepped.connect(self.stepped)
        self.view.taken_off.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.view)
        self.resize(parent.window().size() * 0.92)
