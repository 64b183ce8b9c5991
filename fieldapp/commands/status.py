"""`fieldapp status`: what is saved, waiting, sent and confirmed."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from fieldapp.commands.opening import open_profile
from fieldapp.errors import ExitCode
from fieldapp.i18n import t
from fieldapp.storage.counting import status
from fieldapp.storage.views import Status

_BEIJING = timezone(timedelta(hours=8))  # the one time of the whole country, whatever the laptop's clock is set to


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("storage.help.status")
    parser.add_argument("--json", action="store_true", help=t("storage.help.json"))


def run(args: argparse.Namespace) -> int:
    """Prints the status of the profile."""
    store = open_profile(args)
    try:
        now = status(store)
    finally:
        store.close()
    print(json.dumps(as_dict(now), ensure_ascii=False, indent=2) if args.json else "\n".join(_lines(now)))
    return ExitCode.OK


def as_dict(now: Status) -> dict[str, Any]:
    """The status as the JSON of the command."""
    return {
        "ops": {
            "total": now.ops_total,
            "waiting": now.ops_waiting,
            "sent": now.ops_sent,
            "confirmed": now.ops_confirmed,
            "quarantined": now.quarantined,
            "conflicts": now.conflicts,
        },
        "photos": {
            "total": now.photos_total,
            "waiting": now.photos_waiting,
            "waiting_bytes": now.photos_waiting_bytes,
            "confirmed": now.photos_confirmed,
        },
        "villages": now.villages,
        "households": now.households,
        "trees": now.trees,
        "drafts": now.drafts,
        "ready": now.ready,
        "returned": now.returned,
        "practice": now.practice,
        "person": now.person,
        "device": now.device.hex(),
        "device_tag": now.device_tag,
        "saved_at": _iso(now.saved_at),
        "last_sync_at": _iso(now.last_sync_at),
        "last_complete_sync_at": _iso(now.last_complete_sync_at),
        "free_bytes": now.free_bytes,
        "differing": list(now.differing),
        "clock_before": _iso(now.clock_before_ms),
    }


def _iso(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


def _clock(ms: int | None) -> str:
    """A moment for the eye; the JSON has it in UTC."""
    if ms is None:
        return t("storage.status.never")
    return t("storage.status.clock", time=datetime.fromtimestamp(ms / 1000, _BEIJING).strftime("%Y-%m-%d %H:%M:%S"))


def _lines(now: Status) -> list[str]:
    megabytes = f"{now.photos_waiting_bytes / 1e6:.1f}"
    lines = [t("storage.status.village_practice")] if now.practice else []
    if now.clock_before_ms is not None:
        lines.append(t("storage.status.clock_wrong", known=_clock(now.clock_before_ms)))
    lines += [
        t("storage.status.person", person=now.person, tag=now.device_tag),
        t("storage.status.records", households=now.households, trees=now.trees),
        t(
            "storage.status.work",
            drafts=now.drafts,
            ready=now.ready,
            returned=now.returned,
            conflicts=now.conflicts,
        ),
        t("storage.status.ops", waiting=now.ops_waiting, sent=now.ops_sent, confirmed=now.ops_confirmed),
        t("storage.status.photos", waiting=now.photos_waiting, megabytes=megabytes, confirmed=now.photos_confirmed),
    ]
    lines += [t("sync.cli.differing", village=village) for village in now.differing]
    if now.quarantined:
        lines.append(t("storage.status.quarantined", n=now.quarantined))
    lines.append(t("storage.status.saved", time=_clock(now.saved_at)))
    broke_off = now.last_sync_at != now.last_complete_sync_at
    key = "storage.status.broke_off" if broke_off else "storage.status.synced"
    lines.append(t(key, time=_clock(now.last_sync_at), complete=_clock(now.last_complete_sync_at)))
    lines.append(t("storage.status.free", gigabytes=f"{now.free_bytes / 1e9:.1f}"))
    lines.append(t("storage.status.not_verified"))
    return lines
