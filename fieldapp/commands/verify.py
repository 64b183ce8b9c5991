"""`fieldapp verify`: is a profile, a backup or any SQLite file whole? Changes nothing; 1 when something is damaged."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from fieldapp.commands.opening import folder_of, pin_for
from fieldapp.errors import ExitCode, Finding, StorageError
from fieldapp.i18n import finding_text, has, t
from fieldapp.storage import profile, verifying
from fieldapp.storage.verifying import Verdict

_SHOWN = 10  # of each kind; `--json` names all


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("storage.help.verify")
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help=t("storage.help.checked"))
    parser.add_argument("--json", action="store_true", help=t("storage.help.json"))


def run(args: argparse.Namespace) -> int:
    """Looks and tells."""
    if args.file is None:
        return _told(folder_of(args), _verify_profile(folder_of(args)), as_json=args.json)
    target: Path = args.file
    if target.name == profile.DATABASE and profile.is_profile(target.parent):
        target = target.parent
    verdict = _verify_profile(target) if target.is_dir() else verifying.verify_file(target)
    return _told(target, verdict, as_json=args.json)


def _told(target: Path, verdict: Verdict, *, as_json: bool) -> int:
    _print(target, verdict, as_json=as_json)
    return ExitCode.OK if verdict.ok else ExitCode.REFUSED


def _verify_profile(folder: Path) -> Verdict:
    try:
        pin = pin_for(folder)
    except StorageError as error:
        if error.code != "profile_damaged":
            raise
        pin = None  # a damaged key file asks for no PIN; the verdict says what is wrong with it
    return verifying.verify_folder(folder, pin)


def _print(target: Path, verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_as_dict(target, verdict), ensure_ascii=False, indent=2))
        return
    print(f"{target}: {_in_a_word(verdict)}")
    if verdict.rows:
        print(t("storage.verify.rows", n=sum(verdict.rows.values()), tables=len(verdict.rows)))
    if verdict.blobs:
        print(t("storage.verify.blobs", n=verdict.blobs))
    for some in _by_code(verdict.findings).values():
        print("\n".join(dict.fromkeys(map(finding_text, some[:_SHOWN]))))
        if len(some) > _SHOWN:
            print(t("storage.verify.more", n=len(some) - _SHOWN))
    # What is safe and what to do now, once for each kind of damage.
    for code in _by_code(verdict.findings):
        print(_what_now(code), end="")
    for told in filter(None, map(_technical, verdict.findings)):
        print(t("storage.verify.technical", told=told))


def _in_a_word(verdict: Verdict) -> str:
    if verdict.ok:
        return t("storage.verify.ok")
    return t("storage.verify.unknown") if verdict.kind == "unknown" else t("storage.verify.damaged")


def _by_code(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.code, []).append(finding)
    return grouped


def _technical(finding: Finding) -> str:
    """The database's own words, which help nobody but a technician: last, and never the only ones."""
    return str(finding.params.get("detail", ""))


def _what_now(code: str) -> str:
    safe, advice = f"error.{code}.message", f"error.{code}.advice"
    return f"{t(safe)}\n{t(advice)}\n" if has(safe) else ""


def _as_dict(target: Path, verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(target),
        "ok": verdict.ok,
        "kind": verdict.kind,
        "rows": sum(verdict.rows.values()),
        "tables": verdict.rows,
        "blobs": verdict.blobs,
        "findings": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "text": finding_text(finding),
        "advice": _what_now(finding.code),
        "detail": _technical(finding),
    }
