"""`fieldapp area`: the size of one polygon on the ellipsoid."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fieldapp.errors import ExitCode
from fieldapp.geo.area import polygon_area, read_polygon
from fieldapp.geo.files import read_bytes
from fieldapp.i18n import finding_text, t
from fieldapp.tables import read_text


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.area.summary")
    parser.add_argument("file", metavar="FILE", help=t("command.area.file"))
    parser.add_argument("--json", action="store_true", help=t("command.geo.json"))


def run(args: argparse.Namespace) -> int:
    """Prints area and perimeter; a boundary that crosses itself is told on stderr and ends with 1."""
    area = polygon_area(read_polygon(read_text(read_bytes(args.file), Path(args.file).name).text))
    size = {
        "area_m2": round(area.area_m2, 4),
        "area_mu": round(area.area_mu, 6),
        "perimeter_m": round(area.perimeter_m, 4),
    }
    if args.json:
        findings = [{"code": f.code, "severity": f.severity.value, "text": finding_text(f)} for f in area.findings]
        print(json.dumps({**size, "findings": findings}, ensure_ascii=False, indent=2))
    else:
        shown = {"mu": f"{area.area_mu:.2f}", "m2": f"{area.area_m2:.1f}", "metres": f"{area.perimeter_m:.1f}"}
        print(t("command.area.size", **shown))
    for finding in area.findings:
        print(finding_text(finding), file=sys.stderr)
    return ExitCode.REFUSED if area.findings else ExitCode.OK
