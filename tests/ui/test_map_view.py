"""The plain map: outlines read, everything in view, one stray never hides the rest, points chosen by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fieldapp.ui.map_labels import beyond, placed_names
from fieldapp.ui.map_places import MapArea, MapPoint, outline, without_strays
from fieldapp.ui.map_view import MapView
from fieldapp.ui.theme import Theme

WKT = "POLYGON ((108.5 26.0, 108.501 26.0, 108.501 26.001, 108.5 26.0))"


def test_an_outline_is_read_from_wkt() -> None:
    assert outline(WKT)[1] == (108.501, 26.0)
    assert outline(None) == []
    assert outline("POINT EMPTY") == []


def test_a_stray_point_does_not_make_a_dot_of_the_others(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.resize(400, 400)
    near = [MapPoint(bytes([n]), 26.0 + n * 1e-4, 108.5, str(n), accuracy_m=5.0) for n in range(9)]
    view.show_places([*near, MapPoint(b"far", 20.0, 100.0)], [MapArea(b"own", outline(WKT))])
    first, last = view._pixel(108.5, 26.0), view._pixel(108.5, 26.0008)
    assert first.y() - last.y() > 100
    view.choose(b"\x01")
    assert not view.grab().isNull()


@pytest.mark.parametrize("far", [(0.0, 0.0), (31.248, 121.587), (43.467, 11.885)])
def test_a_far_point_is_marked_at_the_edge_even_beside_one_other(qtbot: QtBot, far: tuple[float, float]) -> None:
    view = MapView(Theme())
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show_places([MapPoint(b"far", *far), MapPoint(b"a", 26.0, 108.5, accuracy_m=7.0)])
    assert view.rect().contains(view._pixel(108.5, 26.0).toPoint())
    assert view._scale > 1  # some tens of metres, no country
    ((_place, text),) = view._arrows().values()
    assert text.endswith(" 1")


def test_three_places_that_are_far_from_each_other_show_the_one_in_the_province() -> None:
    places = [MapPoint(b"a", 0.0, 0.0), MapPoint(b"b", 31.248, 121.587), MapPoint(b"c", 26.0, 108.5)]
    assert [point.key for point in without_strays(places)] == [b"c"]
    assert [point.key for point in without_strays(places[:1])] == [b"a"]


def test_a_point_is_chosen_with_the_mouse_and_the_map_moves_with_keys(qtbot: QtBot) -> None:
    view = MapView(Theme())
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show_places([MapPoint(b"a", 26.0, 108.5), MapPoint(b"b", 26.001, 108.501)])
    chosen: list[bytes] = []
    view.point_chosen.connect(chosen.append)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._pixel(108.5, 26.0).toPoint())
    assert chosen == [b"a"]
    before = view._pixel(108.5, 26.0)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view._pixel(108.5, 26.0) != before
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view._pixel(108.5, 26.0) == before


def test_a_map_that_grows_fills_itself_until_a_hand_moved_it(qtbot: QtBot) -> None:
    view = MapView(Theme())
    qtbot.addWidget(view)
    view.resize(120, 120)
    view.show()
    view.show_places([MapPoint(b"a", 26.0, 108.5), MapPoint(b"b", 26.001, 108.501)])
    view.resize(600, 600)
    assert view._pixel(108.5, 26.0).y() - view._pixel(108.501, 26.001).y() > 400
    QTest.keyClick(view, Qt.Key.Key_Left)
    moved = view._pixel(108.5, 26.0)
    view.resize(600, 640)
    assert view._pixel(108.5, 26.0).x() == moved.x()


def test_an_empty_map_says_what_it_is_for(qtbot: QtBot) -> None:
    view = MapView(Theme())
    qtbot.addWidget(view)
    assert not view.grab().isNull()


def test_what_lies_around_is_chosen_by_its_outline_and_a_place_is_in_view_with_its_accuracy(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.resize(400, 400)
    place = MapPoint(b"parcel", 26.002, 108.5, "", accuracy_m=8.0, place=True)
    around = MapArea(b"household", outline("POLYGON ((108.5 26, 108.501 26, 108.501 26.001, 108.5 26.001, 108.5 26))"))
    view.show_places([place], [], [around])
    chosen: list[bytes] = []
    view.area_chosen.connect(chosen.append)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._pixel(108.5005, 26.0005).toPoint())
    assert chosen == [b"household"]
    view.fit_own()
    middle = view._pixel(108.5, 26.002)
    assert abs(middle.x() - 200) < 1
    assert view._scale * 8.0 < 200
    assert not view.grab().isNull()


def test_a_far_parcel_squeezes_nothing_and_is_counted_at_the_edge(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.resize(400, 400)
    near = [MapArea(bytes([n]), [(lon + n * 1e-3, lat) for lon, lat in outline(WKT)], f"h{n}") for n in range(5)]
    far = MapArea(b"far", [(lon + 2.0, lat) for lon, lat in outline(WKT)], "far away")
    view.show_places([], [], [*near, far])
    assert view._pixel(108.505, 26.0).x() - view._pixel(108.5, 26.0).x() > 200
    assert beyond(QRectF(view.rect()), [view._pixel(*area.ring[0]) for area in (*near, far)]) == {(1, 0): 1}
    assert view.name_at(view._pixel(108.5009, 26.0005)) == "h0"
    assert view.name_at(QPointF(1, 1)) == ""
    assert not view.grab().isNull()


def test_keys_step_from_parcel_to_parcel_from_north_to_south_and_enter_chooses(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    view.setFocus()
    south, north = (MapArea(key, [(lon, lat + up) for lon, lat in outline(WKT)], label) for key, up, label in (
        (b"south", 0.0, "South"), (b"north", 0.002, "North")
    ))  # fmt: skip
    place = MapPoint(b"house", 26.0015, 108.5, "House", place=True, other=True)
    view.show_places([place, MapPoint(b"tree", 26.0, 108.5, "T1")], [south], [north])
    chosen: list[bytes] = []
    view.area_chosen.connect(chosen.append)
    view.point_chosen.connect(chosen.append)
    for _ in range(4):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
        QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == [b"north", b"house", b"south", b"north", b"south"], "trees are not among them"
    assert view.accessibleDescription() == "South"
    assert not view.grab().isNull()


def test_an_arrow_at_the_edge_leads_to_what_lies_beyond(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.resize(400, 400)
    near = [MapArea(bytes([n]), [(lon + n * 1e-3, lat) for lon, lat in outline(WKT)], f"h{n}") for n in range(5)]
    far = MapArea(b"far", [(lon + 2.0, lat) for lon, lat in outline(WKT)], "far away")
    view.show_places([], [], [*near, far])
    ((arrow, text),) = view._arrows().values()
    assert text == "→ 1"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=arrow.center().toPoint())
    assert view.rect().contains(view._pixel(*far.ring[0]).toPoint())


def test_no_name_covers_another_parcel(qtbot: QtBot) -> None:
    metrics = QFontMetrics(QGuiApplication.font())
    room, left, right = QRectF(0, 0, 300, 100), QRectF(100, 40, 10, 10), QRectF(115, 40, 10, 10)
    placed = {name: place for place, name in placed_names(room, [(left, "H"), (right, "K")], [left, right], metrics)}
    assert placed["H"].right() <= left.left(), "at its right lies the other one"
    assert placed["K"].left() >= right.right()
    crowded = [QRectF(x, 40, 10, 10) for x in range(0, 300, 12)] + [QRectF(100, y, 10, 10) for y in range(0, 100, 12)]
    assert placed_names(room, [(left, "a long name")], crowded, metrics) == []


def test_arrow_keys_step_in_their_direction_and_with_shift_move_the_map(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.resize(400, 400)

    def area(name: str, east: float, north: float) -> MapArea:
        return MapArea(name.encode(), [(lon + east, lat + north) for lon, lat in outline(WKT)], name)

    around = [area("west", -0.004, 0.0), area("east", 0.004, 0.001), area("north", 0.001, 0.004)]
    view.show_places([], [area("own", 0.0, 0.0)], around)
    steps = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
        steps.append(view.accessibleDescription())
    assert steps == ["east", "own", "west", "west", "own", "north"], "begun at the open household, no way further west"
    before = view._pixel(108.5, 26.0)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view._pixel(108.5, 26.0).x() > before.x()
    marked = view._pixel(*around[2].where)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert (view._pixel(*around[2].where) - marked).manhattanLength() < 0.01, "it zooms about what is marked"


def test_the_mark_stays_on_a_parcel_whose_household_was_opened(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.show_places([], [], [MapArea(b"household", outline(WKT), "Yang")])
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    view.show_places([], [MapArea(b"parcel", outline(WKT), "Poshang")])
    chosen: list[bytes] = []
    view.area_chosen.connect(chosen.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == [b"parcel"]


def test_dragging_the_map_by_a_parcel_does_not_open_it(qtbot: QtBot) -> None:
    view = MapView(Theme(), labels=True)
    qtbot.addWidget(view)
    view.resize(400, 400)
    area = MapArea(b"household", outline(WKT), "Yang")
    view.show_places([], [], [area])
    chosen: list[bytes] = []
    view.area_chosen.connect(chosen.append)
    place = view._pixel(108.5009, 26.0005).toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(view, place + QPoint(60, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place + QPoint(60, 0))
    assert chosen == []
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._pixel(108.5009, 26.0005).toPoint())
    assert chosen == [b"household"]
