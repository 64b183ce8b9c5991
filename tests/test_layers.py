"""The arrows of docs/architecture.md, read from the imports: who may know whom, and who alone knows a library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "fieldapp"

ANYBODY = {"errors", "i18n", "paths", "log", "locks", "tables", "collector", "__init__"}
# room -> the rooms it may import besides itself and what anybody may; "*" is everything
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "paths": set(),
    "i18n": set(),
    "log": set(),
    "locks": set(),
    "collector": set(),
    "tables": set(),
    "domain": set(),
    "carbon": {"domain"},
    "geo": {"domain"},
    "media": {"domain"},
    "storage": {"domain"},
    "sync": {"domain", "storage"},
    "server": {"domain", "carbon", "sync.wire", "sync.sections"},  # the protocol, not the engine
    "ui": {"domain", "carbon", "geo", "media", "storage", "sync"},
    "practice": {"domain", "carbon", "geo", "media", "storage"},
    "commands": {"*"},
    "cli": {"*"},
    "app": {"*"},
    "__main__": {"cli"},
}
# library -> the only places that may import it
ONLY_IN: dict[str, set[str]] = {
    "PySide6": {"ui", "app"},
    "shiboken6": {"ui", "app"},
    "sqlcipher3": {"storage", "server"},
    "sqlite3": {"storage", "server"},
    "sqlite_utils": {"storage", "server"},
    "sqlalchemy": {"server"},
    "alembic": {"server"},
    "starlette": {"server"},
    "uvicorn": {"server"},
    "jinja2": {"server"},
    "obstore": {"server"},
    "httpx": {"sync.transport", "sync.refusals"},
    "pyproj": {"geo"},
    "PIL": {"media"},
    "pi_heif": {"media"},
    "argon2": {"storage", "server"},
}
PURE = {"domain", "carbon"}
NOT_IN_PURE = {"socket", "subprocess", "threading", "logging", "tempfile", "shutil", "http", "urllib"}


def module_name(file: Path) -> str:
    """Dotted name below the package: `sync.wire`, `cli`."""
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imports(file: Path) -> Iterator[str]:
    """Absolute dotted names of everything a file imports, wherever in the file it does so."""
    package = ("fieldapp", *file.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) + "." if node.level else ""
            yield from (f"{base}{node.module or ''}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    """First part of a dotted name."""
    return module.split(".")[0]


def within(name: str, allowed: set[str]) -> bool:
    """Whether a dotted name is one of the allowed names or below one of them."""
    return any(name == known or name.startswith(f"{known}.") for known in allowed)


FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [module_name(file) for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_rooms_import_only_what_they_may(file: Path) -> None:
    own = room(module_name(file))
    assert own in MAY_IMPORT, f"a new room: say in tests/test_layers.py and docs/architecture.md what {own} may know"
    if "*" in MAY_IMPORT[own]:
        return
    ours = {name.removeprefix("fieldapp.") for name in imports(file) if name.startswith("fieldapp.")}
    allowed = MAY_IMPORT[own] | ANYBODY | {own, "__version__"}
    assert sorted(name for name in ours if not within(name, allowed)) == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_libraries_stay_in_their_rooms(file: Path) -> None:
    module = module_name(file)
    libraries = {room(name) for name in imports(file)}
    assert sorted(lib for lib in libraries if lib in ONLY_IN and not within(module, ONLY_IN[lib])) == []
    if room(module) in PURE:
        assert sorted(libraries & NOT_IN_PURE) == []


def test_pyproj_is_in_one_module_only() -> None:
    users = [module_name(file) for file in FILES if "pyproj" in {room(name) for name in imports(file)}]
    assert len(users) <= 1, users


def test_the_reader_sees_relative_and_inner_imports() -> None:
    seen = {name for file in FILES if module_name(file) == "cli" for name in imports(file)}
    assert "fieldapp.errors.FieldappError" in seen
