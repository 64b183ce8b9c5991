"""The server's sums and their ranges are those of carbon for the same trees, on the pages too."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.height_curve import HeightCurve
from fieldapp.carbon.kept_curve import as_text
from fieldapp.carbon.uncertainty import totals
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.totals import Total
from fieldapp.server import sums
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import SINK
from fieldapp.server.sinks import columns_of
from tests.server.conftest import CODE, PASSWORD, Client

SIZES = [4.0 + number for number in range(40)]


def plant(client: Client) -> bytes:
    """A household with 40 firs and a dead one; another one, in the bin, with a tree."""
    kept, gone = client.op("household", head_name="Yang"), client.op("household", head_name="Wu")
    ops = [kept, gone, client.edit("household", gone.record_id, (gone,), removed=1)]
    for household, sizes in ((kept, SIZES), (gone, [9.0])):
        parcel = client.op("parcel", household_id=household.record_id, species="杉木", area_mu=0.1)
        ops.append(parcel)
        for number, size in enumerate(sizes):
            tree = client.op("tree", parcel_id=parcel.record_id, tag=str(number))
            ops += [tree, client.op("measurement", tree_id=tree.record_id, dbh_cm=size)]
    dead = client.op("tree", parcel_id=ops[3].record_id, tag="x", state="dead")
    client.push(*ops, dead, client.op("measurement", tree_id=dead.record_id, dbh_cm=9.0))
    return bytes(kept.record_id)


def expected(estimator: RegistryEstimator) -> Total:
    estimates = ColumnEstimator(estimator).estimate(Inputs(["杉木"] * 40, SIZES, [None] * 40))
    return totals(estimates, ["h"] * 40)["h"]


def same(one: Total, other: Total) -> bool:
    found = [(total.co2e_kg, total.random_half_width_kg, total.correlated_half_width_kg) for total in (one, other)]
    return one.trees == other.trees and found[0] == pytest.approx(found[1])


def test_household_village_and_county(server: RunningServer, client: Client, estimator: RegistryEstimator) -> None:
    kept = plant(client)
    read, wanted = server.server.station.database.read, expected(estimator)
    assert same(read(sums.by_household, estimator, CODE, [kept])[kept].total, wanted)
    kept_sums = server.server.station.sums
    assert same(read(kept_sums.by_village, [CODE])[CODE].total, wanted)
    assert same(read(kept_sums.by_county)[CODE[:6]].total, wanted)
    assert read(sums.area_mu, CODE, kept) == 0.1
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as browser:
        browser.post("/login", data={"password": PASSWORD})
        for page in ("/", f"/villages/{CODE}", f"/villages/{CODE}/households/{kept.hex()}"):
            shown = browser.get(page).text
            assert f"{wanted.low_kg:,.1f} – {wanted.high_kg:,.1f} <" in shown, page
            assert "400.0" in shown, "the platform's flat value stands beside it"
        assert "40 / 22" in shown
        assert "0.1 亩" in shown, "the quota with its rule"


def test_kept_sums_follow_every_change(server: RunningServer, client: Client) -> None:
    household = client.op("household", head_name="Yang")
    parcel = client.op("parcel", household_id=household.record_id, species="杉木")
    tree = client.op("tree", parcel_id=parcel.record_id)
    read, kept = server.server.station.database.read, server.server.station.sums

    def both() -> list[tuple[int, int]]:
        found = [
            read(kept.by_village, [CODE]).get(CODE, sums.NOTHING),
            read(kept.by_county).get(CODE[:6], sums.NOTHING),
        ]
        return [(one.trees, one.total.trees) for one in found]

    assert both() == [(0, 0)] * 2
    client.push(household, parcel, tree)
    assert both() == [(1, 0)] * 2
    client.push(client.op("measurement", tree_id=tree.record_id, dbh_cm=7.0))
    assert both() == [(1, 1)] * 2
    client.push(client.edit("household", household.record_id, (household,), removed=1))
    assert both() == [(0, 0)] * 2


def test_a_village_that_stood_still_is_not_read_again(
    server: RunningServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(client)
    asked: list[list[str]] = []
    parts = sums.parts_of_villages
    monkeypatch.setattr(
        sums, "parts_of_villages", lambda on, villages: [asked.append(villages), parts(on, villages)][1]
    )
    read, kept = server.server.station.database.read, server.server.station.sums
    for _look in range(2):
        assert read(kept.by_county)
        assert read(kept.by_village, [CODE])
    assert asked == [[CODE]]


CURVE = as_text(HeightCurve("cunninghamia_lanceolata", 1.3, 0.21, 12, 5.0, 60.0, 0.7, "2026-11-23"))
NUMBERS = st.one_of(st.none(), st.floats(-1.0, 420.0), st.sampled_from([0.0, 5.0, 1.3, float("nan")]))
TREES = st.tuples(
    st.sampled_from(["杉木", "马尾松", "毛竹", "x", ""]),
    NUMBERS,
    NUMBERS,
    st.sampled_from([None, "C20.4", "6.5+7.2", "C20.4+C500", "half a text+"]),
    st.just(None),
    st.none() | st.just(CURVE),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TREES, max_size=30))
def test_the_same_inputs_give_the_same_bytes_on_the_laptop_and_on_the_server(
    estimator: RegistryEstimator, asked: list[tuple[str, float | None, float | None, str | None, None, str | None]]
) -> None:
    found = ColumnEstimator(estimator).estimate(columns_of(asked))
    for place, (species, dbh_cm, height_m, stems, equation, curve) in enumerate(asked):
        alone = estimator.estimate(SinkInput(species, dbh_cm, height_m, None, equation, curve, stems))
        assert repr(found.sink(place)) == repr(alone)


def test_every_row_says_its_species(server: RunningServer, client: Client) -> None:
    plant(client)
    query = sa.select(SINK.c.species).distinct()
    assert server.server.station.database.read(lambda connection: list(connection.execute(query).scalars())) == ["杉木"]
