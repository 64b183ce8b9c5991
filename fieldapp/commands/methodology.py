"""`fieldapp methodology`: check, show, value, doc, signed packs (sign, diff, load), a profile's own (load, trust)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from fieldapp.carbon import packs, registry
from fieldapp.carbon.check import refuse_faulty
from fieldapp.carbon.document import markdown, rows
from fieldapp.carbon.limits import MAX_DBH_CM, MAX_DENSITY, MAX_HEIGHT_M
from fieldapp.carbon.rounding import rounded
from fieldapp.commands import methodology_check, methodology_folder
from fieldapp.commands.methodology_in_use import registry_in_use
from fieldapp.errors import ExitCode, ItemError, StorageError, UsageError
from fieldapp.geo.files import read_bytes, write_text
from fieldapp.i18n import t

_WIDTHS = {"id": 44, "output": 8, "status": 12, "d": 12, "n": 5, "place": 24}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.methodology.summary")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, summary in (
        ("check", t("command.methodology.check")),
        ("show", t("command.methodology.show")),
        ("doc", t("command.methodology.doc")),
        ("value", t("command.methodology.value")),
        ("sign", t("command.methodology.sign")),
        ("diff", t("command.methodology.diff")),
        ("load", t("command.methodology.load")),
        ("trust", t("command.methodology.trust")),
        ("versions", t("command.methodology.versions")),
    ):
        action = actions.add_parser(name, help=summary, description=summary)
        action.add_argument("--methodology", type=Path, metavar="DIR", help=t("command.methodology.folder"))
        action.add_argument("--json", action="store_true", help=t("command.estimate.json"))
        _OWN_ARGUMENTS.get(name, _nothing)(action)


def run(args: argparse.Namespace) -> int:
    """Does the action; 1 when the registry or the pack has a fault."""
    return _ACTIONS[args.action](args)


def _nothing(_action: argparse.ArgumentParser) -> None:
    """Actions without arguments of their own."""


def _value_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("--equation", required=True, metavar="ID", help=t("command.explain.equation"))
    action.add_argument("--dbh-cm", required=True, type=float, metavar="D", help=t("command.explain.dbh"))
    action.add_argument("--height-m", type=float, metavar="H", help=t("command.explain.height"))
    action.add_argument("--wood-density", type=float, metavar="R", help=t("command.explain.density"))


def _doc_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("--out", metavar="FILE.md", help=t("command.methodology.doc_out"))


def _sign_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("folder", metavar="DIR", help=t("command.methodology.sign_folder"))
    action.add_argument("--key", required=True, metavar="PEM", help=t("command.methodology.private_key"))
    action.add_argument("--out", required=True, metavar="PACK", help=t("command.methodology.pack"))


def _pack_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("pack", metavar="PACK", help=t("command.methodology.pack"))
    action.add_argument("--key", required=True, action="append", metavar="PEM", help=t("command.methodology.key"))


def _load_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("pack", nargs="?", metavar="PACK", help=t("command.methodology.pack"))
    action.add_argument("--key", default=[], action="append", metavar="PEM", help=t("command.methodology.key"))
    action.add_argument("--into", metavar="DIR", help=t("command.methodology.into"))
    action.add_argument("--shipped", action="store_true", help=t("command.methodology.shipped"))
    action.add_argument("--yes", action="store_true", help=t("command.methodology.yes"))
    _profile_argument(action)


def _trust_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("pem", nargs="?", metavar="PEM", help=t("command.methodology.trust_key"))
    action.add_argument("--remove", action="store_true", help=t("command.methodology.trust_remove"))
    _profile_argument(action)


def _profile_argument(action: argparse.ArgumentParser) -> None:
    action.add_argument("--profile", type=Path, metavar="DIR", default=argparse.SUPPRESS)


def _show(args: argparse.Namespace) -> int:
    known = registry.load(args.methodology)
    if args.json:
        print(json.dumps(list(rows(known)), ensure_ascii=False, indent=2))
        return ExitCode.OK
    print(f"{known.version}  {known.about.get('title_zh', '')}")
    for row in rows(known):
        low, high = ("?" if row[end] is None else f"{row[end]:g}" for end in ("d_min_cm", "d_max_cm"))
        span = "?" if low == high == "?" else f"{low}-{high} cm"
        cells = {**row, "d": span, "n": row["n"] or ""}
        start = "  ".join(str(cells[name]).ljust(width) for name, width in _WIDTHS.items())
        print(f"{start}  {row['formula']}  [{row['checked_by'] or '?'}]")
    return ExitCode.OK


def _doc(args: argparse.Namespace) -> int:
    text = markdown(registry.load(args.methodology))
    if args.out:
        write_text(args.out, text, "utf-8")
    else:
        sys.stdout.write(text)
    return ExitCode.OK


def _value(args: argparse.Namespace) -> int:
    known = registry_in_use(args.methodology)
    equation = known.equation(args.equation)
    if equation is None:
        raise ItemError("methodology_equation_unknown", id=args.equation)
    if (equation.needs_height and args.height_m is None) or (equation.needs_density and args.wood_density is None):
        raise ItemError("methodology_input_missing", id=equation.id, inputs=", ".join(equation.inputs))
    most = ((args.dbh_cm, MAX_DBH_CM), (args.height_m, MAX_HEIGHT_M), (args.wood_density, MAX_DENSITY))
    if not all(value is None or value > 0 for value, _most in most):
        raise ItemError("methodology_input_not_positive")
    if not all(value is None or value <= high for value, high in most):
        raise ItemError("methodology_input_too_large", d=MAX_DBH_CM, h=MAX_HEIGHT_M, rho=MAX_DENSITY)
    h = [] if args.height_m is None else [args.height_m]
    rho = [] if args.wood_density is None else [args.wood_density]
    value = rounded(equation.model.column([args.dbh_cm], h, rho)[0] * equation.to_kg)
    unit = "m3" if equation.output == "volume" else "kg"
    if args.json:
        answer = {"equation": equation.id, "output": equation.output, "value": value, "unit": unit}
        print(json.dumps(answer | {"inside_range": equation.covers_d(args.dbh_cm)}, ensure_ascii=False))
    else:
        print(f"{equation.id}  {equation.output} = {value} {unit}")
    return ExitCode.OK


def _sign(args: argparse.Namespace) -> int:
    key = packs.read_private_key(read_bytes(args.key))
    if Path(args.out).exists() and Path(args.out).samefile(args.key):
        raise UsageError("methodology_over_key", name=Path(args.out).name)
    refuse_faulty(registry.load(Path(args.folder)), Path(args.folder))
    data = packs.sign(Path(args.folder), key)
    _lay(lambda: Path(args.out).write_bytes(data), args.out)
    print(t("command.methodology.signed", name=Path(args.out).name))
    return ExitCode.OK


def _diff(args: argparse.Namespace) -> int:
    old, new = registry.load(args.methodology), methodology_folder.opened(args)
    lines = packs.differences(old, new)
    if args.json:
        print(json.dumps([line.as_dict() for line in lines], ensure_ascii=False, indent=2))
    else:
        print("\n".join(f"{line.what}  {line.where}: {line.old} -> {line.new}" for line in lines))
    return ExitCode.OK


def _load(args: argparse.Namespace) -> int:
    return _of_profile("load", args) if args.into is None else methodology_folder.load(args)


def _of_profile(name: str, args: argparse.Namespace) -> int:
    from fieldapp.commands import methodology_profile  # profiles and their encryption: only when they are asked for

    actions = {
        "load": methodology_profile.load,
        "trust": methodology_profile.trust,
        "versions": methodology_profile.versions,
    }
    return actions[name](args)


def _lay(write: Callable[[], Any], name: str) -> None:
    try:
        write()
    except OSError as error:
        raise StorageError("geo_file_unwritable", name=Path(name).name, reason=error.strerror or "") from error


_OWN_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "value": _value_arguments,
    "doc": _doc_arguments,
    "sign": _sign_arguments,
    "diff": _pack_arguments,
    "load": _load_arguments,
    "trust": _trust_arguments,
    "versions": _profile_argument,
}
_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": methodology_check.check,
    "show": _show,
    "doc": _doc,
    "value": _value,
    "sign": _sign,
    "diff": _diff,
    "load": _load,
    "trust": partial(_of_profile, "trust"),
    "versions": partial(_of_profile, "versions"),
}
