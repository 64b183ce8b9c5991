"""Tables of trees as offices keep them."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldapp import i18n
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.reports import Draws, total_rows
from fieldapp.carbon.since_table import change_rows
from fieldapp.carbon.table import BLOCK_ROWS, TreeTable
from fieldapp.domain import programme
from fieldapp.domain.totals import Kind, Part, add_up
from fieldapp.errors import ItemError


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separators_and_chinese_headers(estimator: RegistryEstimator, separator: str) -> None:
    text = separator.join(("胸径", "备注", "树种")) + "\n" + separator.join(("10", "x", "马尾松")) + "\n"
    table = TreeTable(text)
    block = next(table.blocks(estimator))
    assert block.sink(0).equation_id == "pinus_massoniana-20caf8"
    assert table.header == ["胸径", "备注", "树种"]


def test_a_girth_stands_in_for_a_diameter(estimator: RegistryEstimator) -> None:
    table = TreeTable("species,dbh_cm,girth_cm\n马尾松,,31.41592653589793\n马尾松,10,99\n")
    block = next(table.blocks(estimator))
    assert block.sink(0).agb_kg == pytest.approx(block.sink(1).agb_kg)
    assert block.sink(0).flags == ("girth",)
    assert block.sink(1).flags == ("girth_differs",)


def test_blocks_cover_every_row(estimator: RegistryEstimator) -> None:
    text = "species,dbh_cm\n" + "杉木,7\n" * (BLOCK_ROWS + 3)
    sizes = [len(block.rows) for block in TreeTable(text).blocks(estimator)]
    assert sizes == [BLOCK_ROWS, 3]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "species\n杉木\n", "dbh_cm\n7\n"])
def test_needed_columns(text: str) -> None:
    with pytest.raises(ItemError) as caught:
        TreeTable(text)
    assert caught.value.code == "estimate_columns_missing"


def test_an_age_below_zero_refuses_its_row_only(estimator: RegistryEstimator) -> None:
    block = next(TreeTable("species,dbh_cm,age\n杉木,7,-2\n杉木,7,8\n杉木,7,\n").blocks(estimator))
    assert [block.sink(place).error for place in range(3)] == ["carbon_age_negative", "", ""]


def test_missing_heights_are_filled_parcel_by_parcel(estimator: RegistryEstimator) -> None:
    heights = [1.3 + d * d / (1.3 + 0.21 * d) ** 2 for d in (5, 5.5, 6, 6.5, 7, 7.5, 8, 9)]
    rows = [f"杉木,{d},{h:.3f},upper" for d, h in zip((5, 5.5, 6, 6.5, 7, 7.5, 8, 9), heights, strict=True)]
    table = TreeTable("\n".join(["species,dbh_cm,height_m,parcel", *rows, "杉木,6.2,,upper", "杉木,6.2,,lower"]))
    upper, lower = table.fit_heights(estimator.registry)
    assert upper.curve is not None
    assert (upper.parcel, upper.heights, upper.missing, upper.filled) == ("upper", 8, 1, 1)
    assert (lower.parcel, lower.heights, lower.missing, lower.filled, lower.curve) == ("lower", 0, 1, 0, None)
    block = next(table.blocks(estimator))
    filled, bare = block.sink(8), block.sink(9)
    assert filled.equation_id == "cunninghamia_lanceolata-lyt2264-agb"
    assert filled.flags[0] == "height_curve"
    assert filled.flags.count("height_curve") == 1
    assert filled == estimator.estimate(block.tree(8)), "with the error of a height from a curve, as a record's"
    assert bare.equation_id != filled.equation_id
    assert len(block.rows) == 10


def test_a_girth_that_cannot_be_names_its_own_column(estimator: RegistryEstimator) -> None:
    block = next(TreeTable("species,girth_cm\n杉木,0\n杉木,-3\n杉木,9999\n杉木,nan\n杉木,31\n").blocks(estimator))
    codes = ["not_positive", "not_positive", "too_large", "not_a_number"]
    assert [block.sink(place).error for place in range(5)] == [*(f"carbon_girth_{code}" for code in codes), ""]


def test_broken_rows_are_refused_and_the_others_go_on(estimator: RegistryEstimator) -> None:
    block = next(TreeTable('species,dbh_cm\n杉木,7,5\n"杉木,7\n杉木,7\n').blocks(estimator))
    assert [block.sink(place).error for place in range(3)] == ["table_cells", "table_quote", ""]


def test_a_column_called_like_a_result_is_kept_and_only_results_are_replaced(estimator: RegistryEstimator) -> None:
    text = "species,dbh_cm,Status\n杉木,7,dead\n"
    own = TreeTable(text)
    assert own.header == ["species", "dbh_cm", "Status_given"]
    assert next(own.blocks(estimator)).rows == [["杉木", "7", "dead"]]
    (row,) = total_rows(TreeTable(text), estimator, programme.load(), "Status_given")
    assert row["Status_given"] == "dead"
    assert TreeTable("species,dbh_cm,status,method_version\n杉木,7,verified,v\n").header == ["species", "dbh_cm"]


@pytest.mark.parametrize("header", ["species,dbh_cm,DBH_CM", "树种,胸径,胸径"])
def test_a_column_that_stands_twice_is_refused(header: str) -> None:
    with pytest.raises(ItemError, match="estimate_column_twice"):
        TreeTable(f"{header}\n杉木,7,8\n")


def test_the_stems_of_a_forked_tree_are_added_up(estimator: RegistryEstimator) -> None:
    cells = ("6+7.5,", "6,", "7.5,", ",18.85＋23.56", "6+x,", "6+0,", "周18.85,")
    text = "\n".join(["species,dbh_cm,girth_cm", *(f"马尾松,{cell}" for cell in cells)])
    block = next(TreeTable(text).blocks(estimator))
    forked, one, other, girths, wrong, zero, girth = (block.sink(place) for place in range(7))
    assert forked.co2e_kg == pytest.approx((one.co2e_kg or 0) + (other.co2e_kg or 0))
    assert girths.co2e_kg == pytest.approx(forked.co2e_kg, rel=1e-3)
    assert (forked.flags, girths.flags) == (("forked",), ("girth", "forked"))
    assert (girth.flags, girth.co2e_kg) == (("girth",), pytest.approx(one.co2e_kg, rel=1e-3))
    assert (wrong.error, zero.error) == ("carbon_dbh_not_a_number", "carbon_dbh_not_positive")


@pytest.mark.parametrize("fork", ["4+15.5", "2+2+2+2", "6+7.5"])
def test_a_fork_has_one_range_in_its_row_in_totals_and_in_a_profile(estimator: RegistryEstimator, fork: str) -> None:
    text = f"household,species,dbh_cm\nA,杉木,{fork}\n"
    (row,) = total_rows(TreeTable(text), estimator, programme.load(), "household", Draws(2000, 1))
    sink = next(TreeTable(text).blocks(estimator)).sink(0)
    half = (sink.co2e_high_kg or 0) - (sink.co2e_kg or 0)
    assert (row["trees"], row["platform_co2e_kg_per_year"]) == (1, 10)
    for column in ("co2e_kg", "co2e_low_kg", "co2e_high_kg"):
        assert row[column] == pytest.approx(getattr(sink, column))
    kept = Part(
        *(Kind("cunninghamia_lanceolata", sink.equation_id, sink.flags), 1),
        *(sink.co2e_kg or 0, (sink.co2e_kg or 0) ** 2, half**2),
    )
    assert row["random_half_width_kg"] == pytest.approx(add_up([kept], estimator).random_half_width_kg)
    assert row["monte_carlo_half_width_kg"] == pytest.approx(half, rel=0.1)


def test_one_curve_for_all_names_of_a_species(estimator: RegistryEstimator) -> None:
    heights = {d: 1.3 + d * d / (1.3 + 0.21 * d) ** 2 for d in (5, 5.5, 6, 6.5, 7, 7.5, 8, 9)}
    names = ("杉木", "Cunninghamia lanceolata", "cunninghamia_lanceolata")
    rows = [f"{names[place % 3]},{d},{h:.3f}" for place, (d, h) in enumerate(heights.items())]
    table = TreeTable("\n".join(["species,dbh_cm,height_m", *rows, "杉木,6.2,", "Cunninghamia lanceolata,6.4,"]))
    (one,) = table.fit_heights(estimator.registry)
    assert (one.species, one.heights, one.filled) == ("杉木", 8, 2)
    block = next(table.blocks(estimator))
    assert all("height_curve" in block.sink(place).flags for place in (8, 9))


@pytest.mark.parametrize(
    ("row", "flags"),
    [
        ("马尾松,10,31.4,,,", ()),
        ("马尾松,10,29,,,", ("girth_differs",)),
        ("马尾松,10,0,,,", ("girth_differs",)),
        ("马尾松,39.3,,,,", ("dbh_girth",)),
        ("马尾松,39.3,,,,60", ()),
        ("马尾松,,39.3,,,", ("girth",)),
        ("马尾松,7,,15,,", ("height_ratio",)),
        ("马尾松,7,,1.35,,", ("height_ratio",)),
        ("马尾松,7,,65,,", ("height_unit",)),
        ("马尾松,7,,6,,", ()),
        ("马尾松,7,,,0.5,", ("density_unused",)),
        ("马尾松,45,,,,7", ("dbh_age",)),
        ("马尾松,7,,,,0", ("age_too_young",)),
        ("马尾松,7,,,,0.9", ("age_too_young",)),
    ],
)
def test_doubtful_values_are_computed_with_and_marked(
    estimator: RegistryEstimator, row: str, flags: tuple[str, ...]
) -> None:
    table = TreeTable(f"species,dbh_cm,girth_cm,height_m,wood_density,age\n{row}\n")
    sink = next(table.blocks(estimator)).sink(0)
    assert sink.error == ""
    assert sink.co2e_kg
    assert tuple(flag for flag in sink.flags if flag != "extrapolated") == flags


@pytest.mark.parametrize(
    "flag", ["girth_differs", "dbh_girth", "dbh_age", "height_ratio", "height_unit", "age_too_young"]
)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_mark_has_its_words(language: str, flag: str) -> None:
    i18n.set_language(language)
    assert i18n.has(f"carbon.flag.{flag}")
    assert i18n.has("carbon.flag.density_unused")


DEAD = "tag,species,dbh_cm,household,state\n1,杉木,12,a,alive\n2,杉木,12,a,dead\n3,杉木,6+7,a,已采伐\n4,杉木,,a,枯死\n"


def test_a_tree_that_is_dead_or_gone_is_marked_and_in_no_sum(estimator: RegistryEstimator) -> None:
    (block,) = TreeTable(DEAD).blocks(estimator)
    assert ["not_counted" in block.sink(place).flags for place in range(3)] == [False, True, True]
    rules = programme.load(dt.date(2026, 3, 1))
    alone = TreeTable(DEAD.split("\n2,")[0] + "\n5,杉木,9,b,VA\n")  # another word says nothing
    living = total_rows(alone, estimator, rules, "household")
    (row,) = total_rows(TreeTable(DEAD), estimator, rules, "household", Draws(2, 1))
    assert (row["not_counted"], row["refused"], row["platform_co2e_kg_per_year"]) == (3, 0, 10.0)
    assert {name: row[name] for name in living[0] if name != "not_counted"} == {
        name: value for name, value in living[0].items() if name != "not_counted"
    }
    assert [one["trees"] for one in living] == [1, 1]


def test_a_tree_that_is_dead_in_the_later_table_is_lost(estimator: RegistryEstimator) -> None:
    rows = "tag,species,dbh_cm,状态\n" + "".join(f"{tag},杉木,12,存活\n" for tag in range(5))
    later = rows.replace("4,杉木,12,存活", "4,杉木,12,枯死")
    (row,) = change_rows(TreeTable(rows), TreeTable(later), estimator, 2.0, None)
    assert (row["trees"], row["lost"], row["refused"]) == (4, 1, 0)
    assert row["change_co2e_kg"] < 0
