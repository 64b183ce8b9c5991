"""Makes `.venv` with everything in it from nothing but Python 3.11 or later; `make` and its Windows twins call it.

Debian's python3 has neither ensurepip nor pip: root installs python3-venv; anybody else gets Debian's pip wheel,
fetched and its signature checked by apt in a folder of its own. Everything else comes from requirements.lock,
each file checked against its hash. A stamp makes the second run a matter of seconds.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
LOCK = PROJECT / "requirements.lock"
STAMP = ENVIRONMENT / "fieldapp.stamp"
OLDEST, NEWEST = (3, 11), (3, 14)  # as `requires-python` has it

# shared library -> Debian package; the first six for any Qt, the rest for a window under X
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def environment_python(environment: Path = ENVIRONMENT) -> Path:
    """The interpreter inside the environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint() -> str:
    """Changes whenever the environment has to be installed anew."""
    digest = hashlib.sha256(f"{sys.version}\n{PROJECT}".encode())  # a checkout that moved has stale paths inside
    for file in (LOCK, PROJECT / "pyproject.toml", Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def missing_packages() -> list[str]:
    """Debian packages of the shared libraries that cannot be loaded here."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in LIBRARIES.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_system_packages(packages: list[str]) -> bool:
    """Installs Debian packages when root, else prints the one command that does; tells whether they are there now."""
    if not packages:
        return True
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    command = f"apt-get update && {' '.join(install)}"
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"System libraries are missing. As root, run once:\n  {command}", flush=True)
        return False
    print(f"Installing system libraries: {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], install):
        if subprocess.run(step, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            print(f"That failed. As root, run once:\n  {command}", flush=True)
            return False
    return True


def make_environment(environment: Path = ENVIRONMENT) -> None:
    """A virtual environment with pip in it, on a Python with or without ensurepip."""
    python = environment_python(environment)
    if _has_pip(python):
        return
    if importlib.util.find_spec("ensurepip") is None and os.name != "nt" and os.geteuid() == 0:
        install_system_packages(["python3-venv"])
        importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is not None:
        _run(sys.executable, "-m", "venv", "--clear", str(environment))
        return
    _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(environment))
    with tempfile.TemporaryDirectory() as folder:
        wheel = debian_pip_wheel(Path(folder))
        _run(str(python), str(wheel / "pip"), "install", "--quiet", "--no-index", str(wheel))


def _has_pip(python: Path) -> bool:
    if not python.exists():
        return False
    probe = [str(python), "-c", f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0


def debian_pip_wheel(folder: Path) -> Path:
    """Debian's pip wheel, downloaded and verified by apt into `folder` without any right on the system."""
    if shutil.which("apt-get") is None:
        sys.exit(
            "This Python has no ensurepip and there is no apt-get: install your system's python3-venv, then retry."
        )
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    apt = ["apt-get", "-qq", "-o", f"Dir::State={folder / 'state'}", "-o", f"Dir::Cache={folder / 'cache'}"]
    apt += ["-o", "Dir::State::status=/var/lib/dpkg/status"]
    _run(*apt, "update")
    _run(*apt, "download", "python3-pip-whl", cwd=folder)
    _run("dpkg-deb", "-x", str(next(folder.glob("python3-pip-whl_*.deb"))), str(folder))
    return next((folder / "usr" / "share" / "python-wheels").glob("pip-*.whl"))


def install() -> None:
    """Everything of the lock, hashes checked, then the project itself with nothing from outside the lock."""
    pip = (str(environment_python()), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    _run(*pip, "--require-hashes", "-r", str(LOCK))
    _run(*pip, "--no-deps", "--no-build-isolation", "--editable", str(PROJECT))


def _run(*command: str, cwd: Path = PROJECT) -> None:
    done = subprocess.run(command, cwd=cwd, check=False)
    if done.returncode != 0:
        sys.exit(
            f"Set-up stopped: `{' '.join(command)}` ended with {done.returncode}. Nothing else was touched; retry."
        )


def unfit(python: tuple[int, int]) -> str:
    """What to do about a Python that the pinned libraries have no files for; "" for one that they have."""
    found = f"This is Python {python[0]}.{python[1]}; "
    if python < OLDEST:
        return found + "Python 3.11 or later is needed."
    if python > NEWEST:
        return (
            found + "not every pinned library has a file for it yet. Install Python 3.14 beside it, then: "
            "make PYTHON=python3.14 run (Windows: set PY_PYTHON=3.14, then run.cmd)."
        )
    return ""


def main() -> int:
    """Sets everything up, or finds in a moment that nothing is to be done."""
    if complaint := unfit(sys.version_info[:2]):
        sys.exit(complaint)
    install_system_packages(missing_packages())
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text("ascii") == wanted and environment_python().exists():
        return 0
    print("Setting up .venv (once; some minutes on a slow line) ...", flush=True)
    make_environment()
    install()
    STAMP.write_text(wanted, "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
