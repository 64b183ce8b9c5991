"""The photos of the plan: of the right subjects, with time and place, and some of them broken."""

from __future__ import annotations

from collections import Counter

from fieldapp.media.inspect import inspect
from fieldapp.practice.pictures import plan_pictures, spare_pictures
from fieldapp.practice.village import plan_village


def test_so_many_photos_of_houses_slopes_and_trees() -> None:
    pictures = plan_pictures(plan_village(1, 2_000), 240)
    kinds = Counter(picture.subject for picture in pictures)
    assert kinds["tree"] > 180
    assert set(kinds) == {"tree", "household", "parcel"}
    assert sum(picture.broken == "" for picture in pictures) == 240
    assert sum(picture.broken != "" for picture in pictures) == 4
    assert len({picture.name for picture in pictures}) == 244


def test_what_is_planned_is_what_the_file_says() -> None:
    picture = next(p for p in plan_pictures(plan_village(1, 300), 40) if p.scene.lat is not None and not p.broken)
    facts = inspect(picture.data())
    assert facts.ok
    assert facts.findings == ()
    assert 40_000 < facts.size_bytes < 140_000
    assert abs((facts.lat or 0) - (picture.scene.lat or 0)) < 1e-6


def test_broken_files_are_broken_each_in_its_way() -> None:
    spare = spare_pictures(plan_village(1, 300))
    codes = [inspect(picture.data()).findings[0].code for picture in spare if picture.broken]
    assert codes == ["photo_truncated", "photo_not_an_image", "photo_empty", "photo_truncated"]


def test_no_photos_are_no_photos() -> None:
    assert plan_pictures(plan_village(1, 10), 0) == []
    assert len(plan_pictures(plan_village(1, 1), 9)) == 9
