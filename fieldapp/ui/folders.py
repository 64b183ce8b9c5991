"""Where a file dialog begins: where this kind of file was found last, else where such files usually lie."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, QStorageInfo
from PySide6.QtWidgets import QFileDialog, QWidget

_MOUNTS = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
_PLACES = {
    "photos": QStandardPaths.StandardLocation.PicturesLocation,
    "files": QStandardPaths.StandardLocation.DocumentsLocation,
}


def begin_in(kind: str) -> str:
    """The folder to begin in: last used for this kind, a camera's card, pictures or documents, the home folder."""
    last = str(_settings().value(f"folder/{kind}") or "")
    if last and Path(last).is_dir():
        return last
    card = _card() if kind == "photos" else ""
    usual = QStandardPaths.writableLocation(_PLACES.get(kind, _PLACES["files"]))
    return card or (usual if Path(usual).is_dir() else str(Path.home()))


def remember(kind: str, chosen: str) -> None:
    """Begins there the next time: in a chosen folder, or beside a chosen file."""
    path = Path(chosen)
    _settings().setValue(f"folder/{kind}", str(path if path.is_dir() else path.parent))


def ask_file(parent: QWidget, title: str, kind: str = "files", kinds: str = "") -> str:
    """Asks for one file; "" when none was chosen."""
    file, _ = QFileDialog.getOpenFileName(parent, title, begin_in(kind), kinds)
    if file:
        remember(kind, file)
    return file


def ask_files(parent: QWidget, title: str, kind: str, kinds: str) -> list[str]:
    """Asks for files; none when nothing was chosen."""
    files, _ = QFileDialog.getOpenFileNames(parent, title, begin_in(kind), kinds)
    if files:
        remember(kind, files[0])
    return files


def ask_folder(parent: QWidget, title: str, kind: str, begin: str = "") -> str:
    """Asks for a folder; "" when none was chosen."""
    folder = QFileDialog.getExistingDirectory(parent, title, begin or begin_in(kind))
    if folder:
        remember(kind, folder)
    return folder


def _settings() -> QSettings:
    return QSettings("fieldapp", "fieldapp")


def _card() -> str:
    """A camera's card or a stick with a DCIM folder, where one is plugged in."""
    for volume in QStorageInfo.mountedVolumes():
        root = volume.rootPath()
        if volume.isReady() and (root.startswith(_MOUNTS) or root[1:] == ":/") and (Path(root) / "DCIM").is_dir():
            return str(Path(root) / "DCIM")
    return ""
