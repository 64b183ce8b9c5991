"""`fieldapp check-id`: judges identity numbers by checksum, date of birth and area.

A number is valid as it stands or not at all, since others copy it as it stands; one in full-width digits or with
spaces, as forms take it, is told with the number that is meant and what that one says.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fieldapp.domain import places
from fieldapp.domain.idcard import CountyName, IdCheck, check_id
from fieldapp.errors import ExitCode, ItemError
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
    judged = [_judged(number, places.load().county) for number in _numbers(args.numbers)]
    if not judged:
        raise ItemError("check_id_empty")
    if args.json:
        print(json.dumps([_with_meant(one) for one in judged], ensure_ascii=False, indent=2))
    else:
        for one in judged:
            print(_line(one.number, one.check))
            if one.meant:
                print("    " + t("command.check_id.meant", line=_line(one.meant.number, one.meant.check)))
    return ExitCode.OK if all(one.check.valid for one in judged) else ExitCode.REFUSED


@dataclass(frozen=True, slots=True)
class _Judged:
    """A number as it was given, and the one that is meant where it is written another way."""

    number: str
    check: IdCheck
    meant: _Judged | None = None


def _judged(number: str, county_name: CountyName) -> _Judged:
    check = check_id(number, county_name=county_name)
    plain = next((finding.suggestion for finding in check.findings if finding.suggestion), "")
    return _Judged(number, check, _Judged(plain, check_id(plain, county_name=county_name)) if plain else None)


def _numbers(named: list[str]) -> Iterator[str]:
    """The numbers as called; for `-` those of the standard input, one a line, so that no list of processes has them."""
    for number in named:
        if number != STDIN:
            yield number
            continue
        for line in read_text(read_bytes(STDIN), STDIN).text.splitlines():
            if line.strip():
                yield line.strip()


def _with_meant(one: _Judged) -> dict[str, Any]:
    meant = {"meant": _as_dict(one.meant.number, one.meant.check)} if one.meant else {}
    return _as_dict(one.number, one.check) | meant


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
