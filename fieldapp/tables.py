"""Tables from outside as text: which signs the bytes are, what separates the cells, and rows that fit their header.

Spreadsheets save UTF-8 with or without a mark, GB18030, or UTF-16 with tabs ("Unicode text"); people type semicolons
and full-width commas. Everything that reads a table reads it here. A row that is broken is told, the others go on.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from fieldapp.errors import ItemError

DELIMITERS = (",", "\t", ";", "|", "，")
MANY_CELLS, OPEN_QUOTE, LONG_CELL = "table_cells", "table_quote", "table_long"  # what is wrong with a row
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16: asked first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BAD = "\ufffd"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_MOST_BAD = 10  # more than one unreadable sign in so many readable foreign ones: another encoding
_SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)  # what spreadsheets write above the header


@dataclass(frozen=True, slots=True)
class Text:
    """What a file's bytes say; `marked` when they began with a byte order mark, `unreadable` counts lost signs."""

    text: str
    encoding: str
    marked: bool = False
    unreadable: int = 0


class Row(NamedTuple):
    """The cells of one row, as many as the header has; `fault` is empty or a code."""

    cells: list[str]
    fault: str = ""


def read_text(data: bytes, name: str) -> Text:
    """The bytes as text without their mark; `name` is for the ItemError when they are no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, name)
    if b"\0" in data[:4096]:
        return _without_mark(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, name)
    chinese = _chinese_by_chance(data, text)
    return Text(chinese, "gb18030") if chinese else Text(text, "utf-8")


def _strictly(data: bytes, encoding: str, name: str) -> Text:
    """Text behind a byte order mark, which leaves no choice; half a sign at the end of UTF-16 is a torn file."""
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    bad = text.count(_BAD)
    if bad and (encoding != "utf-8" or bad * _MOST_BAD > sum(sign > "\x7f" for sign in text)):
        raise ItemError("table_torn", name=name, encoding=encoding.upper())
    return Text(text, encoding, marked=True, unreadable=bad)


def _without_mark(data: bytes, name: str) -> Text:
    """UTF-16 whose mark was lost: much of a table is plain signs, and none is a control; other zeros are no text."""
    for encoding in ("utf-16-le", "utf-16-be") if len(data) % 2 == 0 else ():
        text = data.decode(encoding, "replace")
        if _BAD not in text and not _CONTROLS.search(text) and sum(sign < "\x7f" for sign in text) * 4 > len(text):
            return Text(text, encoding)
    raise ItemError("geo_file_text", name=name)


def _not_utf8(data: bytes, name: str) -> Text:
    """GB18030, or UTF-8 with a few damaged signs: a damaged cell must not turn the whole table into other signs."""
    damaged = data.decode("utf-8", "replace")
    bad = damaged.count(_BAD)
    # only signs of three bytes speak for UTF-8: many Chinese signs in GB18030 pass for those of two
    if bad * _MOST_BAD <= sum(sign > "\u07ff" for sign in damaged) - bad:
        return Text(damaged, "utf-8", unreadable=bad)
    try:
        return Text(data.decode("gb18030"), "gb18030")
    except UnicodeDecodeError:
        damaged = data.decode("gb18030", "replace")
    bad = damaged.count(_BAD)
    if bad * _MOST_BAD <= sum(sign > "\x7f" for sign in damaged):
        return Text(damaged, "gb18030", unreadable=bad)
    raise ItemError("geo_file_text", name=name)


def _chinese_by_chance(data: bytes, text: str) -> str:
    """GB18030 whose every sign happens to be valid UTF-8, such as 杉木; empty when the text is what it seems.

    Such text reads as letters of far alphabets. Letters with accents alone, or beside plain letters, are what they are.
    """
    if text.isascii() or any(sign > "\u07ff" for sign in text) or not any(sign > "\xff" for sign in text):
        return ""
    try:
        chinese = data.decode("gb2312")
    except UnicodeDecodeError:
        return ""
    return "" if re.search("[A-Za-z][\u4e00-\u9fff]|[\u4e00-\u9fff][A-Za-z]", chinese) else chinese


def delimiter_of(line: str) -> str:
    """What separates the cells of a header: the sign that stands outside of its quotation marks most often."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)


class Table:
    """A table's header, and its rows one after the other; rows without any content are left out."""

    def __init__(self, text: str) -> None:
        self._lines, self._quoted = _Lines(text), '"' in text
        first = next((line for line in self._lines if line.strip()), "")
        named = _SEPARATOR_LINE.fullmatch(first)
        if named:
            first = next(self._lines, "")
        self.delimiter = named[1] if named else delimiter_of(first)
        self._lines.put_back([first])
        self.header: list[str] = []  # its own record is read without a width to fit
        self.header = next((row.cells for row in self._records()), [])

    def rows(self) -> Iterator[Row]:
        """Rows that hold anything, each with as many cells as the header."""
        width = len(self.header)
        for row in self._records():
            cells = row.cells
            if len(cells) == width:
                yield row
            elif len(cells) < width:
                yield Row(cells + [""] * (width - len(cells)), row.fault)
            else:
                more = any(cell.strip() for cell in cells[width:])  # a comma too many moves every value after it
                yield Row(cells[:width], row.fault or (MANY_CELLS if more else ""))

    def _records(self) -> Iterator[Row]:
        return self._careful_records() if self._quoted else self._plain_records()

    def _plain_records(self) -> Iterator[Row]:
        """Rows of a table without a quotation mark, where a line is a row: half the time."""
        reader = csv.reader(self._lines.rest(), delimiter=self.delimiter)
        while True:
            try:
                for cells in reader:
                    if any(cell.strip() for cell in cells):
                        yield Row(cells)
                return
            except csv.Error:
                yield Row([], LONG_CELL)

    def _careful_records(self) -> Iterator[Row]:
        reader = self._reader()
        while True:
            self._lines.taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield self._broken()
                reader = self._reader()
                continue
            if any(cell.strip() for cell in cells):
                yield Row(cells)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self.delimiter, strict=True)

    def _broken(self) -> Row:
        """The first line of what could not be read as a row; the lines that a quotation mark swallowed go on."""
        taken = self._lines.taken
        line, rest = taken[0], taken[1:]
        self._lines.put_back(rest)
        if len(line) > csv.field_size_limit():
            return Row([], LONG_CELL)
        if not rest and not line.count('"') % 2:  # signs behind a closing mark harm nobody
            return Row(next(csv.reader([line], delimiter=self.delimiter)))
        return Row(line.rstrip("\r\n").split(self.delimiter), OPEN_QUOTE)


class _Lines(Iterator[str]):
    """Lines of a text with any line ends, which can be put back; `taken` holds those since it was last cleared."""

    def __init__(self, text: str) -> None:
        # as bytes a table takes a quarter of what a StringIO would: four bytes a sign
        data = io.BytesIO(text.encode("utf-8", "surrogatepass"))
        self._file = io.TextIOWrapper(data, "utf-8", "surrogatepass", newline="")
        self._again: list[str] = []  # the next one last
        self.taken: list[str] = []

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._file.readline()
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line

    def put_back(self, lines: list[str]) -> None:
        """Gives these lines once more."""
        self._again += reversed(lines)
        self.taken = []

    def rest(self) -> Iterator[str]:
        """All lines that are left, without keeping them: nothing can be put back any more."""
        again, self._again = self._again, []
        return chain(reversed(again), self._file)
