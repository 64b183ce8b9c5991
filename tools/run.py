"""What `make run` does: the window on the practice village, or the same day headless where there is no display."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PRACTICE = PROJECT / "run-output" / "practice"


def has_display() -> bool:
    """Whether a window can be shown here."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").startswith("offscreen"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> int:
    """Exit code of the window, or of the headless day."""
    if not has_display():
        print("No display here: the same day is played without a window.", flush=True)
        return _python("tools.headless_day")
    return ensure_practice(PRACTICE) or _python("fieldapp", "--profile", str(PRACTICE))


def ensure_practice(folder: Path, *words: str) -> int:
    """Makes the practice profile unless it is there; what an interrupted making left is thrown away.

    It is made beside its place and moved there when it is whole, so that a folder in its place is never half-made.
    """
    if folder.exists():
        return 0
    making = folder.with_name(f"{folder.name}-being-made")
    if making.exists():
        shutil.rmtree(making)
    code = _python("fieldapp", "practice", "--profile", str(making), *words)
    if code == 0:
        making.rename(folder)
    return code


def _python(module: str, *words: str) -> int:
    return subprocess.run([sys.executable, "-m", module, *words], cwd=PROJECT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
