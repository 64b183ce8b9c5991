"""Pictures of the window: `python -m tools.screenshots PROFILE OUTDIR` writes PNGs, 1366x768, Chinese and English.

Works without a display. The profile is opened as it is and nothing in it is changed but the remembered place.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldapp.ui.desktop import Desktop

SIZE = (1366, 768)
_PATIENCE_S = 30.0


@contextmanager
def small_screen() -> Iterator[None]:
    """An offscreen screen of 1366x768 at 96 dpi; must be set up before Qt is loaded."""
    width, height = SIZE
    screen = {"name": "small", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "screen.json"
        file.write_text(json.dumps({"screens": [screen]}), "utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"
        yield


def take(profile: Path, out: Path, languages: tuple[str, ...] = ("zh_CN", "en")) -> list[Path]:
    """Takes all pictures of a profile that needs no PIN; returns the files."""
    from PySide6.QtCore import QSettings
    from PySide6.QtTest import QTest

    from fieldapp import app as composition
    from fieldapp.ui.desktop import Desktop

    out.mkdir(parents=True, exist_ok=True)
    composition.application(["screenshots"])
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        desktop = Desktop(composition.parts(settings, Path(folder) / "new-profile"))
        desktop.window.restore_place(settings)
        desktop.window.resize(*SIZE)
        desktop.window.show()

        def settle() -> None:
            ends = time.monotonic() + _PATIENCE_S
            quiet = 0
            while quiet < 4 and time.monotonic() < ends:
                QTest.qWait(20)
                quiet = quiet + 1 if desktop.tasks.busy == 0 else 0

        try:
            return _all_pictures(desktop, profile, out, languages, settle)
        finally:
            desktop.window.close()


def _all_pictures(
    desktop: Desktop, profile: Path, out: Path, languages: tuple[str, ...], settle: Callable[[], None]
) -> list[Path]:
    window = desktop.window
    files: list[Path] = []

    def shoot(name: str) -> None:
        for language in languages:
            desktop.texts.switch(language)
            settle()
            file = out / f"{name}-{'zh' if language.startswith('zh') else language}.png"
            window.grab().save(str(file))
            files.append(file)
        desktop.texts.switch(languages[0])

    settle()
    shoot("first-start")
    desktop.start.welcome.create_button.click()
    shoot("new-profile")
    desktop.open(profile)
    settle()
    if desktop.session is None or desktop.workbench is None:
        return files
    bench = desktop.workbench
    _open_fullest(desktop, settle)
    bench.page.begin_tree()
    settle()
    shoot("trees")
    _go_to_photo(desktop)
    settle()
    shoot("tree-with-photo")
    for tab in ("household", "parcels", "papers", "history"):
        bench.page.show_tab(tab)
        shoot(tab)
    for place in ("map", "inbox", "sync"):
        window.show_place(place)
        shoot(place)
    window.show_place("households")
    bench.page.show_tab("trees")
    files += _explanations(desktop, out, languages, settle)
    for theme in ("dark", "sunlight"):
        desktop.theme.choose(theme, 125 if theme == "sunlight" else 100)
        settle()
        shoot(f"theme-{theme}")
    desktop.theme.choose("light", 100)
    return files


def _open_fullest(desktop: Desktop, settle: Callable[[], None]) -> None:
    """Opens the household with the most photos that is not over its quota: it has something of everything."""
    if desktop.session is not None and desktop.session.households:
        best = max(desktop.session.households, key=lambda row: (row.photos, row.trees))
        desktop.session.open_household(best.id)
        settle()


def _go_to_photo(desktop: Desktop) -> None:
    bench = desktop.workbench
    if bench is not None and bench.page.desk is not None:
        row = next((r for r in bench.page.desk.trees if r.photos and r.lat is not None), None)
        row = row or next((r for r in bench.page.desk.trees if r.photos), None)
        if row is not None:
            bench.page.go_to("tree", row.tree.id, "dbh_cm")


def _explanations(desktop: Desktop, out: Path, languages: tuple[str, ...], settle: Callable[[], None]) -> list[Path]:
    """The card of a tree, its comparison in every theme, and the card of the household's sum."""
    from fieldapp.ui.explain_card import ExplainCard

    files: list[Path] = []

    def shoot(card: ExplainCard, name: str, language: str) -> None:
        file = out / f"{name}-{'zh' if language.startswith('zh') else language}.png"
        card.grab().save(str(file))
        files.append(file)

    def opened(which: str) -> ExplainCard | None:
        desktop.acts.explain(which)
        settle()
        return desktop.window.findChild(ExplainCard)

    for language in languages:
        desktop.texts.switch(language)
        _go_to_photo(desktop)
        settle()
        if (card := opened("")) is not None:
            shoot(card, "explain", language)
            for theme in ("dark", "sunlight", "light") if card.compare is not None else ():
                desktop.theme.choose(theme, 100)
                card.tabs.setCurrentIndex(1)
                settle()
                shoot(card, f"compare-{theme}", language)
            card.save_pdf(out / f"explain-{'zh' if language.startswith('zh') else language}.pdf")
            card.close()
            settle()
        if (card := opened("stock")) is not None:
            shoot(card, "explain-sum", language)
            card.close()
            settle()
    desktop.texts.switch(languages[0])
    return files


def main() -> int:
    """Takes the pictures of the profile that the command line names."""
    if len(sys.argv) != 3:
        print("python -m tools.screenshots PROFILE OUTDIR", file=sys.stderr)
        return 2
    with small_screen():
        files = take(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(str(file) for file in files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
