"""In whatever order frames come and however they are cut, tables and digest are what the pure merge says."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import msgpack
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.digest import combine, record_digest
from fieldapp.domain.fields import specs
from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.merge import merge
from fieldapp.domain.ops import Op, OpKind, OpRef
from fieldapp.domain.records import BY_NAME
from fieldapp.domain.runs import contiguous, covered, join, runs_of
from fieldapp.server.schema import CONFLICT, RECORDS, VILLAGE_LOG
from fieldapp.server.settings import ServerSettings
from fieldapp.server.station import Station
from fieldapp.sync import wire

VILLAGE = "522633100201"
DEVICES = [DeviceId(bytes([n]) * 16) for n in (1, 2, 3)]
IDS = [RecordId(bytes([100 + n]) * 16) for n in range(4)]
VALUES = {
    "species": st.sampled_from(["杉木", "马尾松", None]),
    "tag": st.sampled_from(["1", "2"]),
    "removed": st.sampled_from([0, 1]),
    "canopy_m": st.sampled_from([1.5, None]),  # of a newer program
}


@st.composite
def histories(draw: st.DrawFn) -> list[Op]:
    """Operations of three laptops on four trees; what somebody has seen was written before."""
    ops: list[Op] = []
    counters = dict.fromkeys(DEVICES, 0)
    for step in range(draw(st.integers(1, 18))):
        device, record_id = draw(st.sampled_from(DEVICES)), draw(st.sampled_from(IDS))
        kind = draw(st.sampled_from([OpKind.ADD, OpKind.EDIT, OpKind.EDIT]))
        fields = draw(st.fixed_dictionaries({}, optional=VALUES))
        seen: dict[str, tuple[OpRef, ...]] = {}
        if kind is OpKind.EDIT:
            for name in fields:
                written = [op.ref for op in ops if op.record_id == record_id and name in op.fields]
                seen[name] = tuple(draw(st.lists(st.sampled_from(written), max_size=2, unique=True)) if written else ())
        counters[device] += 1
        stamp = (1_700_000_000_000 + draw(st.integers(0, 5))) << 16 | step
        ops.append(Op(device, counters[device], stamp, VILLAGE, "tree", record_id, kind, fields, seen, "p", 1))
    return ops


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Op], list[list[Op]]]:
    """A history and the frames in which it arrives: any cut, any order, some of them twice or cut otherwise."""
    ops = draw(histories())
    frames = []
    for device in DEVICES:
        own = [op for op in ops if op.device == device]
        for _ in range(2):
            cuts = sorted(draw(st.sets(st.integers(0, len(own)), max_size=3)) | {0, len(own)})
            frames += [own[a:b] for a, b in pairwise(cuts) if b > a]
    return ops, draw(st.permutations(frames))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(delivery=deliveries())
def test_the_tables_are_what_the_merge_says(estimator, delivery: tuple[list[Op], list[list[Op]]]) -> None:
    ops, frames = delivery
    with tempfile.TemporaryDirectory() as folder:
        station = Station(ServerSettings(Path(folder)), estimator)
        try:
            for frame in [*frames, *([op] for op in ops)]:  # the single ones bring what lay across a hole
                data = wire.encode(frame)
                station.apply(station.database.write(station.accept, [(wire.decode(data), data)]).accepted)
            station.database.run_on_writer(lambda: None).result()
            _check(station, ops)
        finally:
            station.close()


def _check(station: Station, ops: list[Op]) -> None:
    by_record = defaultdict(list)
    for op in ops:
        by_record[op.record_id].append(op)
    states = {key: state for key, state in ((key, merge(held)) for key, held in by_record.items()) if state}
    table = RECORDS["tree"]
    names = [spec.name for spec in specs(BY_NAME["tree"])]
    rows = {row.id: row for row in station.database.read(lambda c: c.execute(sa.select(table)).all())}
    assert rows.keys() == states.keys()
    for key, state in states.items():
        assert rows[key].version == state.version.encode()
        assert {name: getattr(rows[key], name) for name in names} == {name: state.values.get(name) for name in names}
        unknown = {name: value for name, value in state.values.items() if name not in names}
        assert (msgpack.unpackb(rows[key].unknown) if rows[key].unknown else {}) == unknown
    found = station.database.read(lambda c: c.execute(sa.select(CONFLICT.c.record_id, CONFLICT.c.field)).all())
    assert {tuple(row) for row in found} == {(key, name) for key, state in states.items() for name in state.conflicts}
    log = station.database.read(lambda c: c.execute(sa.select(VILLAGE_LOG)).one())
    assert log.n_rows == len(states)
    digests = (record_digest("tree", key, state.version.encode(), state.values) for key, state in states.items())
    assert f"{log.digest % (1 << 64):016x}" == combine(digests)


@given(st.sets(st.integers(1, 40), min_size=1), st.sets(st.integers(1, 40), min_size=1))
def test_runs_are_sets_of_counters(one: set[int], two: set[int]) -> None:
    def members(runs: list[tuple[int, int]]) -> set[int]:
        return {counter for first, last in runs for counter in range(first, last + 1)}

    joined = join([*runs_of(sorted(one)), *runs_of(sorted(two))])
    assert members(joined) == one | two
    assert covered(joined, runs_of(sorted(one)))
    assert covered(join(runs_of(sorted(one))), runs_of(sorted(two))) == (two <= one)
    top = contiguous(joined)
    assert set(range(1, top + 1)) <= one | two
    assert top + 1 not in one | two


@pytest.mark.parametrize("value", ["\ud800", 5, 1.5, b"x"])
def test_a_value_of_another_kind_never_enters_a_text_column(estimator, tmp_path, value) -> None:
    station = Station(ServerSettings(tmp_path), estimator)
    good = Op(DEVICES[0], 1, 1, VILLAGE, "tree", IDS[0], OpKind.ADD, {"tag": "fine"})
    odd = Op(DEVICES[0], 2, 2, VILLAGE, "tree", IDS[1], OpKind.ADD, {"tag": value})
    data = wire.encode([good, odd])
    station.apply(station.database.write(station.accept, [(wire.decode(data), data)]).accepted)
    station.database.run_on_writer(lambda: None).result()
    tags = station.database.read(lambda c: c.execute(sa.select(RECORDS["tree"].c.tag)).scalars().all())
    station.close()
    assert tags == (["fine", "?"] if value == "\ud800" else ["fine"])
