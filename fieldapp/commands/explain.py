"""`fieldapp explain`: one tree's number with equation, source, every step, version and checksum."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import explain
from fieldapp.carbon.words import card_lines, error_text, reason_text
from fieldapp.domain.numbers import parse_number
from fieldapp.domain.sinks import SinkInput
from fieldapp.errors import ExitCode, Finding, ItemError
from fieldapp.i18n import t


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.explain.summary")
    parser.add_argument("--species", required=True, metavar="S", help=t("command.explain.species"))
    parser.add_argument("--dbh-cm", required=True, metavar="D", help=t("command.explain.dbh"))
    parser.add_argument("--height-m", metavar="H", help=t("command.explain.height"))
    parser.add_argument("--wood-density", metavar="R", help=t("command.explain.density"))
    parser.add_argument("--equation", metavar="ID", help=t("command.explain.equation"))
    parser.add_argument("--measured-by", metavar="NAME", help=t("command.explain.measured_by"))
    parser.add_argument("--measured-on", metavar="DATE", help=t("command.explain.measured_on"))
    parser.add_argument("--methodology", type=Path, metavar="DIR", help=t("command.methodology.folder"))
    parser.add_argument("--allow-memory", action="store_true", help=t("command.estimate.allow_memory"))
    parser.add_argument("--json", action="store_true", help=t("command.explain.json"))


def run(args: argparse.Namespace) -> int:
    """Prints the card; 1 when there is no number to explain."""
    estimator = RegistryEstimator(registry.load(args.methodology), allow_memory=args.allow_memory)
    tree = SinkInput(
        species=args.species,
        dbh_cm=_number(args.dbh_cm, "dbh", "cm"),
        height_m=_number(args.height_m, "height", "m"),
        wood_density=_number(args.wood_density, "density", ""),
        equation_id=args.equation or None,
    )
    provenance = {"measured_by": args.measured_by, "measured_on": args.measured_on}
    explanation = explain(estimator, tree, {name: value for name, value in provenance.items() if value})
    if args.json:
        reason = reason_text(explanation.reason, explanation.reason_params)
        card = explanation.as_dict(error_text(explanation.sink.error) if explanation.sink.error else reason)
        print(json.dumps(card, ensure_ascii=False, indent=2))
    else:
        print("\n".join(card_lines(explanation)))
    return ExitCode.REFUSED if explanation.sink.error else ExitCode.OK


def _number(text: str | None, quantity: str, unit: str) -> float | None:
    if text is None or not text.strip():
        return None
    number = parse_number(text, unit)
    if isinstance(number, Finding):
        raise ItemError(f"carbon_{quantity}_not_a_number", text=text)
    return number.value
