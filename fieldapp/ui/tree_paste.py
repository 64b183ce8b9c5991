"""A table out of a spreadsheet, as it lies on the clipboard: which cells it fills, or why it fills none."""

from __future__ import annotations

from fieldapp import i18n
from fieldapp.domain.numbers import parse_number
from fieldapp.errors import Finding
from fieldapp.ui.tree_cells import FIELDS, Column

MOST_ROWS = 2_000  # more than any parcel of the programme has trees: that was another table

Block = list[list[str]]


def block_of(text: str) -> Block | None:
    """The rows of a table; None for a text that is one cell. Rows and columns of nothing at its end are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((n for row in rows for n, cell in enumerate(row, start=1) if cell), default=0)
    if len(rows) < 2 and width < 2:
        return None
    return [[*row, *[""] * width][:width] for row in rows]


def without_heading(block: Block, column: Column) -> Block:
    """The block without a first row that names its columns: no number stands where the others have theirs."""
    numbers = [n for n in range(len(block[0])) if column + n in (Column.DBH, Column.HEIGHT)]
    named = [n for n in numbers if block[0][n] and not _is_number(block[0][n])]
    heading = bool(named) and named == [n for n in numbers if block[0][n]]
    below = any(_is_number(row[n]) for row in block[1:] for n in numbers)
    return block[1:] if heading and below else block


def refusal(block: Block, column: Column) -> str:
    """ "" or why the block has no place here, in plain words."""
    room = Column.HEIGHT + 1 - column if column in FIELDS else 0
    if len(block[0]) > room:
        return i18n.t("ui.paste.too_wide", columns=len(block[0]), room=room)
    return i18n.t("ui.paste.too_long", rows=len(block), most=MOST_ROWS) if len(block) > MOST_ROWS else ""


def _is_number(text: str) -> bool:
    return bool(text) and not isinstance(parse_number(text, ""), Finding)
