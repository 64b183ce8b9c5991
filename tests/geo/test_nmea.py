"""Logs of real receivers, beside what gpsd made of them; every fix must be one that was measured."""

from __future__ import annotations

import csv
import datetime as dt
import json
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.geo.nmea import NmeaLog, lines_of, read, split_lines
from fieldapp.geo.nmea_sentence import Rejected, read_sentence

# gpsd mends dates by leap seconds and week counts; here no date is made up
GPSD_MENDS_DATES = {"rst39.log", "tcp-torture.log"}
# one log has gpsd's own delay marks inside its sentences, in one gpsd takes its fixes from binary messages too
LOGS_WITH_OTHER_SOURCES = {"tcp-torture.log", "ublox8-uniqid-monhw.log"}


def sentence(body: str) -> bytes:
    """A sentence with its right checksum."""
    return f"${body}*{reduce(lambda total, byte: total ^ byte, body.encode(), 0):02X}\r\n".encode()


def _index(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "nmea" / "index.csv").open(encoding="utf-8", errors="replace") as file:
        return list(csv.DictReader(file))


def _read(shared_data: Path, name: str) -> NmeaLog:
    with (shared_data / "nmea" / name).open("rb") as file:
        return read(file)


def _gpsd(shared_data: Path, name: str) -> list[dict[str, object]]:
    lines = (shared_data / "nmea" / f"{name}.chk").read_bytes().split(b"\n")
    reports = [json.loads(line.decode("utf-8", "replace")) for line in lines if line.startswith(b'{"class":"TPV"')]
    return [report for report in reports if report.get("mode", 0) >= 2 and "lat" in report]


def test_fixes_are_where_and_when_gpsd_has_them(shared_data: Path) -> None:
    for row in _index(shared_data):
        name = row["log"]
        fixes, gpsd = _read(shared_data, name).fixes, _gpsd(shared_data, name)
        assert bool(fixes) == bool(gpsd), name
        places = [(report["lat"], report["lon"]) for report in gpsd]
        # sentences of one instant differ by their last digit, which is under 1e-6 degrees
        strangers = [
            fix
            for fix in fixes
            if not any(abs(fix.lat - lat) < 1e-6 and abs(fix.lon - lon) < 1e-6 for lat, lon in places)
        ]
        assert len(strangers) <= 1, name  # gpsd leaves out an instant while it learns the order, or the last one
        if name in GPSD_MENDS_DATES:
            continue
        days = {str(report["time"])[:10] for report in gpsd if "time" in report}
        assert {fix.time.date().isoformat() for fix in fixes if fix.time} <= days, name


def test_nothing_that_gpsd_found_is_missing(shared_data: Path) -> None:
    for row in _index(shared_data):
        name = row["log"]
        if name in LOGS_WITH_OTHER_SOURCES:
            continue
        fixes = _read(shared_data, name).fixes
        for report in _gpsd(shared_data, name):
            lat, lon = float(str(report["lat"])), float(str(report["lon"]))
            found = any(abs(fix.lat - lat) < 1e-6 and abs(fix.lon - lon) < 1e-6 for fix in fixes)
            no_fix = report["mode"] == 2 and name == "myguide-3100.log"  # told as void by the receiver itself
            assert found or no_fix, name


def test_sentences_and_checksums_are_counted(shared_data: Path) -> None:
    for row in _index(shared_data):
        if row["log"] in {"ublox8-uniqid-monhw.log", "triton400.log"}:
            continue  # sentences begin in the middle of lines there
        log = _read(shared_data, row["log"])
        assert log.sentences == int(row["nmea_lines"]), row["log"]
        assert log.rejected.get("checksum", 0) == int(row["cksum_bad"]), row["log"]


def test_single_sentences_as_two_other_parsers_read_them(shared_data: Path) -> None:
    with (shared_data / "nmea" / "sentence_vectors.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["parsers_agree"] == "True" and row["valid_fix"] == "True"]
    for row in rows:
        try:
            read_one = read_sentence(row["sentence"].encode()[1:])
        except Rejected:
            assert row["checksum_ok"] != "True", row["sentence"]
            continue
        if read_one is None or read_one.quality == 0:
            assert row["sentence"][1:3] not in ("GP", "GN") or read_one is not None
            continue
        assert read_one.lat == pytest.approx(float(row["lat"]), abs=1e-8)
        assert read_one.lon == pytest.approx(float(row["lon"]), abs=1e-8)
        if read_one.kind == "GGA" and row["altitude_m"]:
            assert read_one.alt_m == float(row["altitude_m"])


GGA = "GPGGA,010203.00,2615.5417,N,10731.1333,E,1,08,0.9,850.0,M,-30.0,M,,"


def test_sentences_of_one_instant_are_one_fix() -> None:
    rmc = "GPRMC,010203.00,A,2615.5417,N,10731.1333,E,0.0,0.0,050626,,,A"
    gsa = "GPGSA,A,3,01,02,03,04,,,,,,,,,1.5,0.9,1.2"
    gst = "GPGST,010203.00,1.0,,,,0.3,0.4,1.0"
    log = read([sentence(GGA), sentence(gsa), sentence(gst), sentence(rmc)])
    (fix,) = log.fixes
    assert fix.time == dt.datetime(2026, 6, 5, 1, 2, 3, tzinfo=dt.UTC)
    assert (fix.lat, fix.lon) == (pytest.approx(26.259028333), pytest.approx(107.518888333))
    assert (fix.alt_m, fix.quality, fix.satellites, fix.hdop) == (850.0, 1, 8, 0.9)
    assert fix.sigma_m == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (GGA.replace("2615", "2660"), "range"),
        (GGA.replace("2615", "9115"), "range"),
        (GGA.replace("10731", "18131"), "range"),
        (GGA.replace("010203", "250203"), "range"),
        (GGA.replace("010203", "010260"), "range"),
        (GGA.replace("010203", "235961"), "range"),
        ("GPRMC,010203.00,A,2615.5417,N,10731.1333,E,0.0,0.0,310226,,,A", "range"),
        ("GPRMC,010203.00,A,2615.5417,N,10731.1333,E,0.0,0.0,051326,,,A", "range"),
        ("GPZDA,010203.00,31,02,2026,00,00", "range"),
        (GGA.replace(",N,", ",Q,"), "hemisphere"),
        (GGA.replace(",N,", ",,"), "hemisphere"),
        (GGA.replace("2615.5417", "26:15.54"), "malformed"),
        (GGA.replace("2615.5417", ""), "malformed"),
        (GGA.replace("0.9", "0.9e1"), "malformed"),
        (GGA.replace("850.0", "nan"), "malformed"),
        (GGA.replace("850.0", "9" * 400), "malformed"),
        (GGA.replace(",1,08", ",x,08"), "malformed"),
        (GGA.replace("2615.5417", "0000.0000").replace("10731.1333", "00000.0000"), "zero_position"),
        (GGA.replace(",1,08", ",0,08"), "no_fix"),
        ("GPRMC,010203.00,V,2615.5417,N,10731.1333,E,0.0,0.0,050626,,,N", "no_fix"),
        ("GPGLL,36000.0000,N,72000.0000,E,000452.981,A", "malformed"),
        ("GPGGA,010203.00", "malformed"),
    ],
)
def test_a_right_checksum_is_not_a_right_sentence(body: str, reason: str) -> None:
    log = read([sentence(body)])
    assert log.fixes == ()
    assert log.rejected == {reason: 1}


def test_what_is_no_sentence_is_counted() -> None:
    good = sentence(GGA)
    lines = [
        b"# comment\r\n",
        b"\r\n",
        b"hello\r\n",
        good[:-6] + b"\r\n",
        good.replace(b"850", b"851"),
        b"\xff\xfe$G\r\n",
    ]
    log = read([*lines, b"$GPGGA,01\xe4,*00\r\n", b"!AIVDM,1,1,,B,13aDp<PP,0*29\r\n"])
    assert log.fixes == ()
    assert log.rejected == {"not_nmea": 2, "no_checksum": 1, "checksum": 1, "non_ascii": 1}


def test_a_sentence_that_broke_off_does_not_take_the_next_one_along() -> None:
    log = read([b"$GPGGA,0102" + sentence(GGA)])
    assert (len(log.fixes), log.sentences, log.rejected) == (1, 2, {"malformed": 1})


def test_the_day_is_known_or_there_is_no_time() -> None:
    alone = read([sentence(GGA)])
    assert alone.fixes[0].time is None
    unset = read([sentence("GPRMC,010203.00,A,2615.5417,N,10731.1333,E,0.0,0.0,000000,,,A")])
    assert unset.fixes[0].time is None
    clock = read([sentence("GPZDA,010203.00,00,00,0000,00,00"), sentence(GGA)])
    assert (clock.fixes[0].time, clock.rejected) == (None, {})
    late = sentence("GPRMC,235959.00,A,2615.5417,N,10731.1333,E,0.0,0.0,311226,,,A")
    after = sentence(GGA.replace("010203", "000001"))
    assert [str(fix.time) for fix in read([late, after]).fixes] == [
        "2026-12-31 23:59:59+00:00",
        "2027-01-01 00:00:01+00:00",
    ]


def test_a_leap_second_is_the_midnight_that_follows() -> None:
    log = read([sentence("GPRMC,235960.00,A,2615.5417,N,10731.1333,E,0.0,0.0,311216,,,A")])
    assert (str(log.fixes[0].time), log.rejected) == ("2017-01-01 00:00:00+00:00", {})


def test_a_receiver_that_repeats_itself_gives_one_fix() -> None:
    log = read([sentence(GGA)] * 5)
    assert (len(log.fixes), log.rejected) == (1, {"repeated": 4})


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_no_bytes_break_it(lines: list[bytes]) -> None:
    assert read(lines).fixes == ()


@given(st.text("GPARMC0123456789.,NSEW-", max_size=70))
def test_no_sentence_with_a_right_checksum_breaks_it(body: str) -> None:
    for fix in read([sentence("GP" + body), sentence("GPGGA," + body), sentence("GPRMC," + body)]).fixes:
        assert -90 <= fix.lat <= 90
        assert -180 <= fix.lon <= 180


@given(st.binary(max_size=300), st.integers(1, 20))
def test_chunks_make_the_same_lines(data: bytes, size: int) -> None:
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    lines = data.split(b"\n")
    assert list(split_lines(chunks)) == (lines if lines[-1] else lines[:-1])


_EPOCHS = (
    "GNGGA,093001.00,2615.502,S,10731.14,W,1,12,0.8,812.5,M,-30.1,M,,",
    "GNRMC,093001.00,A,2615.502,S,10731.14,W,0.1,0.0,121025,,,A",
    "GNGGA,093002.00,2615.502,S,10731.14,W,1,12,0.8,812.5,M,-30.1,M,,",
    "GNRMC,093002.00,A,2615.502,S,10731.14,W,0.1,0.0,121025,,,A",
)


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\r\r\n", " \r\n", ""])
def test_line_ends_of_any_kind_or_none_lose_no_sentence(line_end: str) -> None:
    data = b"".join(sentence(body).rstrip() + line_end.encode() for body in _EPOCHS)
    wanted = read(map(sentence, _EPOCHS))
    assert len(wanted.fixes) == 2
    assert read(lines_of(data)) == wanted
    assert read(split_lines(data[at : at + 7] for at in range(0, len(data), 7))) == wanted


def test_a_long_stream_with_carriage_returns_alone_is_read_whole() -> None:
    data = b"".join(
        sentence(f"GNGGA,09{n // 60:02d}{n % 60:02d}.00,2615.5,N,10731.1,E,1,12,0.8,8,M,-30,M,,").replace(b"\n", b"")
        for n in range(300)
    )
    assert len(read(split_lines([data])).fixes) == 300


def test_a_receiver_that_speaks_gns_alone_gives_fixes() -> None:
    lines = [
        sentence("GNRMC,093001.00,A,2615.502,N,10731.14,E,0.1,0.0,121025,,,R"),
        sentence("GNGNS,093001.00,2615.502,N,10731.14,E,ANR,14,0.7,812.5,-30.1,,,V"),
        sentence("GNGNS,093002.00,2615.502,N,10731.14,E,AN,14,0.7,813.5,-30.1,,,V"),
        sentence("GNGNS,093003.00,,,,,NN,0,,,,,,V"),
        sentence("GNGNS,093004.00,2615.502,N,10731.14,E,?,14,0.7,813.5,-30.1,,,V"),
    ]
    log = read(lines)
    assert [(fix.quality, fix.satellites, fix.hdop, fix.alt_m) for fix in log.fixes] == [
        (4, 14, 0.7, 812.5),
        (1, 14, 0.7, 813.5),
    ]
    assert log.rejected == {"malformed": 1, "no_fix": 1}


def test_gga_stands_above_gns_in_whatever_order_they_come() -> None:
    gga = sentence("GNGGA,093001.00,2615.502,N,10731.14,E,5,12,0.8,812.5,M,-30.1,M,,")
    gns = sentence("GNGNS,093001.00,2615.502,N,10731.14,E,AA,14,0.7,813.5,-30.1,,,V")
    for lines in ([gga, gns], [gns, gga]):
        (fix,) = read(lines).fixes
        assert (fix.quality, fix.satellites, fix.hdop, fix.alt_m) == (5, 12, 0.8, 812.5)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_log_that_a_terminal_marked_is_read_as_it_was(encoding: str) -> None:
    data = sentence(GGA) * 2
    assert read(lines_of(data.decode("ascii").encode(encoding))) == read(lines_of(data))
