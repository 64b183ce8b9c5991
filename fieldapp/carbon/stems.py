"""The sink of a tree that forks below breast height; what was measured on it is `domain/stems.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum

from fieldapp.domain.sinks import Estimator, Sink, SinkInput

BETWEEN_STEMS = ";"  # the equations of one tree, when its stems have several


def estimate_stems(estimator: Estimator, tree: SinkInput, diameters_cm: Sequence[float]) -> Sink:
    """A tree that forks below 1.3 m: each stem is computed as a tree, and the stems are added up.

    The ranges are added up too: the stems share their equation, and its bias is most of the range.
    """
    sinks = [estimator.estimate(replace(tree, dbh_cm=d)) for d in diameters_cm]
    refused = next((sink for sink in sinks if sink.error), None)
    if refused is not None or not sinks:
        return refused or estimator.estimate(replace(tree, dbh_cm=None))
    if len(sinks) == 1:
        return sinks[0]
    flags = dict.fromkeys(flag for sink in sinks for flag in ("forked", *sink.flags))
    equations = dict.fromkeys(sink.equation_id for sink in sinks)
    return Sink(
        equation_id=BETWEEN_STEMS.join(equations),
        status=sinks[0].status,
        agb_kg=_sum([sink.agb_kg for sink in sinks]),
        bgb_kg=_sum([sink.bgb_kg for sink in sinks]),
        carbon_kg=_sum([sink.carbon_kg for sink in sinks]),
        co2e_kg=_sum([sink.co2e_kg for sink in sinks]),
        co2e_low_kg=_sum([sink.co2e_low_kg for sink in sinks]),
        co2e_high_kg=_sum([sink.co2e_high_kg for sink in sinks]),
        flags=tuple(flags),
        method_version=sinks[0].method_version,
    )


def _sum(values: Sequence[float | None]) -> float:
    return fsum([value for value in values if value is not None])
