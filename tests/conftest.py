"""What every test may use: the shared test data, a platform without a screen, and a known language."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldapp import collector, i18n

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

PROJECT = Path(__file__).resolve().parent.parent

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the shared test data: `FIELDAPP_SHARED`, or `shared/data` beside the project; skips when absent."""
    named = os.environ.get("FIELDAPP_SHARED")
    folder = Path(named) if named else PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared test data in {folder}; set FIELDAPP_SHARED to its folder")
    return folder


@pytest.fixture(autouse=True)
def _chinese_first() -> Iterator[None]:
    """Every test starts in the first language, whatever the one before it switched to."""
    i18n.set_language(i18n.LANGUAGES[0])
    yield
    i18n.set_language(i18n.LANGUAGES[0])


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application with our style and font; here, or a test elsewhere would make a plain one for all that follow."""
    from fieldapp import app as composition

    return composition.application(["tests"])


@pytest.fixture(autouse=True)
def _garbage() -> Iterator[None]:
    """Where a window was, nobody else collects: the tests that follow it have no event loop that would."""
    yield
    if not gc.isenabled():
        collector.collect_due()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB of its own; only the administrator of a Linux can make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)
