"""The style sheet: what Fusion's palette alone cannot say, written once from palette and scale.

Widgets name their part by the dynamic property `role`; no widget sets colours of its own.
"""

from __future__ import annotations

from string import Template

from fieldapp.ui.palette import Palette

_SHEET = Template("""
QWidget { color: $text; font-family: "$family"; font-size: ${body}pt; }
QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow, QDialog, QWidget[role="page"] { background: $window; }
QWidget[role="pane"], QWidget[role="rail"] { background: $card; }
QWidget[role="rail"] { border-right: ${line_px}px solid $line; }
QWidget[role="list-pane"] { background: $card; border-right: ${line_px}px solid $line; }
QWidget[role="evidence"] { background: $card; border-left: ${line_px}px solid $line; }
QFrame[role="card"], QTableView, QTreeView, QListView[role="framed"], QPlainTextEdit, QTextBrowser {
  background: $card; border: ${line_px}px solid $line; border-radius: ${radius}px; }
QLabel[role="small"], QCheckBox[role="small"] { color: $quiet; font-size: ${small}pt; }
QLabel[role="quiet"] { color: $quiet; }
QLabel[role="strong"] { font-size: ${strong}pt; font-weight: 700; }
QLabel[role="title"] { font-size: ${title}pt; font-weight: 700; }
QToolButton::menu-indicator { image: none; }
QLabel[role="good"] { color: $good; }
QLabel[role="amber"] { color: $amber; font-size: ${small}pt; }
QLabel[role="red"] { color: $red; font-size: ${small}pt; }
QLabel[role="badge"] { color: $amber; background: $amber_soft; border: ${line_px}px solid $amber_fill;
  border-radius: ${px4}px; padding: 0 ${px8}px; font-weight: 700; font-size: ${small}pt; }
QLabel[role="notice"] { background: $amber_soft; color: $amber; border-radius: ${px4}px; padding: ${px4}px ${px8}px; }
QPushButton { background: $card; border: ${line_px}px solid $line; border-radius: ${radius}px;
  padding: ${px4}px ${px12}px; min-height: ${control}px; }
QPushButton:hover { background: $card_hover; }
QPushButton:focus, QToolButton:focus { border: ${focus_px}px solid $fill; outline: none; }
QPushButton:focus { padding: ${focus_pad_wide}; }
QPushButton:default, QPushButton[role="main"] {
  background: $fill; color: $on_fill; border-color: $fill; font-weight: 700; }
QPushButton:default:disabled, QPushButton[role="main"]:disabled, QPushButton:disabled {
  background: $window; color: $quiet; border-color: $line; }
QPushButton[role=""]:default { background: $card; color: $text; border-color: $line; font-weight: 400; }
QPushButton[role="main"]:focus, QPushButton:default:focus {
  border: ${focus_px}px solid $text; text-decoration: $main_focus; }
QPushButton[role=""]:default:focus { border: ${focus_px}px solid $fill; text-decoration: none; }
QPushButton[role="fact"] { background: transparent; border: none; border-radius: ${px4}px;
  padding: 0 ${px4}px; min-height: ${fact}px; font-size: ${small}pt; }
QPushButton[role="fact"]:hover { background: $soft; }
QPushButton[role="fact"]:focus { border: 1px solid $fill; padding: 0 ${px4}px; }
QPushButton[role="fact"][tone="good"] { color: $good; }
QPushButton[role="fact"][tone="amber"] { color: $amber; }
QPushButton[role="fact"][tone="red"] { color: $red; }
QToolButton[role="rail"] { background: transparent; border: none; border-left: 3px solid transparent; border-radius: 0;
  padding: ${px8}px 0; font-size: ${small}pt; color: $quiet; }
QToolButton[role="rail"]:hover { background: $card_hover; }
QToolButton[role="rail"]:checked { background: $soft; color: $good; border-left: 3px solid $fill; font-weight: 700; }
QToolButton[role="rail"]:focus { border-left: 3px solid $text; }
QLineEdit, QComboBox {
  background: $card; border: ${line_px}px solid $line; border-radius: ${radius}px;
  padding: ${px4}px ${px8}px; min-height: ${control}px; selection-background-color: $fill; selection-color: $on_fill; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus { border: ${focus_px}px solid $fill; padding: ${focus_pad}; }
QLineEdit[role="search"] { background: $window; }
QLineEdit[role="cell"] { border: 2px solid $fill; border-radius: 0; padding: 0 ${px8}px; min-height: 0; }
QLineEdit:read-only { background: $window; color: $quiet; }
QComboBox::drop-down { border: none; width: ${px24}px; }
QComboBox::down-arrow { image: none; }
QComboBox { padding-right: 0; }
QComboBox QAbstractItemView { background: $card; border: ${line_px}px solid $line; selection-background-color: $soft;
  selection-color: $text; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; border: none; border-bottom: 3px solid transparent; color: $quiet;
  padding: ${px4}px ${px8}px; margin-right: ${px4}px; }
QTabBar::tab:selected { color: $good; border-bottom: 3px solid $fill; font-weight: 700; }
QTabBar::tab:focus { border-bottom: 3px solid $text; }
QHeaderView { background: $card; border: none; }
QHeaderView::section { background: $card; color: $quiet; border: none; border-bottom: ${line_px}px solid $line;
  padding: 0 ${px8}px; font-size: ${small}pt; }
QTableView { gridline-color: $line; selection-background-color: $soft; selection-color: $text; outline: none; }
QTableView[role="comparison"]::item { border: none; padding: 0 ${px8}px; }
QTableView:focus, QListView:focus { border-color: $fill; }
QListView { background: $card; border: none; outline: none; }
QScrollBar:vertical { background: transparent; width: ${px12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${px12}px; margin: 0; }
QScrollBar::handle { background: $track; border: ${line_px}px solid $line; border-radius: ${px4}px;
  min-height: ${px24}px;
  min-width: ${px24}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="form"] { background: transparent; }
QProgressBar { background: $track; border: ${line_px}px solid $line; border-radius: ${px4}px; text-align: center;
  min-height: ${px12}px; font-size: ${small}pt; }
QProgressBar::chunk { background: $fill; border-radius: ${px4}px; }
QMenuBar, QMenu { background: $card; }
QMenu { border: ${line_px}px solid $line; padding: ${px4}px; }
QMenu::item { padding: ${px4}px ${px24}px ${px4}px ${px12}px; border-radius: ${px4}px; }
QMenu::item:selected { background: $soft; color: $text; }
QMenu::item:disabled { color: $off; }
QMenu::separator { height: 1px; background: $line; margin: ${px4}px; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: ${px4}px; }
QWidget[role="status"] { background: $card; border-top: ${line_px}px solid $line; }
QSplitter::handle { background: transparent; }
QTextBrowser { padding: ${px8}px; }
""")


def stylesheet(colours: Palette, scale: int, family: str) -> str:
    """The application's style sheet for a palette, a type scale in per cent and a font."""

    def px(value: int) -> int:
        return round(value * scale / 100)

    sizes: dict[str, object] = {f"px{n}": px(n) for n in (4, 8, 12, 16, 24)}
    sizes |= {"radius": px(6), "control": px(22), "fact": px(24)}
    sizes |= {
        "family": family,
        "small": 9 * scale / 100,
        "body": 10 * scale / 100,
        "strong": 11 * scale / 100,
        "title": 15 * scale / 100,
    }
    # the focus ring is thicker than the line, not only of another colour: the text must not move by it
    ring = 2 * colours.line_px
    inset = ring - colours.line_px
    high = px(4) - inset
    sizes |= {
        "focus_px": ring,
        "focus_pad": f"{high}px {px(8) - inset}px",
        "focus_pad_wide": f"{high}px {px(12) - inset}px",
    }
    sizes["main_focus"] = "underline" if colours.line_px > 1 else "none"  # a black ring on black says nothing
    tokens = {slot: getattr(colours, slot) for slot in colours.__slots__}
    sheet = _SHEET.substitute(tokens | sizes)
    return sheet + (" QWidget { font-weight: 700; }" if colours.weight > 400 else "")
