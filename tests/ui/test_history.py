"""The words of a change: what a person can read, and nothing that only a program can."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fieldapp.domain.ids import DeviceId, new_id
from fieldapp.domain.ops import Value
from fieldapp.storage.attached import Attached
from fieldapp.storage.views import Choice, ConflictRow, HistoryRow
from fieldapp.ui.history import HistoryList
from fieldapp.ui.history_lines import HistoryLine, attached_lines
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


def test_a_settled_conflict_says_who_settled_it_and_what_stood_against_each_other(qtbot: QtBot) -> None:
    shown = HistoryList(Texts())
    qtbot.addWidget(shown)
    here = DeviceId(bytes(16))
    sides = (Choice(6.9, "张三", here, 0), Choice(5.9, "李四", here, 60_000))
    decided = (ConflictRow("measurement", new_id(), "", "dbh_cm", sides),)
    shown.show_lines([HistoryLine("measurement", "0302", HistoryRow(0, "王五", here, True, {"dbh_cm": 5.9}, decided))])
    text = shown.item(0).text()
    assert all(part in text for part in ("王五", "0302", "定下冲突", "6.9（张三", "5.9（李四"))
    assert "登记" not in text


def test_photos_and_first_positions_are_one_line_a_day_with_what_they_show(qtbot: QtBot) -> None:
    texts = Texts()
    shown = HistoryList(texts)
    qtbot.addWidget(shown)

    def there(record: str, tag: str, first: bool = True, **fields: Value) -> Attached:
        return Attached(record, "tree", tag, HistoryRow(0, "张三", DeviceId(bytes(16)), True, fields), first)

    many = [there("photo_link", f"03{number:02}") for number in range(1, 18)]
    shown.show_lines(attached_lines([*many, there("position", "0301", lat=26.1, lon=108.5, subject="tree")]))
    position, photos = (shown.item(row).text() for row in range(2))
    assert "加了 17 张照片：0301，" in photos
    assert "0308 等 17 处" in photos
    assert all(part in position for part in ("0301", "登记", "26.1", "108.5"))
    texts.switch("en")
    assert "added 17 photos: 0301, " in shown.item(1).text()
    texts.switch("zh_CN")
