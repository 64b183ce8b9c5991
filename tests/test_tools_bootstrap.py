"""The set-up: what the lock holds, what the environment becomes, also without ensurepip and without root."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import bootstrap

PROJECT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$", re.MULTILINE)


def pins() -> dict[str, set[Version]]:
    """What the lock pins; several versions where they differ by platform or Python."""
    found: dict[str, set[Version]] = {}
    for match in PIN.finditer(bootstrap.LOCK.read_text("utf-8")):
        found.setdefault(canonicalize_name(match["name"]), set()).add(Version(match["version"]))
    return found


def declared() -> list[Requirement]:
    """What pyproject.toml asks for, to run, to build and to develop."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    words = (
        project["project"]["dependencies"] + project["dependency-groups"]["dev"] + project["build-system"]["requires"]
    )
    return [Requirement(word) for word in words]


def test_the_lock_pins_everything_that_is_declared() -> None:
    known = pins()
    for requirement in declared():
        versions = known.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not in requirements.lock: run `make lock`"
        assert any(requirement.specifier.contains(version) for version in versions), str(requirement)
    for name, versions in known.items():  # several where Pythons differ: each is one that is asked for
        wanted = [one.specifier for one in declared() if canonicalize_name(one.name) == name]
        assert all(any(one.contains(version) for one in wanted) for version in versions) or not wanted, name


def test_every_pin_has_hashes_and_names_no_place() -> None:
    text = bootstrap.LOCK.read_text("utf-8")
    assert all("--hash=sha256:" in text[match.end() : match.end() + 40] for match in PIN.finditer(text))
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_a_library_that_is_not_there_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    assert bootstrap.missing_packages() == (["libnowhere9"] if sys.platform == "linux" else [])


@pytest.mark.skipif(sys.platform != "linux", reason="apt and root are Linux matters")
def test_without_root_one_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    assert not bootstrap.install_system_packages(["libegl1", "libgl1"])
    command = "apt-get update && apt-get install -y --no-install-recommends libegl1 libgl1"
    assert command in capsys.readouterr().out


def test_nothing_missing_asks_for_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.install_system_packages([])
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(importlib.util.find_spec("ensurepip") is None, reason="this Python has no ensurepip")
def test_an_environment_is_made_once_and_kept(tmp_path: Path) -> None:
    bootstrap.make_environment(tmp_path / "env")
    python = bootstrap.environment_python(tmp_path / "env")
    mark = tmp_path / "env" / "mark"
    mark.touch()
    bootstrap.make_environment(tmp_path / "env")
    assert mark.exists()
    assert subprocess.run([str(python), "-m", "pip", "--version"], check=True, capture_output=True).stdout


def test_the_fingerprint_follows_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bootstrap.fingerprint()
    changed = tmp_path / "requirements.lock"
    changed.write_bytes(bootstrap.LOCK.read_bytes() + b"\n")
    monkeypatch.setattr(bootstrap, "LOCK", changed)
    assert bootstrap.fingerprint() != before


def test_bootstrap_needs_nothing_but_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({bootstrap.__file__!r})"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_windows_twins_use_the_same_steps() -> None:
    for name, last in (("run.cmd", "tools.run"), ("test.cmd", "pytest")):
        script = (PROJECT / name).read_bytes()
        assert b"tools\\bootstrap.py" in script
        assert last.encode() in script
        assert script.count(b"\r\n") == script.count(b"\n")


def test_a_python_without_files_in_the_lock_is_told_what_to_do() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    fit = [minor for minor in range(20) if not bootstrap.unfit((3, minor))]
    assert [f"3.{minor}" for minor in range(20) if f"3.{minor}" in SpecifierSet(project["requires-python"])] == [
        f"3.{minor}" for minor in fit
    ]
    assert "3.11 or later" in bootstrap.unfit((3, 10))
    assert "make PYTHON=python3.14 run" in bootstrap.unfit((3, fit[-1] + 1))
