"""The command line: one module per command in `fieldapp.commands`, loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from fieldapp import __version__, i18n
from fieldapp.commands import refusing
from fieldapp.commands.parsing import Parser, WrongCall
from fieldapp.errors import ExitCode, FieldappError, StorageError, os_reason

# name -> module in fieldapp.commands; each has `configure(parser)` and `run(args) -> int`
COMMANDS = {
    "practice": "practice",
    "estimate": "estimate",
    "explain": "explain",
    "methodology": "methodology",
    "nmea": "nmea",
    "coords": "coords",
    "area": "area",
    "check-id": "check_id",
    "photo": "photo",
    "sync": "sync",
    "status": "status",
    "serve": "serve",
    "backup": "backup",
    "restore": "restore",
    "verify": "verify",
    "recovery-key": "recovery_key",
}
_LANGUAGES = {"zh": "zh_CN", "zh_CN": "zh_CN", "en": "en"}
_LINE_BY_LINE = {"serve"}  # says where it listens before anything is refused: a document a line, not one in all
_ENDED_BY_SIGNAL = 128  # shells report a program that a signal ended so, with the signal's number added


class _Language(argparse.Action):
    """Switches the language at once, so that the help that follows speaks it too."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        """Takes the option's value."""
        i18n.set_language(_LANGUAGES[values])
        namespace.lang = _LANGUAGES[values]


class _CommandParser(Parser):
    """A command's parser, which asks its module for the arguments only when the command is called.

    The words for a command's actions are parsers of this kind too, with no command of their own.
    """

    command = ""
    _general_known = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Declares the arguments before the first use; the general options may follow the command too."""
        if self.command and self.get_default("command") is None:
            self.set_defaults(command=self.command)
            self.description = _summary(self.command)
            _module(self.command).configure(self)
        if not self._general_known:
            self._general_known = True
            _add_general(self, argparse.SUPPRESS)
        found, unknown = super().parse_known_args(args, namespace)
        if self.command and unknown:  # said here, beside the usage of this command and not of the program
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command, or the window when none is named; returns the exit code."""
    try:
        return _called(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt as stopped:
        print(i18n.t("cli.stopped"), file=sys.stderr)
        return _ENDED_BY_SIGNAL + (stopped.args[0] if stopped.args else signal.SIGINT)


def _called(words: Sequence[str]) -> int:
    _open_what_is_closed()
    _let_every_name_be_printed()
    _listen_for_language(words)
    args = argparse.Namespace(json="--json" in words, command=next((w for w in words if w in COMMANDS), None))
    try:
        args = _parser().parse_args(words)
        return _ended(args)
    except SystemExit as stop:  # after --help and --version
        return int(stop.code or 0)
    except WrongCall as error:
        return _documented(error, args)
    except BrokenPipeError:
        _write_nowhere()
        return ExitCode.OK
    except OSError as error:
        refusal = StorageError("system", reason=os_reason(error))
        try:
            return _refused(refusal, args)
        except OSError:  # it is the standard output that fails
            _write_nowhere()
            return refusal.exit_code


def _ended(args: argparse.Namespace) -> int:
    try:
        code = _run(args)
        sys.stdout.flush()
        return code
    except FieldappError as error:
        return _refused(error, args)


def _listen_for_language(words: Sequence[str]) -> None:
    """The language is needed before the first word of help is made, wherever in the call it stands."""
    for word, value in pairwise([*words, ""]):
        named = word.partition("=")[2] if word.startswith("--lang=") else value if word == "--lang" else ""
        if named in _LANGUAGES:
            i18n.set_language(_LANGUAGES[named])


def _run(args: argparse.Namespace) -> int:
    if args.command is None:
        return int(importlib.import_module("fieldapp.app").run(args.profile, getattr(args, "lang", "")))
    with _ending_as_by_hand():
        return int(_module(args.command).run(args))


@contextmanager
def _ending_as_by_hand() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl+C does, so that nothing half made is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def _refused(error: FieldappError, args: argparse.Namespace) -> int:
    refusing.tell(error)
    return _documented(error, args)


def _documented(error: FieldappError, args: argparse.Namespace) -> int:
    try:
        if getattr(args, "json", False):
            refusing.tell_json(error, one_line=args.command in _LINE_BY_LINE)
        sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()
    return error.exit_code


def _open_what_is_closed() -> None:
    """A standard stream that the caller has closed: nothing comes from it, and what goes to it goes nowhere.

    The lowest free number is given to the file opened next, which must not be a database that others then write into.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _let_every_name_be_printed() -> None:
    """A file name that is no valid text, or a sign that the terminal lacks, is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _write_nowhere() -> None:
    """Python flushes once more at its end, which would fail a second time when nobody takes what is written."""
    real = sys.__stdout__
    if real is not None and sys.stdout is real:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, real.fileno())
        os.close(nowhere)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"fieldapp.commands.{COMMANDS[name]}")


def _summary(command: str) -> str:
    return i18n.t(f"command.{COMMANDS[command]}.summary")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="fieldapp", description=i18n.t("cli.summary"))
    parser.add_argument("--version", action="version", version=__version__, help=i18n.t("cli.version"))
    parser.set_defaults(command=None)
    _add_general(parser, None)
    commands = parser.add_subparsers(title=i18n.t("cli.commands"), metavar="COMMAND", parser_class=_CommandParser)
    for name in COMMANDS:
        commands.add_parser(name, help=_summary(name)).command = name
    return parser


def _add_general(parser: argparse.ArgumentParser, default: Any) -> None:
    """`--profile` and `--lang`, which every command takes before and after its name."""
    if parser.get_default("profile") is None:
        parser.add_argument("--profile", type=Path, metavar="DIR", default=default, help=i18n.t("cli.profile"))
    parser.add_argument(
        "--lang", choices=_LANGUAGES, action=_Language, default=argparse.SUPPRESS, help=i18n.t("cli.language")
    )
