"""Two tables of the same trees give the change of their sum, never of one tree."""

from __future__ import annotations

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.since_table import change_rows
from fieldapp.carbon.table import TreeTable
from fieldapp.errors import ItemError

HEAD = "household,tag,species,dbh_cm,height_m\n"
FIRST = HEAD + "A,1,马尾松,6,\nA,2,马尾松,8,\nA,3,马尾松,7,\nA,5,马尾松,7,\nB,1,马尾松,6,\n"
SECOND = HEAD + "A,1,马尾松,7,\nA,2,马尾松,7.5,\nA,4,马尾松,5,\nA,5,马尾松,,\nB,1,马尾松,7,\n"
ROOTS = 0.023, 2.241
ROWS = "".join(f"A,{n},马尾松,{5 + n},\n" for n in range(1, 5))


def _co2(d: float) -> float:
    return float((0.0881 * d**2.4651 + ROOTS[0] * d ** ROOTS[1]) * 0.47 * 44 / 12)


def test_growth_loss_and_planting_are_told_apart(estimator: RegistryEstimator) -> None:
    household, _other = change_rows(TreeTable(FIRST), TreeTable(SECOND), estimator, 1.5, "household")
    expected = _co2(7) + _co2(7.5) + _co2(5) - _co2(6) - _co2(8) - _co2(7)
    assert household["change_co2e_kg"] == pytest.approx(expected, abs=1e-6)
    assert household["yearly_co2e_kg"] == pytest.approx(expected / 1.5, abs=1e-6)
    counts = {name: household[name] for name in ("trees", "lost", "planted", "refused", "thinner")}
    assert counts == {"trees": 2, "lost": 1, "planted": 1, "refused": 1, "thinner": 1}
    assert household["thinner_trees"] == "2"
    assert household["yearly_low_kg"] < household["yearly_co2e_kg"] < household["yearly_high_kg"]


def test_one_trees_gain_is_not_told(estimator: RegistryEstimator) -> None:
    _household, alone = change_rows(TreeTable(FIRST), TreeTable(SECOND), estimator, 1.5, "household")
    assert alone["household"] == "B"
    assert (alone["trees"], alone["change_co2e_kg"], alone["yearly_co2e_kg"]) == (1, None, None)


def test_the_order_of_rows_does_not_matter(estimator: RegistryEstimator) -> None:
    head, *rows = SECOND.splitlines()
    turned = "\n".join([head, *reversed(rows)])
    straight = change_rows(TreeTable(FIRST), TreeTable(SECOND), estimator, 2.0, "household")
    assert change_rows(TreeTable(FIRST), TreeTable(turned), estimator, 2.0, "household") == straight


def test_a_table_without_a_column_of_names_is_refused(estimator: RegistryEstimator) -> None:
    text = HEAD.replace("tag", "name") + "A,1,马尾松,6,\n"
    with pytest.raises(ItemError):
        change_rows(TreeTable(text), TreeTable(text), estimator, 2.0, None)


def test_trees_that_cannot_be_told_apart_are_left_out_and_the_others_go_on(estimator: RegistryEstimator) -> None:
    more = "A,2,马尾松,9,\nA,,马尾松,6,\n"
    (row,) = change_rows(TreeTable(HEAD + ROWS), TreeTable(HEAD + ROWS + more), estimator, 2.0, None)
    assert (row["trees"], row["lost"], row["planted"], row["refused"]) == (3, 0, 0, 2)
    named = row["refused_trees"].split("; ")
    assert [one.partition(":")[0] for one in named] == ["2", "#6"]


def test_a_seedling_does_not_give_away_one_survivors_gain(estimator: RegistryEstimator) -> None:
    first = HEAD + "A,1,马尾松,6,\nA,2,马尾松,8,\n"
    second = HEAD + "A,1,马尾松,7,\nA,3,马尾松,0.5,\n"
    (row,) = change_rows(TreeTable(first), TreeTable(second), estimator, 1.0, "household")
    assert (row["trees"], row["lost"], row["planted"]) == (1, 1, 1)
    told = ("change_co2e_kg", "yearly_co2e_kg", "yearly_low_kg", "yearly_high_kg", "random_half_width_kg")
    assert [row[name] for name in told] == [None] * len(told)


def test_another_species_is_no_growth(estimator: RegistryEstimator) -> None:
    """Left out of the sum, counted and named; another name of the same species is the same tree."""
    first = HEAD + "A,1,马尾松,6,\nA,2,Pinus massoniana,6,\nA,3,杉木,6,\n"
    second = HEAD + "A,1,马尾松,7,\nA,2,马尾松,7,\nA,3,马尾松,7,\n"
    (row,) = change_rows(TreeTable(first), TreeTable(second), estimator, 1.0, "household")
    assert (row["trees"], row["refused"]) == (2, 1)
    assert row["change_co2e_kg"] == pytest.approx(2 * (_co2(7) - _co2(6)), abs=1e-6)
    assert row["refused_trees"].startswith("3: species: ")


def test_trees_that_are_left_out_are_named(estimator: RegistryEstimator) -> None:
    household, _other = change_rows(TreeTable(FIRST), TreeTable(SECOND), estimator, 1.5, "household")
    assert household["refused_trees"].startswith("5: dbh_cm: ")


def test_a_fork_is_its_stems_added_up_at_both_ends(estimator: RegistryEstimator) -> None:
    """By hand, D -> (0.0881 D^2.4651 + 0.023 D^2.241) 0.47 44/12 kg.

    5 -> 9.484185, 6 -> 14.774201, 7 -> 21.494907, 8 -> 29.746680. Of 5+6 is 7+6 now, written the other way round:
    21.494907 + 14.774201 - 9.484185 - 14.774201 = 12.010722. The tree 2 was 6 and is 6+5: + 9.484185. The tree 3 was
    7+8 and is 8: - 21.494907.
    """
    first = HEAD + "A,1,马尾松,5+6,\nA,2,马尾松,6,\nA,3,马尾松,7+8,\n"
    second = HEAD + "A,1,马尾松,7+6,\nA,2,马尾松,6+5,\nA,3,马尾松,8,\n"
    (row,) = change_rows(TreeTable(first), TreeTable(second), estimator, 2.0, "household")
    assert row["change_co2e_kg"] == pytest.approx(12.010722 + 9.484185 - 21.494907, abs=2e-6)
    assert (row["trees"], row["refused"], row["thinner"]) == (3, 0, 0)
    assert row["other_stems_trees"] == "2;3"


def test_stems_of_a_fork_share_the_error_of_their_equation(estimator: RegistryEstimator) -> None:
    """The shared half of a fork is that of its stems as trees; so is the other half while no stem comes or goes."""
    ends = [("5+6", "6+7"), ("7", "8")]
    forks = [HEAD + "".join(f"A,{n},马尾松,{end[at]},\n" for n, end in enumerate(ends)) for at in (0, 1)]
    alone = [HEAD + "".join(f"A,{d},马尾松,{d + at},\n" for d in (5, 6, 7)) for at in (0, 1)]
    fork, trees = (change_rows(TreeTable(a), TreeTable(b), estimator, 1.0, None)[0] for a, b in (forks, alone))
    for part in ("change_co2e_kg", "correlated_half_width_kg", "random_half_width_kg"):
        assert fork[part] == pytest.approx(trees[part], abs=1e-6)
    more = HEAD + "A,0,马尾松,6+7+1,\nA,1,马尾松,8,\n"
    (other,) = change_rows(TreeTable(forks[0]), TreeTable(more), estimator, 1.0, None)
    assert other["random_half_width_kg"] > 1.5 * fork["random_half_width_kg"]
