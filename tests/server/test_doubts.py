"""The township sees which trees the surveyor's window doubts: in the list of households, and at the tree."""

from __future__ import annotations

import httpx

from fieldapp.server.running import RunningServer
from tests.server.conftest import CODE, PASSWORD, Client


def test_doubtful_trees_are_counted_and_named(server: RunningServer, client: Client) -> None:
    household = client.op("household", head_name="Yang", number=1)
    parcel = client.op("parcel", household_id=household.record_id, species="杉木", planting_year=2019)
    trees = [client.op("tree", parcel_id=parcel.record_id, tag=f"T{n}", state="alive") for n in range(4)]
    plain, girth, first, right = trees
    facts = [
        client.op("measurement", tree_id=plain.record_id, dbh_cm=6.5, measured_on="2026-05-01"),
        client.op("measurement", tree_id=girth.record_id, dbh_cm=39.3, measured_on="2026-05-01"),
        client.op("measurement", tree_id=first.record_id, dbh_cm=7.5, measured_on="2025-05-01"),
        client.op("measurement", tree_id=first.record_id, dbh_cm=6.1, measured_on="2026-05-01"),
        client.op("measurement", tree_id=right.record_id, dbh_cm=20.4, measured_on="2025-05-01"),
        client.op("measurement", tree_id=right.record_id, dbh_cm=6.5, stems="C20.4", measured_on="2026-05-01"),
    ]
    client.push(household, parcel, *trees, *facts)
    server.server.station.sinks.settled().result()
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as browser:
        browser.post("/login", data={"password": PASSWORD})
        village = browser.get(f"/villages/{CODE}").text
        page = browser.get(f"/villages/{CODE}/households/{household.record_id.hex()}").text
    assert village.count("2 株存疑") == 2, "at the household, and in the village's sum"
    assert "2 株存疑" in page
    rows = {tag: row for row in page.split("<tr") for tag in ("T0", "T1", "T2", "T3") if f"<td>{tag}<" in row}
    assert {tag: "amber" in row for tag, row in rows.items()} == {"T0": False, "T1": True, "T2": True, "T3": False}
    assert "39.3" in rows["T1"]
    assert "7.5" in rows["T2"], "what it was at the visit before"
    assert "围20.4" in rows["T3"]
