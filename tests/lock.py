"""Writes the locks anew: exact versions with hashes, and no registry's address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Input, further arguments, lock. The next two are held to the first, so all environments run the same site.
LOCKS: tuple[tuple[str, list[str], str], ...] = (
    ("pyproject.toml", [], "requirements.txt"),
    ("pyproject.toml", ["--extra", "online", "-c", "requirements.txt"], "requirements-online.txt"),
    ("pyproject.toml", ["--extra", "online", "--extra", "dev", "-c", "requirements.txt"], "requirements-dev.txt"),
    ("tests/engines/properdocs.in", [], "tests/engines/properdocs.txt"),
    ("tests/engines/zensical.in", [], "tests/engines/zensical.txt"),
)


def command(given: str, more: list[str], lock: str) -> list[str]:
    """The call that writes one lock."""
    # Without the patch version uv takes 3.11.0, and a dependency needs 3.11.5.
    fixed = ["--universal", "--python-version", "3.11.5", "--generate-hashes", "--no-emit-index-url"]
    told = ["--custom-compile-command", "make lock"]
    return [sys.executable, "-m", "uv", "pip", "compile", "-q", *fixed, *told, *more, given, "-o", lock]


def main() -> int:
    """Write every lock; returns the exit code."""
    for given, more, lock in LOCKS:
        print(f"lock: {lock}", flush=True)
        done = subprocess.run([*command(given, more, lock), *sys.argv[1:]], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
