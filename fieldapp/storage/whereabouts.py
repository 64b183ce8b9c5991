"""Whether a profile lies where it was opened last: a copy of its folder must not number on as the same laptop."""

from __future__ import annotations

import hashlib
import platform
import sys
from pathlib import Path

from fieldapp.storage import faults
from fieldapp.storage.lock import LOCK_FILE
from fieldapp.storage.store import Store

_KEY = "lies_at"
_MACHINE_ID = Path("/etc/machine-id")


def copied(store: Store) -> bool:
    """Whether somebody copied the folder since it was opened last, or put an older copy back.

    No copy keeps the moment at which the system made a file, or changed what it knows of it; a folder that is moved or
    renamed does. The lock file shows it, as nothing is ever written into it.
    """
    known = store.setting(_KEY)
    return bool(known) and known != _here(store)


def note(store: Store) -> None:
    """Remembers where the profile lies now."""
    here = _here(store)
    if store.setting(_KEY) != here:
        store.set_setting(_KEY, here)


def _here(store: Store) -> str:
    """Machine and file in one short text that tells neither."""
    with faults.told():
        made_ns = (store.folder / LOCK_FILE).stat().st_ctime_ns
        return hashlib.blake2b(f"{_machine()} {made_ns}".encode(), digest_size=16).hexdigest()


if sys.platform == "win32":
    import winreg

    def _machine() -> str:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])

else:

    def _machine() -> str:
        return _MACHINE_ID.read_text("ascii").strip() if _MACHINE_ID.is_file() else platform.node()
