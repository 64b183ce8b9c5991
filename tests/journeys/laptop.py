"""A surveyor's laptop in a process of its own, so that it can be killed: prints each tree when it is durable.

Called as `python -m tests.journeys.laptop FOLDER PIN FIRST_TAG DAY`; records trees until somebody pulls the plug.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import derived_id
from fieldapp.domain.records import Village
from fieldapp.storage import profile
from tools.surveyor_day import record_household

CODE = "522633100201"


def main(folder: Path, pin: str, first_tag: int, day: str) -> None:
    """Records one household after the other, ten trees each, and tells of each that is saved."""
    store = profile.open_store(folder, pin=pin, estimator=RegistryEstimator(load()))
    village = store.get(Village, derived_id("village", CODE))
    if village is None:
        with store.unit() as unit:
            village = unit.add(Village(id=derived_id("village", CODE), village_code=CODE, name="岜沙村"))
            unit.commit()
    while True:
        made = record_household(
            store, village, head_name="滚拉旺", first_tag=first_tag, dbh_cm=[5.0 + n / 10 for n in range(10)], day=day
        )
        first_tag += 10
        for tree in made.trees:
            print(tree.id.hex(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
