"""The card in the window is the card of the command, on screen and on paper."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from fieldapp import i18n
from fieldapp.carbon.explain import checksum
from fieldapp.cli import main
from fieldapp.errors import StorageError
from fieldapp.ui import card_paper
from fieldapp.ui.card_answers import Answer
from fieldapp.ui.card_paper import Sheet
from fieldapp.ui.explain_card import ExplainCard
from fieldapp.ui.palette import THEMES
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import VILLAGE, Window

ENTER = Qt.Key.Key_Return


@pytest.fixture
def card(window: Window) -> ExplainCard:
    """The open card of a tree with tag A1 and 6.6 cm."""
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    return explained(window)


def explained(window: Window) -> ExplainCard:
    """Opens the card of the first tree."""
    desk = window.bench.page.desk
    assert desk is not None
    window.bench.page.grid.go_to(desk.trees[0].tree.id, Column.DBH)
    window.settle()
    window.press("explain")
    found = window.desktop.window.findChild(ExplainCard)
    assert isinstance(found, ExplainCard)
    return found


def answer_of(card: ExplainCard) -> Answer:
    assert card.answer is not None
    return card.answer


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_window_and_command_give_the_same_bytes(
    window: Window, card: ExplainCard, folder: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    card.close()
    window.desktop.texts.switch(language)
    window.settle()
    card = explained(window)
    shown = answer_of(card).json
    text = card.text.toPlainText()
    window.desktop.window.close()  # a profile is open once
    assert main(["--lang", language, "explain", "--profile", str(folder), "--tree", "A1", "--json"]) == 0
    assert capsys.readouterr().out == shown + "\n"
    data = json.loads(shown)
    assert checksum(data) == data["checksum"]
    assert data["checksum"] in text
    assert data["inputs"]["measured_by"] in text
    assert main(["--lang", language, "explain", "--profile", str(folder), "--tree", "A1"]) == 0
    colon = "：" if language == "zh_CN" else ": "
    for line in capsys.readouterr().out.splitlines():
        label, _, value = line.partition(colon)
        if line.startswith("  ") and "=" not in value:
            assert value in text, line
            assert label.strip().replace("s_", "s").replace("U_", "U") in text  # lowered in the window


def test_a_chinese_window_speaks_chinese(card: ExplainCard) -> None:
    text = card.text.toPlainText()
    assert "China" not in text.replace("A China's", "").replace("Administration of China", "")
    for step in json.loads(answer_of(card).json)["steps"]:
        assert i18n.t(f"carbon.step.{step['name']}") in text
    assert "预估" in text.splitlines()[0]
    assert "树龄 " in text


def test_the_modelled_year_is_never_shown_as_measured(card: ExplainCard) -> None:
    modelled = json.loads(answer_of(card).json)["modelled_yearly"]
    assert modelled["flags"] == ["modelled"]
    row = next(line for line in card.text.toPlainText().splitlines() if f"{modelled['yearly_kg']:.1f} kg CO2" in line)
    assert row.startswith("预估")
    assert "不是量出来的" in row


def test_the_comparison_is_reached_and_walked_by_keys(card: ExplainCard) -> None:
    assert card.compare is not None
    curves, table = card.compare.curves, card.compare.table
    QTest.keyClick(card, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert card.pages.currentWidget() is card.compare
    assert table.horizontalScrollBar().maximum() == 0, "the marks are read without scrolling"
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert (table.currentRow(), curves.current) == (1, 1)
    QTest.keyClick(curves, Qt.Key.Key_Right)
    assert (table.currentRow(), curves.current) == (2, 2)
    assert table.item(2, 1).text() in curves.accessibleDescription()
    assert card.compare.words.text() == curves.accessibleDescription()
    assert table.rowCount() > 5
    for place in (-1, 99):
        curves.choose(place)
    assert curves.current == table.rowCount() - 1


@pytest.mark.parametrize("theme", list(THEMES))
def test_the_picture_is_painted_in_every_theme_and_size(window: Window, card: ExplainCard, theme: str) -> None:
    assert card.compare is not None
    curves = card.compare.curves
    for scale in (100, 200):
        window.desktop.theme.choose(theme, scale)
        curves.resize(640, 420)
        picture = curves.grab().toImage()
        wide, high = picture.width(), picture.height()
        colours = {picture.pixelColor(x, y).name() for x in range(0, wide, 2) for y in range(0, high, 2)}
        assert {THEMES[theme].card, THEMES[theme].good} <= colours
    window.desktop.theme.choose("light", 100)


def test_the_card_as_pdf(card: ExplainCard, tmp_path: Path) -> None:
    file = tmp_path / "card.pdf"
    card.save_pdf(file)
    data = file.read_bytes()
    assert data.startswith(b"%PDF-1.")
    assert data.rstrip().endswith(b"%%EOF")
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", data))
    assert pages >= 1
    assert re.search(rb"/MediaBox \[0 0 59[45]\S* 84[12]", data)
    assert b"/FontFile" in data  # the font travels with the page
    assert set(codes_of("预估值未经核证校验")) <= copied(data)


def codes_of(text: str) -> list[int]:
    return [ord(sign) for sign in text]


def copied(data: bytes) -> set[int]:
    """The signs that a reader may copy out of a PDF: what its fonts' tables translate glyphs into, none left out."""
    found: set[int] = set()
    for part in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        text = zlib.decompressobj().decompress(part) if part[:1] == b"\x78" else part
        if b"beginbf" not in text:
            continue
        found |= {int(code, 16) for code in re.findall(rb"<([0-9A-Fa-f]{4})>", text)}
        ranges = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]{4})> [\[<]", text, re.MULTILINE)
        glyphs = [glyph for low, high in ranges for glyph in range(int(low, 16), int(high, 16) + 1)]
        assert glyphs == list(range(len(glyphs)))  # a hole is a sign that cannot be copied
    return found


def test_a_folder_that_is_not_there_is_told(card: ExplainCard, tmp_path: Path) -> None:
    sheet = Sheet("t", answer_of(card).page, answer_of(card).foot)
    with pytest.raises(StorageError) as caught:
        card_paper.save_pdf(sheet, tmp_path / "not there" / "card.pdf")
    assert caught.value.code == "card_not_saved"
    assert list(tmp_path.glob("*.pdf")) == []


def test_the_printer_gets_the_same_pages(card: ExplainCard, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageLayout(card_paper.layout())
    sheet = Sheet("t", answer_of(card).page, answer_of(card).foot)
    assert card_paper.paint(sheet, printer) == card_paper.save_pdf(sheet, tmp_path / "saved.pdf")
    assert (tmp_path / "printed.pdf").stat().st_size > 1_000


def test_buttons_are_reached_by_the_keyboard(card: ExplainCard) -> None:
    buttons = card.findChildren(QPushButton)
    assert len(buttons) == 3
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in buttons)
    assert card.print_button.isEnabled()


def villages_card(window: Window) -> ExplainCard:
    """The card that Enter, Space, F7 and a click open from the village's two lines; each opens the same."""
    sums = window.bench.list.sums
    ways = (
        lambda: QTest.keyClick(sums, ENTER),
        lambda: QTest.keyClick(sums, Qt.Key.Key_Space),
        lambda: window.press("explain"),
        lambda: QTest.mouseClick(sums, Qt.MouseButton.LeftButton),
    )
    answers = set()
    for way in ways:
        for open_card in window.desktop.window.findChildren(ExplainCard):
            open_card.close()
        sums.setFocus()
        way()
        window.settle()
        card = window.desktop.window.findChildren(ExplainCard)[-1]
        answers.add(answer_of(card).json)
    assert len(answers) == 1
    assert "大利村" in card.windowTitle()
    return card


@pytest.mark.parametrize("which", ["stock", "quota", "platform"])
def test_the_figures_of_a_household_are_explained(
    window: Window, card: ExplainCard, which: str, tmp_path: Path
) -> None:
    card.close()
    window.settle()
    window.desktop.acts.explain(which)
    window.settle()
    shown = window.desktop.window.findChild(ExplainCard)
    assert isinstance(shown, ExplainCard)
    text = shown.text.toPlainText()
    for part in ("trees", "quota", "platform", "parts"):
        assert i18n.t(f"carbon.sum.section.{part}") in text
    assert "360" in text  # 1.6 mu of 225
    shown.save_pdf(tmp_path / "sum.pdf")
    assert (tmp_path / "sum.pdf").read_bytes().startswith(b"%PDF")
    shown.close()


def test_a_parcel_is_explained_when_it_is_the_subject(
    window: Window, card: ExplainCard, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card.close()
    desk = window.bench.page.desk
    assert desk is not None
    parcel = desk.view.parcels[0]
    window.bench.page.go_to("parcel", parcel.id, "area_mu")
    window.settle()
    window.press("explain")
    shown = window.desktop.window.findChild(ExplainCard)
    assert isinstance(shown, ExplainCard)
    assert "坡脚" in shown.windowTitle()
    assert i18n.t("carbon.sum.section.quota") not in shown.text.toPlainText()
    assert i18n.t("carbon.sum.section.parts") in shown.text.toPlainText()
    own = answer_of(shown)
    assert json.loads(own.json)["checksum"] in shown.text.toPlainText()
    window.desktop.acts.explain("quota")
    window.settle()
    whole = answer_of(window.desktop.window.findChildren(ExplainCard)[-1])
    village = answer_of(villages_card(window))
    window.desktop.window.close()  # a profile is open once
    assert parcel.household_id is not None
    keys = {"parcel": parcel.id.hex(), "household": parcel.household_id.hex(), "village": VILLAGE}
    for answer, (kind, key) in zip((own, whole, village), keys.items(), strict=True):
        assert main(["explain", "--profile", str(folder), f"--{kind}", key, "--json"]) == 0
        assert capsys.readouterr().out == answer.json + "\n"
