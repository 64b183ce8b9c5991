"""The composition root of the window: makes every part and hands it to those that need it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QStyleFactory

from fieldapp import __version__, collector, i18n, log
from fieldapp.domain import programme
from fieldapp.errors import ExitCode, StorageError
from fieldapp.storage import lock, profile
from fieldapp.ui.desktop import Desktop
from fieldapp.ui.dialogs import message_box
from fieldapp.ui.ending import Ending
from fieldapp.ui.first_start import NewProfile
from fieldapp.ui.parts import Parts, Progress
from fieldapp.ui.recover_page import Recovery
from fieldapp.ui.registry_names import RegistryNames
from fieldapp.ui.theme import load_fonts

if TYPE_CHECKING:
    from fieldapp.carbon.estimate import RegistryEstimator
    from fieldapp.carbon.registry import Registry
    from fieldapp.storage.methods import Methods
    from fieldapp.storage.store import Store

COLLECT_MS = 1_000

# those of the profile that is open; species and equations are named by its methodology
_methods: list[Methods] = []


def run(folder: Path | None, language: str = "") -> int:
    """Shows the window on a profile, or on the one used last, or at its first start; returns the exit code.

    `language` is the one asked for on the command line; it goes before the saved one, for this run.
    """
    if not has_display():
        raise StorageError("no_display")
    app = application(sys.argv)
    settings = QSettings("fieldapp", "fieldapp")
    desktop = Desktop(parts(settings, language=language))
    window = desktop.window
    window.restore_place(settings)
    log.catch_unexpected(lambda _: QTimer.singleShot(0, window, lambda: _tell_unexpected(desktop)))
    desktop.opening.opened.connect(lambda _: collector.leave_alone_what_stays())
    Ending(window).watch()
    window.show()
    last = folder or _last_folder(settings)
    if last is None:
        window.start.show_welcome()
    else:
        _log_into(last)
        desktop.open(last)
    return ExitCode.OK if app.exec() == 0 else ExitCode.ENVIRONMENT


def has_display() -> bool:
    """Whether a window can be shown; Qt itself would end the program without a word of advice."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def application(argv: list[str]) -> QApplication:
    """The Qt application with our style and font."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(argv)
    app.setApplicationName("fieldapp")
    app.setApplicationVersion(__version__)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
    load_fonts()
    _collect_here(app)
    return app


def _collect_here(app: QApplication) -> None:
    # a QObject that dies on another thread, as garbage that a worker happens to find, has frozen the window for good
    collector.take_in_hand()
    timer = QTimer(app)
    timer.timeout.connect(collector.collect_due)
    timer.start(COLLECT_MS)


def parts(settings: QSettings, default_folder: Path | None = None, language: str = "") -> Parts:
    """Everything that the window is given."""
    return Parts(
        programme=programme.load(),
        open_store=open_store,
        create=create,
        make_practice=make_practice,
        needs_pin=profile.needs_pin,
        in_use=lock.is_held,
        office_can_open=profile.office_can_open,
        recover=recover,
        inside=_inside,
        names=RegistryNames(estimator_in_use).names(),
        settings=settings,
        default_folder=default_folder or profile.default_folder(),
        language=language,
    )


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The methodology that the program brings, read once, on first use."""
    from fieldapp.carbon.registry import load

    return load()


@lru_cache(maxsize=1)
def estimator() -> RegistryEstimator:
    """What computes the provisional sinks."""
    from fieldapp.carbon.estimate import RegistryEstimator

    return RegistryEstimator(registry())


def estimator_in_use() -> RegistryEstimator:
    """What computes the drafts of the profile that is open; what the program brings while none is, or is readable."""
    from fieldapp.carbon.estimate import RegistryEstimator

    found = _methods[0].current if _methods else None
    return found if isinstance(found, RegistryEstimator) else estimator()


def open_store(folder: Path, pin: str | None) -> Store:
    """Opens a profile; on the store's thread."""
    store = profile.open_store(folder, pin=pin, estimator=estimator())
    _methods[:] = [store.methods]
    return store


def create(wanted: NewProfile) -> None:
    """Makes a new profile."""
    profile.create(wanted.folder, person=wanted.person, pin=wanted.pin, office_key=wanted.office_key)


def recover(folder: Path, recovery: Recovery) -> None:
    """Gives a profile whose PIN is forgotten a new one."""
    from fieldapp.storage.office_files import private_key

    key = private_key(recovery.file, recovery.passphrase)
    profile.recover_with_office_key(folder, office_private_key=key, new_pin=recovery.pin)


def make_practice(progress: Progress, cancelled: Callable[[], bool]) -> Path:
    """The practice village, made when it is not there yet; it lies beside the person's own profile."""
    from fieldapp.practice import making

    folder = making.default_folder()
    if not making.is_made(folder, estimator()):
        making.make(folder, estimator(), progress=progress, cancelled=cancelled)
    return folder


@lru_cache(maxsize=200_000)
def _inside(lat: float, lon: float, county_code: str) -> bool | None:
    from fieldapp.geo.counties import inside_county

    return inside_county(lat, lon, county_code, margin_m=programme.load().number("county_margin_m"))


def _last_folder(settings: QSettings) -> Path | None:
    kept = settings.value("profile")
    if kept and profile.is_profile(Path(str(kept))):
        return Path(str(kept))
    return profile.default_folder() if profile.is_profile(profile.default_folder()) else None


def _log_into(folder: Path) -> None:
    try:
        log.start(folder)
    except OSError:
        logging.getLogger("fieldapp").warning("no log file in the profile folder")


def _tell_unexpected(desktop: Desktop) -> None:
    texts = (i18n.t(f"ui.unexpected.{part}") for part in ("title", "message", "advice"))
    message_box(desktop.window, *texts)
