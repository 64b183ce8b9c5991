"""Drawn photos: the same for the same scene, saying what the scene says and nothing more."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image

from fieldapp.media.derive import derive
from fieldapp.media.drawing import Scene, draw
from fieldapp.media.inspect import inspect


def test_the_same_scene_gives_the_same_bytes() -> None:
    assert draw(Scene(seed=1, label="LX00001")) == draw(Scene(seed=1, label="LX00001"))
    assert draw(Scene(seed=1, label="LX00001")) != draw(Scene(seed=2, label="LX00001"))


@pytest.mark.parametrize("subject", ["tree", "parcel", "household"])
@pytest.mark.parametrize("orientation", [None, 1, 3, 6, 8])
def test_the_file_says_what_the_scene_says(subject: str, orientation: int | None) -> None:
    scene = Scene(
        seed=3,
        label="LX00003",
        subject=subject,
        taken_at=dt.datetime(2025, 4, 7, 9, 1, 2),
        zone="+08:00",
        lat=-26.031234,
        lon=108.612345,
        alt_m=-3.5,
        accuracy_m=4.25,
        orientation=orientation,
    )
    facts = inspect(draw(scene))
    assert (facts.ok, facts.findings, facts.orientation) == (True, (), orientation)
    assert (facts.taken_at, facts.taken_at_zone) == ("2025-04-07T09:01:02", "+08:00")
    assert (facts.lat, facts.lon) == (pytest.approx(-26.031234), pytest.approx(108.612345))
    assert (facts.alt_m, facts.accuracy_m) == (-3.5, 4.25)


def test_a_turned_photo_stands_upright_in_its_copy() -> None:
    working = derive(draw(Scene(seed=3, label="LX00003", orientation=6))).working
    assert Image.open(io.BytesIO(working)).size == (1200, 1600)


def test_a_silent_scene_says_nothing() -> None:
    facts = inspect(draw(Scene(seed=3, label="LX00003")))
    assert (facts.orientation, facts.taken_at, facts.lat, facts.alt_m, facts.accuracy_m) == (None,) * 5
