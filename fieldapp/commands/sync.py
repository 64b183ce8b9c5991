"""`fieldapp sync`: enrols when asked to, then brings laptop and server together."""

from __future__ import annotations

import argparse
import json
import sys

from fieldapp.commands.opening import open_profile
from fieldapp.errors import ExitCode
from fieldapp.i18n import t
from fieldapp.storage.enrolment import enrolment
from fieldapp.storage.store import Store
from fieldapp.storage.unconsented import unconsented
from fieldapp.sync import engine
from fieldapp.sync.report import Progress, SyncReport
from fieldapp.sync.transport import normal_url
from fieldapp.sync.words import clock_words


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--server", metavar="URL", help=t("sync.cli.server"))
    parser.add_argument("--enrol", metavar="CODE", help=t("sync.cli.enrol"))
    parser.add_argument("--json", action="store_true", help=t("sync.cli.json"))


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when both sides are the same, 1 when something is waiting or differs, 3 without a connection."""
    store = open_profile(args)
    try:
        _enrol(store, args.server, args.enrol)
        _warn(store)
        transport = engine.connect(store)
        try:
            report = engine.sync(store, transport, _progress)
        finally:
            transport.close()
    finally:
        store.close()
    if args.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        _print(report)
    return ExitCode.OK if report.converged else ExitCode.REFUSED


def _enrol(store: Store, server: str | None, code: str | None) -> None:
    known = enrolment(store)
    if code:
        url = server or (known.url if known else "")
        made = engine.enrol(store, url, code)
        print(t("sync.cli.enrolled", url=made.url), file=sys.stderr)
    elif server and known and normal_url(server) != known.url:
        engine.move(store, server)
    elif server:
        normal_url(server)  # a slip in the address is told before anything else


def _warn(store: Store) -> None:
    """Numbers go along though somebody has not agreed (docs/decisions/0068); names stay out of a terminal's log."""
    if n := len(unconsented(store)):
        print(t("sync.cli.unconsented", n=n), file=sys.stderr)


def _progress(progress: Progress) -> None:
    if sys.stderr.isatty():
        share = f" {progress.done}/{progress.total}" if progress.total else ""
        print(f"\r\x1b[K{t(f'sync.step.{progress.step}')}{share}", end="", file=sys.stderr, flush=True)


def _print(report: SyncReport) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(
        t(
            "sync.cli.rows",
            sent=report.ops_sent,
            confirmed=report.ops_confirmed,
            waiting=report.ops_waiting,
            received=report.ops_received,
        )
    )
    print(
        t(
            "sync.cli.photos",
            sent=report.files_sent,
            confirmed=report.photos_confirmed,
            waiting=report.photos_waiting,
            received=report.files_received,
        )
    )
    for village, rows in report.villages.items():
        print(t("sync.cli.village", village=village, n=rows))
    for village in report.differing:
        print(t("sync.cli.differing", village=village))
    for village in report.closed:
        print(t("sync.closed", village=village))
    for village in sorted(report.misread):
        print(t("sync.misread", village=village))
    for line in clock_words(report):
        print(line)
    if report.ops_quarantined > 0:
        print(t("storage.status.quarantined", n=report.ops_quarantined))
    _print_sinks(report)
    if report.ops_waiting or report.photos_waiting:
        print(t("sync.cli.waiting"))


def _print_sinks(report: SyncReport) -> None:
    for one in report.differences:
        print(
            t(
                "sync.cli.sink",
                household=one.household,
                village=one.village_code,
                kg=f"{one.co2e_kg:.1f}",
                server_kg=f"{one.server_co2e_kg:.1f}",
            )
        )
    for name in report.unknown_methods:
        print(t("methodology.not_on_server", version=name))
    found = report.sinks
    if found is None:
        return
    if found.households:
        key = "sync.cli.sinks_differ" if report.differences else "sync.cli.sinks_same"
        print(t(key, n=found.households, villages=found.villages, differing=len(report.differences)))
    elif not found.pending:
        print(t("sync.cli.sinks_none"))
    for village in found.pending:
        print(t("sync.cli.sinks_pending", village=village))
