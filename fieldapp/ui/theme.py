"""How the window looks: one palette, one grid of 4, one type scale, applied to the whole application at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from fieldapp import paths
from fieldapp.ui.palette import LIGHT, THEMES, Palette
from fieldapp.ui.stylesheet import stylesheet

FAMILY = "Noto Sans SC"
SCALES = (100, 125, 150, 175, 200)  # per cent
POINTS = {"small": 9.0, "body": 10.0, "strong": 11.0, "title": 15.0}


class Theme(QObject):
    """The look in force: palette and type scale. Painted widgets ask it for colours and sizes."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.palette: Palette = LIGHT
        self.scale = 100
        self.family = FAMILY

    def choose(self, name: str, scale: int) -> None:
        """Takes a theme by name and a type scale in per cent, and repaints everything."""
        self.palette = THEMES.get(name, LIGHT)
        self.scale = min(max(scale, SCALES[0]), SCALES[-1])
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setFont(self.font("body"))
            app.setPalette(qt_palette(self.palette))
            app.setStyleSheet(stylesheet(self.palette, self.scale, self.family))
        self.changed.emit()

    def font(self, role: str, *, bold: bool = False) -> QFont:
        """The font of a text role: small, body, strong or title."""
        font = QFont(self.family)
        font.setPointSizeF(POINTS[role] * self.scale / 100)
        weight = max(self.palette.weight, 700 if bold else 400)
        font.setWeight(QFont.Weight(weight))
        return font

    def px(self, value: int) -> int:
        """A length of the 4-pixel grid at the type scale in force."""
        return round(value * self.scale / 100)

    def color(self, token: str) -> QColor:
        """A palette token as a colour."""
        return QColor(getattr(self.palette, token))


def at_scale(value: int) -> int:
    """A length at the type scale in force, for what is made without a theme at hand, such as a dialog."""
    return round(value * QApplication.font().pointSizeF() / POINTS["body"])


def size_at_scale(width: int, height: int) -> QSize:
    """The size of a dialog at the type scale in force, never more than the screen holds."""
    screen = QGuiApplication.primaryScreen().availableGeometry()
    return QSize(min(at_scale(width), screen.width() - 40), min(at_scale(height), screen.height() - 60))


def icon_size() -> QSize:
    """The size of an icon beside a word, at the type scale in force."""
    return QSize(at_scale(16), at_scale(16))


def load_fonts(folder: Path | None = None) -> list[str]:
    """Makes the bundled fonts known to Qt; returns their families (none on a broken install)."""
    families: list[str] = []
    for file in sorted((folder or paths.resources() / "fonts").glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number)
    return families


def qt_palette(colours: Palette) -> QPalette:
    """The Qt palette that Fusion paints with; what the style sheet does not reach follows it."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.card,
        QPalette.ColorRole.AlternateBase: colours.card_hover,
        QPalette.ColorRole.ToolTipBase: colours.card,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.card,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.fill,
        QPalette.ColorRole.HighlightedText: colours.on_fill,
        QPalette.ColorRole.PlaceholderText: colours.quiet,
        QPalette.ColorRole.Link: colours.good,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.quiet))
    return palette
