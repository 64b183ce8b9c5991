"""`fieldapp nmea`: fixes and the mean position of an NMEA log, a serial port or a TCP stream."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any

from fieldapp.commands import refusing
from fieldapp.errors import ExitCode, ItemError, UsageError
from fieldapp.geo.average import Average, average
from fieldapp.geo.files import read_bytes
from fieldapp.geo.live import serial_chunks, tcp_chunks
from fieldapp.geo.nmea import Fix, NmeaLog, lines_of, read, split_lines
from fieldapp.i18n import t


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.nmea.summary")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", metavar="FILE", help=t("command.nmea.file"))
    source.add_argument("--port", metavar="COM3", help=t("command.nmea.port"))
    source.add_argument("--tcp", metavar="HOST:PORT", help=t("command.nmea.tcp"))
    parser.add_argument("--baud", type=int, default=9600, help=t("command.nmea.baud"))
    parser.add_argument("--seconds", type=float, default=60.0, help=t("command.nmea.seconds"))
    parser.add_argument("--json", action="store_true", help=t("command.geo.json"))


def run(args: argparse.Namespace) -> int:
    """Reads the log and prints what it says; 1 when it holds no NMEA sentence at all."""
    log = read(_lines(args))
    position = average(log.fixes)
    empty = None if log.sentences else ItemError("nmea_empty")
    if args.json:
        refusal = {"error": refusing.as_dict(empty)} if empty else {}
        print(json.dumps({**_as_dict(log, position), **refusal}, ensure_ascii=False, indent=2))
    else:
        print(_for_people(log, position))
    if empty:
        refusing.tell(empty)
    return ExitCode.REFUSED if empty else ExitCode.OK


def _lines(args: argparse.Namespace) -> Iterable[bytes]:
    if not args.seconds > 0:  # no number is neither
        raise UsageError("nmea_seconds")
    if args.port is not None:
        return split_lines(serial_chunks(args.port, args.baud, args.seconds))
    if args.tcp is not None:
        return split_lines(tcp_chunks(args.tcp, args.seconds))
    return lines_of(read_bytes(args.file))


def _as_dict(log: NmeaLog, position: Average | None) -> dict[str, Any]:
    return {
        "fixes": [_fix_dict(fix) for fix in log.fixes],
        "position": _position_dict(position) if position else None,
        "sentences": log.sentences,
        "rejected": log.rejected,
    }


def _fix_dict(fix: Fix) -> dict[str, Any]:
    return {
        "time": fix.time.isoformat(timespec="milliseconds").replace("+00:00", "Z") if fix.time else None,
        "lat": round(fix.lat, 9),
        "lon": round(fix.lon, 9),
        "alt_m": fix.alt_m,
        "quality": fix.quality,
        "satellites": fix.satellites,
        "hdop": fix.hdop,
    }


def _position_dict(position: Average) -> dict[str, Any]:
    return {
        "lat": round(position.lat, 9),
        "lon": round(position.lon, 9),
        "alt_m": None if position.alt_m is None else round(position.alt_m, 2),
        "n": position.n,
        "spread_m": round(position.spread_m, 3),
        "hdop": None if position.hdop is None else round(position.hdop, 2),
        "weak": position.weak,
    }


def _for_people(log: NmeaLog, position: Average | None) -> str:
    lines = [t("command.nmea.counts", sentences=log.sentences, fixes=len(log.fixes))]
    if position is None:
        lines.append(t("command.nmea.no_position"))
    else:
        place = {"lat": f"{position.lat:.7f}", "lon": f"{position.lon:.7f}"}
        lines.append(t("command.nmea.position", **place, used=position.n, spread=f"{position.spread_m:.2f}"))
        if position.weak:
            lines.append(t("command.nmea.weak"))
    lines += [t("command.nmea.rejected", reason=t(f"nmea.{why}"), count=n) for why, n in log.rejected.items()]
    return "\n".join(lines)
