"""The words of a change: what a person can read, and nothing that only a program can."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import Value
from fieldapp.storage.views import HistoryRow
from fieldapp.ui.history import HistoryLine, HistoryList
from fieldapp.ui.texts import Texts

WKT = "POLYGON ((108.5 26.0, 108.501 26.0, 108.501 26.001, 108.5 26.0))"


def test_a_boundary_is_told_by_its_corners_and_a_long_text_by_its_beginning(qtbot: QtBot) -> None:
    shown = HistoryList(Texts())
    qtbot.addWidget(shown)
    fields: dict[str, Value] = {"boundary_wkt": WKT, "place_name": "坡" * 300}
    shown.show_lines([HistoryLine("parcel", "凉亭坡", HistoryRow(0, "张三", DeviceId(bytes(16)), True, fields))])
    text = shown.item(0).text()
    assert "3 个拐点" in text
    assert "POLYGON" not in text
    assert "坡" * 80 + "…" in text
    assert "坡" * 81 not in text


def test_another_measurement_is_told_with_its_tree_and_the_first_records_of_a_day_in_one_line(qtbot: QtBot) -> None:
    shown = HistoryList(Texts())
    qtbot.addWidget(shown)
    here = DeviceId(bytes(16))
    fields: dict[str, Value] = {"tree_id": bytes(16), "dbh_cm": 6.5, "stems": "C20.4", "seen": "00" * 16}
    again = HistoryLine("measurement", "LX0302", HistoryRow(0, "张三", here, True, fields))
    shown.show_lines([again, HistoryLine("tree", "", HistoryRow(0, "张三", here, True, {}), 82)])
    assert "登记了 82 株树" in shown.item(0).text()
    text = shown.item(1).text()
    assert "LX0302" in text
    assert "围20.4" in text
    assert "0000" not in text
