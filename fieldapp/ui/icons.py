"""Icons of one family (tabler outline), painted in a palette colour and sharp at every size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from fieldapp import paths


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (paths.resources() / "icons" / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=256)
def pixmap(name: str, colour: str, size_px: int, ratio: float = 1.0) -> QPixmap:
    """The icon `name` in `colour` (#rrggbb), `size_px` square, at a device pixel ratio."""
    picture = QPixmap(round(size_px * ratio), round(size_px * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    with QPainter(picture) as painter:
        renderer.render(painter, QRectF(picture.rect()))
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: str, active: str | None = None, size_px: int = 24) -> QIcon:
    """The icon with a second colour for its checked state."""
    result = QIcon(pixmap(name, colour, size_px * 2, 1.0))
    if active:
        result.addPixmap(pixmap(name, active, size_px * 2, 1.0), QIcon.Mode.Normal, QIcon.State.On)
    return result
