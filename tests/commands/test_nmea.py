"""`fieldapp nmea` as others call it."""

from __future__ import annotations

import io
import json
import socket
import sys
import threading
from pathlib import Path

import pytest

from fieldapp import cli

LOG = (
    b"# a log\r\n$GPGGA,010203.00,2615.5417,N,10731.1333,E,1,08,0.9,850.0,M,-30.0,M,,*4F\r\n"
    b"$GPRMC,010203.00,A,2615.5417,N,10731.1333,E,0.0,0.0,050626,,,A*58\r\n"
)


def _check(output: str) -> None:
    answer = json.loads(output)
    assert set(answer) >= {"fixes", "position", "sentences", "rejected"}
    (fix,) = answer["fixes"]
    assert set(fix) >= {"time", "lat", "lon", "alt_m", "quality", "satellites", "hdop"}
    assert (fix["time"], fix["lat"], fix["alt_m"]) == ("2026-06-05T01:02:03.000Z", 26.259028333, 850.0)
    assert set(answer["position"]) >= {"lat", "lon", "alt_m", "n", "spread_m", "hdop"}
    assert (answer["position"]["n"], answer["sentences"], answer["rejected"]) == (1, 2, {})


def test_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "walk.log"
    file.write_bytes(LOG)
    assert cli.main(["nmea", str(file), "--json"]) == 0
    _check(capsys.readouterr().out)
    assert cli.main(["nmea", str(file)]) == 0
    assert "定位 1 个" in capsys.readouterr().out


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LOG)))
    assert cli.main(["nmea", "-", "--json"]) == 0
    _check(capsys.readouterr().out)


def test_tcp(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(LOG)

        speaker = threading.Thread(target=speak)
        speaker.start()
        assert cli.main(["nmea", "--tcp", f"127.0.0.1:{server.getsockname()[1]}", "--json"]) == 0
        speaker.join()
    _check(capsys.readouterr().out)


def test_garbage_and_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "garbage.log"
    file.write_bytes(bytes(range(256)) * 20)
    assert cli.main(["nmea", str(file), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["fixes"], answer["position"], answer["error"]["code"]) == ([], None, "nmea_empty")
    assert cli.main(["nmea", str(tmp_path / "none")]) == 3
    assert cli.main(["nmea"]) == 2
    assert cli.main(["nmea", "--tcp", "nowhere"]) == 2
    assert cli.main(["nmea", "--port", "/dev/no-such-port"]) == 3
    assert cli.main(["nmea", "--port", ""]) == 2
    assert cli.main(["nmea", "--seconds", "nan", str(file)]) == 2
