"""`fieldapp check-id`: judges identity numbers by checksum, date of birth and area."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from fieldapp.domain import places
from fieldapp.domain.idcard import IdCheck, check_id
from fieldapp.errors import ExitCode
from fieldapp.geo.files import STDIN, read_bytes
from fieldapp.i18n import finding_text, t
from fieldapp.tables import read_text


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.check_id.summary")
    parser.add_argument("numbers", nargs="+", metavar="NUMBER", help=t("command.check_id.number"))
    parser.add_argument("--json", action="store_true", help=t("command.check_id.json"))


def run(args: argparse.Namespace) -> int:
    """Prints what each number says; 1 when any of them is not valid."""
    county_name = places.load().county
    checks = [(number, check_id(number, county_name=county_name)) for number in _numbers(args.numbers)]
    if args.json:
        print(json.dumps([_as_dict(number, check) for number, check in checks], ensure_ascii=False, indent=2))
    else:
        for number, check in checks:
            print(_line(number, check))
    return ExitCode.OK if all(check.valid for _, check in checks) else ExitCode.REFUSED


def _numbers(named: list[str]) -> Iterator[str]:
    """The numbers as called; for `-` those of the standard input, one a line, so that no list of processes has them."""
    for number in named:
        if number != STDIN:
            yield number
            continue
        for line in read_text(read_bytes(STDIN), STDIN).text.splitlines():
            if line.strip():
                yield line.strip()


def _as_dict(number: str, check: IdCheck) -> dict[str, Any]:
    findings = [{"code": f.code, "severity": f.severity.value, "text": finding_text(f)} for f in check.findings]
    return {
        "number": number,
        "valid": check.valid,
        "birth_date": check.birth_date.isoformat() if check.birth_date else None,
        "sex": check.sex,
        "county": check.county,
        "findings": findings,
    }


def _line(number: str, check: IdCheck) -> str:
    parts = [number, t("command.check_id.valid" if check.valid else "command.check_id.invalid")]
    if check.birth_date:
        parts.append(check.birth_date.isoformat())
    if check.sex:
        parts.append(t(f"command.check_id.{check.sex}"))
    if check.county:
        parts.append(check.county)
    marks = [f"    [{t(f'severity.{f.severity.value}')}] {finding_text(f)}" for f in check.findings]
    return "\n".join(["  ".join(parts), *marks])
