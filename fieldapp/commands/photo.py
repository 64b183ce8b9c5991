"""`fieldapp photo`: what stands in photo files, and whether every pixel of them can be read."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from fieldapp.errors import ExitCode, Finding, ItemError, Severity
from fieldapp.i18n import finding_text, t
from fieldapp.media.facts import PhotoFacts
from fieldapp.media.folders import kind_not_taken, look_through
from fieldapp.media.importing import read_photo
from fieldapp.media.inspect import inspect


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.photo.summary")
    parser.add_argument("files", nargs="+", metavar="FILE", help=t("command.photo.file"))
    parser.add_argument("--json", action="store_true", help=t("command.photo.json"))


def run(args: argparse.Namespace) -> int:
    """Prints the facts of each file; 1 when any of them is not ok."""
    items = [_item(name) for given in args.files for name in _names(given)]
    if args.json:
        print(json.dumps(items, ensure_ascii=False, indent=2))
    else:
        for item in items:
            print(_lines(item))
    return ExitCode.OK if all(item["ok"] for item in items) else ExitCode.REFUSED


def _names(given: str) -> list[str]:
    """A file as it is named; a folder's pictures, or the folder itself when it has none."""
    return [str(file) for file in look_through([Path(given)]).pictures] or [given] if _is_folder(given) else [given]


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except OSError:
        return False  # too long a name, for instance: reading it tells


def _item(name: str) -> dict[str, Any]:
    if _is_folder(name):
        return _as_dict(name, None, (Finding("photo_folder_empty", Severity.RED),))
    try:
        data = sys.stdin.buffer.read() if name == "-" else read_photo(Path(name))
    except ItemError as error:
        return _as_dict(name, None, (Finding(error.code, Severity.RED, params=error.params),))
    facts = inspect(data)
    kind = kind_not_taken(Path(name))  # the import refuses it for that alone; what the file holds is told all the same
    if not kind:
        return _as_dict(name, facts, facts.findings)
    refused = Finding("photo_kind_not_taken", Severity.RED, params={"kind": kind})
    return _as_dict(name, facts, (refused, *facts.findings)) | {"ok": False}


def _as_dict(name: str, facts: PhotoFacts | None, findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "file": name,
        "ok": facts is not None and facts.ok,
        "format": facts and facts.format,
        "width": facts and facts.width,
        "height": facts and facts.height,
        "orientation": facts and facts.orientation,
        "taken_at": facts and facts.taken_at,
        "taken_at_zone": facts and facts.taken_at_zone,
        "lat": facts and facts.lat,
        "lon": facts and facts.lon,
        "alt_m": facts and facts.alt_m,
        "accuracy_m": facts and facts.accuracy_m,
        "sha256": facts and facts.sha256.hex(),
        "findings": [{"code": f.code, "severity": f.severity.value, "text": finding_text(f)} for f in findings],
    }


def _lines(item: dict[str, Any]) -> str:
    parts = [str(item["file"]), t("command.photo.ok" if item["ok"] else "command.photo.not_ok")]
    if item["width"]:
        parts.append(f"{item['format']} {item['width']}x{item['height']}")
    if item["taken_at"]:
        parts.append(item["taken_at"] + (item["taken_at_zone"] or ""))
    if item["lat"] is not None:
        parts.append(f"{item['lat']:.6f}, {item['lon']:.6f}")
    if item["accuracy_m"] is not None:
        parts.append(f"±{item['accuracy_m']:.1f} m")
    marks = [f"    [{t('severity.' + found['severity'])}] {found['text']}" for found in item["findings"]]
    return "\n".join(["  ".join(parts), *marks])
