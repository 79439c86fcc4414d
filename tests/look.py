"""Pictures of ten pages for people to look at: light, dark, on a phone and as on paper, in .cache/look.

Run it with 'make look' after a change to the style, before and after, and look at both.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import build  # noqa: E402  (a command of ours, beside the package)
from playwright.sync_api import sync_playwright  # noqa: E402

from tests import machine  # noqa: E402
from tests.conftest import _CHROMIUM  # noqa: E402

TO = ROOT / ".cache/look"
PAGES = (
    "index",
    "get-help",
    "understand/severity",
    "tests/your-echo-report",
    "treatment/compare",
    "treatment/surgery-or-clip",
    "treatment/recovery",
    "living/exercise",
    "tools/my-diary",
    "glossary",
)
#: How each is looked at: the window, and what the reader's device asks for.
LOOKS = {
    "light": ((1280, 800), {"color_scheme": "light"}),
    "dark": ((1280, 800), {"color_scheme": "dark"}),
    "phone": ((360, 740), {"color_scheme": "light"}),
    "print": ((680, 1009), {"color_scheme": "light", "media": "print"}),
}


def main() -> int:
    """Build the offline copy and take the pictures; returns the exit code."""
    site = ROOT / ".cache/look-site"
    for folder in (site, TO):
        shutil.rmtree(folder, ignore_errors=True)
    TO.mkdir(parents=True)
    try:
        build.mkdocs(ROOT, site, OFFLINE="true", DOWNLOADS="", SITE_URL="")
        browser_path = machine.chromium()
    except (build.BuildError, machine.MissingError) as error:
        print(f"look: {error}", file=sys.stderr)
        return 1
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=_CHROMIUM)
        for look, ((width, height), media) in LOOKS.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.emulate_media(**media)  # type: ignore[arg-type]
            page.goto((site / "index.html").as_uri())  # reads the font
            there = [name for name in PAGES if (site / f"{name}.html").is_file()]
            for name in there:
                page.goto((site / f"{name}.html").as_uri())
                # Pictures come as a reader comes near; here all at once.
                page.evaluate("""() => Promise.all([...document.images].map(image => {
                    image.loading = 'eager';
                    return image.decode().catch(() => null);
                }))""")
                page.screenshot(path=TO / f"{name.replace('/', '-')}.{look}.png", full_page=look != "print")
            page.close()
        browser.close()
    shutil.rmtree(site)
    print(f"look: {len(LOOKS) * len(PAGES)} pictures are in {TO.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
