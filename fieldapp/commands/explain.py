"""`fieldapp explain`: one number, of a tree or a sum, with equation, source, every step, version and checksum."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from fieldapp.carbon.card import card_of
from fieldapp.carbon.card_text import card_json, card_lines
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import Explanation, explain, of_record
from fieldapp.commands import explain_sum
from fieldapp.commands.methodology_in_use import registry_in_use
from fieldapp.commands.opening import open_profile
from fieldapp.commands.parsing import text
from fieldapp.domain.numbers import parse_number
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import Stems, read_stems, says_stems
from fieldapp.errors import ExitCode, Finding, ItemError, UsageError
from fieldapp.i18n import t
from fieldapp.storage.remeasured import earlier_visit
from fieldapp.storage.trees import tree_with_parcel, trees_named

# what is told of a tree that is in no profile
_OF_WORDS = (
    *("dbh_cm", "height_m", "wood_density", "equation", "equation_reason"),
    *("tag", "measured_by", "measured_on", "planting_year"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.explain.summary")
    parser.add_argument("--species", metavar="S", type=text, help=t("command.explain.species"))
    parser.add_argument("--dbh-cm", metavar="D", help=t("command.explain.dbh"))
    parser.add_argument("--height-m", metavar="H", help=t("command.explain.height"))
    parser.add_argument("--wood-density", metavar="R", help=t("command.explain.density"))
    parser.add_argument("--equation", metavar="ID", type=text, help=t("command.explain.equation"))
    parser.add_argument("--equation-reason", metavar="TEXT", type=text, help=t("command.explain.equation_reason"))
    parser.add_argument("--tag", metavar="TAG", type=text, help=t("command.explain.tag"))
    parser.add_argument("--measured-by", metavar="NAME", type=text, help=t("command.explain.measured_by"))
    parser.add_argument("--measured-on", metavar="DATE", help=t("command.explain.measured_on"))
    parser.add_argument("--planting-year", metavar="YEAR", type=int, help=t("command.explain.planting_year"))
    parser.add_argument("--tree", metavar="TREE", type=text, help=t("command.explain.tree"))
    explain_sum.configure(parser)
    parser.add_argument("--methodology", type=Path, metavar="DIR", help=t("command.methodology.folder"))
    parser.add_argument("--allow-memory", action="store_true", help=t("command.estimate.allow_memory"))
    parser.add_argument("--json", action="store_true", help=t("command.explain.json"))


def run(args: argparse.Namespace) -> int:
    """Prints the card; 1 when there is no number to explain."""
    asked = [name for name in ("species", "tree", *explain_sum.NAMES) if getattr(args, name) is not None]
    if len(asked) != 1 or (asked == ["species"] and args.dbh_cm is None):
        raise UsageError("explain_what")
    _refuse_what_has_no_effect(args, asked[0])
    if asked[0] in explain_sum.NAMES:
        return explain_sum.run(args)
    if args.measured_on and not _is_day(args.measured_on):
        raise UsageError("explain_no_day", text=args.measured_on)
    explanation = _of_profile(args) if args.tree is not None else _of_words(args)
    print(card_json(explanation) if args.json else "\n".join(card_lines(card_of(explanation))))
    return ExitCode.REFUSED if explanation.sink.error else ExitCode.OK


def _refuse_what_has_no_effect(args: argparse.Namespace, asked: str) -> None:
    """UsageError for words that would change nothing: a recorded tree or a sum has its own values and methodology."""
    method = () if asked in ("species", "tree") else ("methodology", "allow_memory")
    idle = [name for name in (*_OF_WORDS, *method) if asked != "species" and getattr(args, name)]
    if idle:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in idle)
        raise UsageError("explain_idle", names=names, asked=f"--{asked}")


def _of_words(args: argparse.Namespace) -> Explanation:
    stems = read_stems(args.dbh_cm) if says_stems(args.dbh_cm) else None
    estimator = RegistryEstimator(registry_in_use(args.methodology), allow_memory=args.allow_memory)
    tree = SinkInput(
        species=args.species,
        dbh_cm=stems.dbh_cm if isinstance(stems, Stems) else _number(args.dbh_cm, "dbh", "cm"),
        height_m=_number(args.height_m, "height", "m"),
        wood_density=_number(args.wood_density, "density", ""),
        equation_id=args.equation or None,
        stems=stems.text if isinstance(stems, Stems) else None,
    )
    names = ("tag", "measured_by", "measured_on", "planting_year", "equation_reason")
    return explain(estimator, tree, {name: getattr(args, name) for name in names if getattr(args, name)})


def _of_profile(args: argparse.Namespace) -> Explanation:
    """A recorded tree as the window explains it: by its tag, or by its id in hexadecimal digits."""
    store = open_profile(args)
    try:
        found = trees_named(store, args.tree)
        if len(found) != 1:
            raise ItemError("explain_tree_unknown" if not found else "explain_tree_several", tree=args.tree)
        row, parcel = tree_with_parcel(store, found[0]) or (None, None)
        estimator = store.estimator_of(parcel.household_id if parcel is not None else None)
        earlier = earlier_visit(store, found[0], row.measured_on if row is not None else None)
    finally:
        store.close()
    if row is None or not isinstance(estimator, RegistryEstimator):
        raise ItemError("explain_tree_unknown", tree=args.tree)
    if args.methodology or args.allow_memory:
        known = registry_in_use(args.methodology) if args.methodology else estimator.registry
        estimator = RegistryEstimator(known, allow_memory=args.allow_memory)
    asked, provenance = of_record(
        row.tree, parcel, row.dbh_cm, row.height_m, (row.measured_by, row.measured_on), row.stems
    )
    return explain(estimator, asked, provenance, earlier)


def _is_day(text: str) -> bool:
    """Whether it is a day as records write it; Python would take other ways of writing one, too."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _number(text: str | None, quantity: str, unit: str) -> float | None:
    if text is None or not text.strip():
        return None
    number = parse_number(text, unit)
    if isinstance(number, Finding):
        raise ItemError(f"carbon_{quantity}_not_a_number", text=text)
    return number.value
