"""How commands open a profile: folder, PIN and the registry that computes its sinks."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.errors import StorageError
from fieldapp.i18n import error_texts, t
from fieldapp.storage import profile
from fieldapp.storage.store import Store

PIN_VARIABLE = "FIELDAPP_PIN"


def folder_of(args: argparse.Namespace) -> Path:
    """The profile folder that was named, or the usual one."""
    named: Path | None = args.profile
    return named if named is not None else profile.default_folder()


def open_profile(args: argparse.Namespace) -> Store:
    """Opens the profile; the PIN comes from FIELDAPP_PIN or is asked for at the terminal.

    What is missing of it without stopping the work is told.
    """
    folder = folder_of(args)
    pin = pin_for(folder)
    store = profile.open_store(folder, pin=pin, estimator=RegistryEstimator(load()))
    if not store.blobs.is_there:
        print(*error_texts(StorageError("photo_folder_missing")), sep="\n", file=sys.stderr)
    return store


def pin_for(folder: Path) -> str | None:
    """The PIN of a profile, None for one that has none. Raises StorageError `wrong_pin` when nobody can be asked."""
    if not profile.needs_pin(folder):
        return None
    pin = os.environ.get(PIN_VARIABLE)
    if pin is not None:
        return pin
    if not sys.stdin.isatty():
        raise StorageError("pin_wanted", variable=PIN_VARIABLE)
    return getpass.getpass(t("storage.pin.prompt"))
