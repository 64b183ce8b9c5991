"""The surveyor's day without a window: practice village, recording, sinks, server, sync of two laptops, pictures.

Everything runs as a person would run it, by the `fieldapp` commands in processes of their own. The exit code is 0
only if both laptops and the server hold the same records, the same photos and the same sinks at the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fieldapp import i18n
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Village
from fieldapp.i18n import t
from fieldapp.storage import profile, reads, sums
from fieldapp.storage.store import Store
from tools.agreement import differences, laptop_rows, server_rows
from tools.surveyor_day import measure, record_household

PROJECT = Path(__file__).resolve().parent.parent
DBH_CM = (5.8, 5.6, 7.7, 5.8, 5.9, 6.1, 7.4, 6.0, 4.6, 6.8, 7.2, 7.7)


def main() -> int:
    """Plays the day into a fresh folder and tells what happened and where everything lies."""
    folder = PROJECT / "run-output" / time.strftime("day-%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    first, second = folder / "laptop-1", folder / "laptop-2"
    i18n.set_language("zh_CN" if os.environ.get("LANG", "").startswith("zh") else "en")
    _say(t("day.village", folder=first))
    _tell(_command("practice", "--profile", str(first), "--json"))
    household_id = _record(first)
    with _server(folder / "server") as server:
        _say(t("day.server", url=server["url"]))
        codes = server["enrol_codes"]
        _sync(4, first, server["url"], codes[0])
        profile.create(second, person="第二台电脑", pin=None, practice=True)
        _sync(5, second, server["url"], codes[1])
        _measure_again(second, household_id)
        _sync(6, second)
        _sync(7, first)
    agreed = _agreed(first, second, folder / "server")
    _say(t("day.pictures"))
    _python("tools.screenshots", str(first), str(folder / "screenshots"))
    _say(t("day.where", first=first, second=second, server=folder / "server", pictures=folder / "screenshots"))
    _say(t("day.agreed") if agreed else t("day.disagreed"))
    return 0 if agreed else 1


def _record(folder: Path) -> RecordId:
    """Records one more household on the first laptop and shows its provisional sink at once."""
    with _opened(folder) as store:
        village = store.get(Village, reads.villages(store)[0].id)
        if village is None:
            raise SystemExit(t("day.village_missing"))
        made = record_household(
            store, village, head_name="杨进光", first_tag=9001, dbh_cm=DBH_CM, day=time.strftime("%Y-%m-%d")
        )
        totals = sums.tree_totals(store, made.household.id)
        _say(
            t(
                "day.recorded",
                n=totals.n,
                kg=f"{totals.co2e_kg:.1f}",
                low=f"{totals.total.low_kg:.1f}",
                high=f"{totals.total.high_kg:.1f}",
                version=store.estimator.method_version,
            )
        )
    return made.household.id


def _measure_again(folder: Path, household_id: RecordId) -> None:
    """The second laptop adds a height to a tree that the first one recorded."""
    with _opened(folder) as store:
        tree = reads.tree_rows(store, household_id)[0].tree
        measure(store, tree, day=time.strftime("%Y-%m-%d"), height_m=5.2)


def _agreed(first: Path, second: Path, server: Path) -> bool:
    """Compares every record of both laptops with the server's, field by field."""
    held = server_rows(server / "server.db")
    agreed = True
    for folder in (first, second):
        with _opened(folder) as store:
            found = differences(laptop_rows(store), held)
        agreed = agreed and not found
        _say(t("day.compared", laptop=folder.name, held=len(held), n=len(found)))
        for line in found[:10]:
            _say(f"   {line}")
    return agreed


def _sync(step: int, folder: Path, url: str = "", code: str = "") -> None:
    words = ["--server", url, "--enrol", code] if code else []
    report = _command("--profile", str(folder), "sync", *words, "--json")
    photos = report["photos"]
    _say(
        t(
            "day.synced",
            step=step,
            laptop=folder.name,
            sent=report["ops"]["sent"],
            received=report["ops"]["received"],
            receipts=report["receipts"],
            files_sent=photos["files_sent"],
            files_received=photos["files_received"],
        )
    )
    if not report["converged"] or report["sink_differences"]:
        _tell(report)
        raise SystemExit(t("day.not_together", laptop=folder.name))


@contextmanager
def _opened(folder: Path) -> Iterator[Store]:
    store = profile.open_store(folder, pin=None, estimator=RegistryEstimator(load()))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _server(folder: Path) -> Iterator[dict[str, Any]]:
    words = ["serve", "--practice", "--data", str(folder), "--port", "0", "--codes", "2", "--json"]
    command = [sys.executable, "-m", "fieldapp", "--lang", i18n.language(), *words]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise SystemExit("the server has no output")
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(30)


def _command(*words: str) -> Any:
    """Runs one `fieldapp` command and reads its JSON; exit code 1 is an answer too."""
    command = [sys.executable, "-m", "fieldapp", "--lang", i18n.language(), *words]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.returncode)
    return json.loads(done.stdout)


def _python(module: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", module, *words], cwd=PROJECT, check=True)


def _say(text: str) -> None:
    print(text, flush=True)


def _tell(facts: Any) -> None:
    _say(json.dumps(facts, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
