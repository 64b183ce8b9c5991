"""The log file of a profile, without personal data; and the last word on an exception that nobody expected."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

FILE_NAME = "fieldapp.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 3

# ID numbers are 17 digits and a digit or X, card numbers 15-19 digits in groups or not; a fraction's digits are neither
_LONG_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\d(?:[ -]?\d){13,}[ -]?[\dXx]", re.ASCII)
_PHONE = re.compile(r"(?<!\d)(?<!\d\.)(?:86[ -]?)?(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]\d{7,8})(?!\d)", re.ASCII)

Caught = Callable[[BaseException], None]


def mask(text: str) -> str:
    """`text` with what looks like an ID, card or phone number replaced; times and record ids stay readable."""
    return _PHONE.sub("[phone]", _LONG_NUMBER.sub("[number]", text))


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, so that arguments and tracebacks are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it goes into the file."""
        return mask(super().format(record))


def start(folder: Path, level: int = logging.INFO) -> logging.Handler:
    """Begins logging into `folder`; the handler is for `stop`. A folder that cannot be written raises OSError."""
    handler = RotatingFileHandler(
        folder / FILE_NAME, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=False
    )
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def stop(handler: logging.Handler) -> None:
    """Ends what `start` began and closes the file."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def catch_unexpected(caught: Caught) -> None:
    """From now on an exception that nobody handles, in any thread, is logged and handed to `caught`.

    `caught` is called in the thread of the exception; Ctrl+C ends the program as always.
    """

    def main_hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logging.getLogger("fieldapp").critical("unexpected", exc_info=(kind, error, trace))
        caught(error)

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            main_hook(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = main_hook
    threading.excepthook = thread_hook
