"""What the window is given from outside, so that it knows no other room's making."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from fieldapp.domain.programme import Programme
from fieldapp.ui.desk import Inside
from fieldapp.ui.first_start import NewProfile
from fieldapp.ui.names import Names
from fieldapp.ui.recover_page import Recovery

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

Progress = Callable[[str, int, int], None]  # stage, done, all
MakePractice = Callable[[Progress, Callable[[], bool]], Path]  # progress, cancelled -> where it lies


@dataclass(frozen=True, slots=True)
class Parts:
    """The composition root fills it; tests put another in place of one."""

    programme: Programme
    open_store: Callable[[Path, str | None], Store]
    create: Callable[[NewProfile], None]
    make_practice: MakePractice
    needs_pin: Callable[[Path], bool]
    in_use: Callable[[Path], bool]
    office_can_open: Callable[[Path], bool]
    recover: Callable[[Path, Recovery], None]
    inside: Inside
    names: Names
    settings: QSettings
    default_folder: Path
    language: str = ""  # asked for on the command line: goes before the saved one, for this run only
