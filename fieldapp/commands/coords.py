"""`fieldapp coords`: the coordinates of a table in another coordinate system."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fieldapp.commands.reading import tell_reading
from fieldapp.errors import ExitCode, FieldappError, Finding
from fieldapp.geo.crs import parse_crs
from fieldapp.geo.files import read_bytes, write_text
from fieldapp.geo.table import convert_table
from fieldapp.i18n import error_texts, finding_text, t
from fieldapp.tables import read_text


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.coords.summary")
    parser.add_argument("file", metavar="FILE.csv", help=t("command.coords.file"))
    parser.add_argument("--from", dest="source", required=True, metavar="CRS", help=t("command.coords.from"))
    parser.add_argument("--to", dest="target", required=True, metavar="CRS", help=t("command.coords.to"))
    parser.add_argument("--out", metavar="OUT.csv", help=t("command.coords.out"))
    parser.add_argument("--json", action="store_true", help=t("command.geo.json"))


def run(args: argparse.Namespace) -> int:
    """Converts every row that can be; 1 when some could not."""
    source, target = parse_crs(args.source), parse_crs(args.target)
    read = read_text(read_bytes(args.file), Path(args.file).name)
    table = convert_table(read.text, source, target, _in_words)
    tell_reading(read, table.delimiter)
    text = table.as_csv()
    if args.out:
        # a mark at the beginning is what spreadsheets want; a file gets one when the table came with one
        write_text(args.out, text, "utf-8-sig" if read.marked else "utf-8")
    if args.json:
        print(json.dumps(table.rows, ensure_ascii=False, indent=2))
    elif not args.out:
        sys.stdout.write(text)
    if table.abroad:
        print(t("command.coords.abroad", n=table.abroad), file=sys.stderr)
    print(t("command.coords.done", rows=len(table.rows), refused=table.refused), file=sys.stderr)
    return ExitCode.REFUSED if table.refused else ExitCode.OK


def _in_words(what: Finding | FieldappError) -> str:
    return finding_text(what) if isinstance(what, Finding) else error_texts(what)[1]
