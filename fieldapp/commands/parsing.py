"""The command line's own words, headings and usage errors, in the language in force: `argparse` has English alone."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from fieldapp.errors import UsageError
from fieldapp.i18n import t

_LAST_PORT = 65_535
# what argparse says, and the catalogue key that says the same; groups go into the text as {0}, {1} ...
_SAID = (
    (r"unrecognized arguments: (.+)", "cli.unrecognized"),
    (r"the following arguments are required: (.+)", "cli.required"),
    (r"one of the arguments (.+) is required", "cli.one_of"),
    (r"argument (.+?): not allowed with argument (.+)", "cli.not_together"),
    (r"argument (.+?): expected .*arguments?", "cli.no_value"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", "cli.choice"),
    (r"argument (.+?): invalid \w+ value: (.+)", "cli.value"),
    (r"argument (.+?): ignored explicit argument (.+)", "cli.value_unwanted"),
    (r"argument (.+?): (.+)", "cli.refused"),  # what a command itself says of its argument
    (r"ambiguous option: (.+?) could match (.+)", "cli.ambiguous"),
)


class WrongCall(UsageError):
    """A call that does not fit the command's arguments; people have been told already."""


class Formatter(argparse.HelpFormatter):
    """Help with the word for usage in the language in force."""

    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """Adds the line that shows how the command is called."""
        super().add_usage(usage, actions, groups, t("cli.usage") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose headings and errors speak the language that is in force when it is made."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"formatter_class": Formatter, **options, "add_help": False})
        self._positionals.title, self._optionals.title = t("cli.positionals"), t("cli.options")
        self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help=t("cli.help"))

    def error(self, message: str) -> NoReturn:
        """Ends a wrong call: how it is called, then what was wrong."""
        self.print_usage(sys.stderr)
        said = in_words(message)
        print(f"{self.prog}: {said}", file=sys.stderr)
        raise WrongCall("wrong_call", said=said)


def in_words(message: str) -> str:
    """What argparse says of a wrong call; one that it has no words for stays as it is."""
    for said, key in _SAID:
        found = re.fullmatch(said, message, re.DOTALL)
        if found:
            return t(key, **{f"p{place}": text for place, text in enumerate(found.groups(), start=1)})
    return message


def text(word: str) -> str:
    """A word as an argument, if it is text at all: a terminal gives bytes of another encoding too."""
    try:
        word.encode()
    except UnicodeEncodeError as error:
        raise argparse.ArgumentTypeError(t("cli.no_text", text=ascii(word)[1:-1])) from error
    return word


def port(text: str) -> int:
    """A port's number as an argument; 0 is any free one."""
    if not text.isascii() or not text.isdigit() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(t("cli.port", text=text, last=_LAST_PORT))
    return int(text)
