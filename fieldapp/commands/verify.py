"""`fieldapp verify`: is a profile, a backup or any SQLite file whole? Changes nothing; 1 when something is damaged."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fieldapp.commands.opening import folder_of, open_profile
from fieldapp.errors import ExitCode, StorageError
from fieldapp.i18n import finding_text, t
from fieldapp.storage import profile, verifying
from fieldapp.storage.verifying import Verdict


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("storage.help.verify")
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE")
    parser.add_argument("--json", action="store_true", help=t("storage.help.json"))


def run(args: argparse.Namespace) -> int:
    """Looks and tells."""
    target: Path = args.file if args.file is not None else folder_of(args)
    if target.name == profile.DATABASE and profile.is_profile(target.parent):
        target = target.parent
    if target.is_dir():
        args.profile = target
        verdict = _verify_profile(args)
    else:
        verdict = verifying.verify_file(target)
    _print(target, verdict, as_json=args.json)
    return ExitCode.OK if verdict.ok else ExitCode.REFUSED


def _verify_profile(args: argparse.Namespace) -> Verdict:
    try:
        store = open_profile(args)
    except StorageError as error:
        if error.code not in ("database_damaged", "database_missing", "profile_damaged"):
            raise
        return verifying.damaged_profile(error.code)
    try:
        return verifying.verify_store(store)
    finally:
        store.close()


def _print(target: Path, verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_as_dict(target, verdict), ensure_ascii=False, indent=2))
        return
    print(f"{target}: {t('storage.verify.ok') if verdict.ok else t('storage.verify.damaged')}")
    if verdict.rows:
        print(t("storage.verify.rows", n=sum(verdict.rows.values()), tables=len(verdict.rows)))
    if verdict.blobs:
        print(t("storage.verify.blobs", n=verdict.blobs))
    for finding in verdict.findings:
        print(finding_text(finding))


def _as_dict(target: Path, verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(target),
        "ok": verdict.ok,
        "kind": verdict.kind,
        "rows": sum(verdict.rows.values()),
        "tables": verdict.rows,
        "blobs": verdict.blobs,
        "findings": [{"code": f.code, "severity": str(f.severity), "text": finding_text(f)} for f in verdict.findings],
    }
