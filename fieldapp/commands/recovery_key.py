"""`fieldapp recovery-key`: the office's key that opens a profile whose PIN is forgotten (make, show, new-pin)."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from fieldapp.commands.opening import PIN_VARIABLE, folder_of
from fieldapp.errors import ExitCode, ItemError, StorageError
from fieldapp.i18n import t
from fieldapp.storage import faults, files, office_files, profile
from fieldapp.storage.outside import reading

PASSPHRASE_VARIABLE = "FIELDAPP_PASSPHRASE"
_MOST_BYTES = 10_000  # more than any key has
_SHORTEST_PIN = 4


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    parser.description = t("storage.recovery.help")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    make = actions.add_parser("make", help=t("storage.recovery.make"), description=t("storage.recovery.make"))
    make.add_argument("folder", type=Path, metavar="DIR", help=t("storage.recovery.folder"))
    show = actions.add_parser("show", help=t("storage.recovery.show"), description=t("storage.recovery.show"))
    show.add_argument("file", type=Path, metavar="FILE", help=t("storage.recovery.file"))
    pin = actions.add_parser("new-pin", help=t("storage.recovery.new_pin"), description=t("storage.recovery.new_pin"))
    pin.add_argument("file", type=Path, metavar="FILE", help=t("storage.recovery.private_file"))
    pin.add_argument("--profile", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=t("cli.profile"))
    for action in (make, show, pin):
        action.add_argument("--json", action="store_true", help=t("storage.help.json"))


def run(args: argparse.Namespace) -> int:
    """Does the action."""
    return _ACTIONS[args.action](args)


def _make(args: argparse.Namespace) -> int:
    """Both files are new and side by side; nothing is ever written over."""
    pair = office_files.make_pair(_secret(PASSPHRASE_VARIABLE, "storage.recovery.passphrase", twice=True))
    folder: Path = args.folder
    public, private = (folder / f"fieldapp-office-{pair.number}.{half}" for half in ("public.txt", "private.json"))
    with faults.told():
        folder.mkdir(parents=True, exist_ok=True)
    files.write_whole(private, [pair.private_text.encode("ascii")])
    private.chmod(0o600)
    files.write_whole(public, [f"{pair.public_line}\n".encode("ascii")])
    if args.json:
        print(json.dumps({"number": pair.number, "public": str(public), "private": str(private)}, ensure_ascii=False))
    else:
        names = {"number": pair.number, "public": str(public), "private": str(private)}
        print(t("storage.recovery.made", **names))
    return ExitCode.OK


def _show(args: argparse.Namespace) -> int:
    """Says which half a file holds and its number."""
    half, number = office_files.describe(_bytes_of(args.file))
    if args.json:
        print(json.dumps({"half": half, "number": number}))
    else:
        key = "storage.recovery.is_private" if half == "private" else "storage.recovery.is_public"
        print(t(key, number=number or "?"))
    return ExitCode.OK


def _new_pin(args: argparse.Namespace) -> int:
    """A new PIN for a profile whose PIN is forgotten; its data stays as it is."""
    folder, data = folder_of(args), _bytes_of(args.file)
    if not profile.office_can_open(folder):
        raise StorageError("no_office_key")
    try:
        key = office_files.private_key(data)
    except ItemError as error:
        if error.code != "passphrase_wanted":
            raise
        key = office_files.private_key(data, _secret(PASSPHRASE_VARIABLE, "storage.recovery.passphrase"))
    pin = _secret(PIN_VARIABLE, "storage.recovery.pin", twice=True)
    if len(pin) < _SHORTEST_PIN:
        raise ItemError("pin_short", n=_SHORTEST_PIN)
    try:
        profile.recover_with_office_key(folder, office_private_key=key, new_pin=pin)
    except StorageError as error:
        raise StorageError("other_office") if error.code == "wrong_pin" else error from error
    print(json.dumps({"profile": str(folder)}) if args.json else t("storage.recovery.pin_set", name=str(folder)))
    return ExitCode.OK


def _bytes_of(file: Path) -> bytes:
    with reading(file), file.open("rb") as opened:
        return opened.read(_MOST_BYTES)


def _secret(variable: str, prompt: str, *, twice: bool = False) -> str:
    """From the environment or the terminal, where a new one is asked for twice."""
    kept = os.environ.get(variable)
    if kept is not None:
        return kept
    if not sys.stdin.isatty():
        raise StorageError("secret_wanted", variable=variable)
    first = getpass.getpass(t(prompt))
    if twice and getpass.getpass(t("storage.recovery.again")) != first:
        raise ItemError("secret_differs")
    return first


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {"make": _make, "show": _show, "new-pin": _new_pin}
