"""Makes the golden file of the newest schema: run once when a schema is released, then never touch the file again."""

from __future__ import annotations

import lzma
import tempfile
from pathlib import Path

from fieldapp.storage import migrations, profile
from tests.storage.conftest import PlainEstimator, plant


def main() -> None:
    """Writes tests/golden/schema_vN.db.xz from a profile with one household and two trees."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "p"
        profile.create(home, person="golden", pin=None, practice=True)
        store = profile.open_store(home, pin=None, estimator=PlainEstimator())
        plant(store, 2)
        plain = Path(folder) / "plain.db"
        store.connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(plain),))
        store.connection.execute("SELECT sqlcipher_export('plain')")
        store.connection.execute(f"PRAGMA plain.user_version = {migrations.NEWEST}")
        store.close()
        target = Path(__file__).parent / f"schema_v{migrations.NEWEST}.db.xz"
        target.write_bytes(lzma.compress(plain.read_bytes(), preset=9))


if __name__ == "__main__":
    main()
