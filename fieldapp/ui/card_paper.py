"""A card on paper: A4 pages on a printer or in a PDF, with mark, version and checksum at the foot of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QIODevice, QMarginsF, QRectF, QSaveFile, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from fieldapp import i18n
from fieldapp.errors import StorageError
from fieldapp.ui.theme import FAMILY

_MARGIN_MM = 15.0
_FOOT_MM = 12.0
_MM_PER_INCH = 25.4
_DPI = 300
_POINTS, _FOOT_POINTS = 9.0, 7.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: a page of HTML, and what stands at the foot of every sheet of paper."""

    title: str
    body: str
    foot: tuple[str, str]


def layout() -> QPageLayout:
    """A4 upright with the margins of every printer."""
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )


def save_pdf(sheet: Sheet, file: Path) -> int:
    """Writes the PDF, whole or not at all; returns its number of pages. Raises StorageError `card_not_saved`."""
    target = QSaveFile(str(file))
    if not target.open(QIODevice.OpenModeFlag.WriteOnly):
        raise StorageError("card_not_saved", reason=target.errorString())
    writer = QPdfWriter(target)
    writer.setResolution(_DPI)
    writer.setPageLayout(layout())
    writer.setTitle(sheet.title)
    writer.setCreator("fieldapp")
    pages = paint(sheet, writer)
    if not target.commit():
        raise StorageError("card_not_saved", reason=target.errorString())
    return pages


def paint(sheet: Sheet, device: QPagedPaintDevice) -> int:
    """Paints all pages; returns how many. Lines and pages break alike on every device."""
    dpi = device.logicalDpiX()
    room = QRectF(device.pageLayout().paintRectPixels(dpi))
    room.moveTo(0, 0)  # the painter's origin is the corner inside the margins
    foot = round(_FOOT_MM / _MM_PER_INCH * dpi)
    document = _document(sheet, device.pageLayout())
    pages = document.pageCount()
    with QPainter(device) as painter:
        for page in range(pages):
            if page:
                device.newPage()
            _page(painter, document, page, dpi / _DPI)
            _foot(painter, sheet, QRectF(0, room.height() - foot, room.width(), foot), (page + 1, pages))
    return pages


def _document(sheet: Sheet, paper: QPageLayout) -> QTextDocument:
    """The sheet laid out for a device of `_DPI`: a printer's own resolution would round it otherwise."""
    ruler = QImage(1, 1, QImage.Format.Format_Mono)
    ruler.setDotsPerMeterX(round(_DPI / _MM_PER_INCH * 1000))
    ruler.setDotsPerMeterY(round(_DPI / _MM_PER_INCH * 1000))
    document = QTextDocument()
    document.documentLayout().setPaintDevice(ruler)
    document.setDefaultFont(_font(_POINTS))
    document.setDocumentMargin(0)
    document.setHtml(sheet.body)
    room = paper.paintRectPixels(_DPI)
    document.setPageSize(QSizeF(room.width(), room.height() - round(_FOOT_MM / _MM_PER_INCH * _DPI)))
    document.pageCount()  # laid out while the ruler lives
    return document


def _page(painter: QPainter, document: QTextDocument, page: int, scale: float) -> None:
    size = document.pageSize()
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)  # type: ignore[attr-defined]
    top = page * size.height()
    context.clip = QRectF(0, top, size.width(), size.height())  # type: ignore[attr-defined]
    painter.save()
    painter.scale(scale, scale)
    painter.translate(0, -top)
    painter.setClipRect(QRectF(0, top, size.width(), size.height()))
    document.documentLayout().draw(painter, context)
    painter.restore()


def _foot(painter: QPainter, sheet: Sheet, room: QRectF, count: tuple[int, int]) -> None:
    painter.setFont(_font(_FOOT_POINTS))
    painter.setPen(Qt.GlobalColor.black)
    painter.drawLine(room.topLeft(), room.topRight())
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    first, second = QRectF(room), QRectF(room)
    first.setBottom(room.center().y())
    second.setTop(room.center().y())
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(first, left | middle, sheet.foot[0])
    painter.drawText(first, right | middle, i18n.t("ui.paper.page", page=count[0], pages=count[1]))
    painter.drawText(second, left | middle, sheet.foot[1])


def _font(points: float) -> QFont:
    font = QFont(FAMILY)
    font.setPointSizeF(points)
    # shaped digits become glyphs that Qt's table for copying does not know: a checksum could not be copied
    font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    return font
