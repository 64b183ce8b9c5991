"""The counts of the list are out of date after a pull, and are shown until somebody has counted anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldapp.domain.records import Household
from fieldapp.storage import finding_counts, reads
from fieldapp.storage.store import Store
from tests.storage.test_oplog import carry


def test_a_pull_makes_the_counts_of_its_village_stale(make_store: Callable[[str], Store], field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    one = field.plant(first, 1).household
    carry(first, second, field.village)
    assert finding_counts.next_uncounted(second, field.village) == one.id
    assert finding_counts.next_uncounted(second, field.village, {one.id}) is None
    finding_counts.keep(second, one.id, red=2, amber=1, grey=0)
    assert finding_counts.next_uncounted(second, field.village) is None
    carry(first, second, field.village)
    assert finding_counts.next_uncounted(second, field.village) is None, "nothing new came"
    shown = first.get(Household, one.id)
    assert shown is not None
    with first.unit() as unit:
        unit.edit(shown, phone="1")
        unit.commit()
    carry(first, second, field.village)
    (row,) = reads.households(second, field.village)
    assert (row.findings_red, row.findings_amber, row.findings_grey) == (2, 1, 0)
    assert finding_counts.next_uncounted(second, field.village) == one.id
    assert finding_counts.doubtful_of(second, field.village) == (0, False)
    finding_counts.keep(second, one.id, red=2, amber=2, grey=0, doubtful=3)
    assert finding_counts.next_uncounted(second, field.village) is None
    assert finding_counts.doubtful_of(second, field.village) == (3, True)
    assert finding_counts.doubtful_of(second, "522632106299") == (0, True)
