"""Shared by all tests: a copy of the center that may be broken, the built site, and real browsers."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

from tests import machine, servers

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import build  # noqa: E402  (a command of ours, beside the package)
from center import center, run  # noqa: E402

# The same pages in every run of the gate, however slow the day is; 'make bench' tries others, for minutes.
settings.register_profile(
    "gate",
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gate")

_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def copy_center(folder: Path) -> Path:
    """A copy of everything a build reads, for a test to break."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def copy_settings(folder: Path) -> None:
    """The settings and data of the fixtures' tiny center, for a center whose pages lie in ``pages``."""
    for file in (ROOT / "tests/pages").iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    chosen = folder / "pyproject.toml"
    chosen.write_text(chosen.read_text().replace('docs = "."', 'docs = "pages"'))


def has_gaps(root: Path) -> bool:
    """Whether a center is not finished yet, so that only a draft of it can be built."""
    chosen = center.settings(root)
    return bool(run.unfinished(run.sources(center.read(root, chosen), chosen, datetime.now(UTC).date())))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A center of this test's own."""
    return copy_center(tmp_path / "center")


@dataclass(frozen=True)
class Built:
    """A finished build: the repository, the hosted site (for ``below``), the zip, and the zip unpacked."""

    root: Path
    site: Path
    packed: Path
    offline: Path
    below: str = "/a-project/"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The center built once, as for a project page under a sub-path."""
    root = copy_center(tmp_path_factory.mktemp("built") / "center")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", f"https://example.org{Built.below}")
        patch.setenv("REPO_URL", "https://github.com/example/repository")
        site, packed = build.build(root, draft=has_gaps(root))
    # A folder name that many have: spaces and letters beyond ASCII.
    unpacked = root.parent / "Téléchargements de ma sœur"
    with zipfile.ZipFile(packed) as zipped:
        zipped.extractall(unpacked)
    return Built(root, site, packed, unpacked / packed.stem)


@pytest.fixture(scope="session")
def hosted(built: Built) -> Iterator[str]:
    """Address of the built site on a static host, under its sub-path."""
    with servers.pages(built.site, built.below) as address:
        yield address


@pytest.fixture(scope="session")
def _driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def _asked() -> Iterator[tuple[str, list[str]]]:
    with servers.recorder() as found:
        yield found


@pytest.fixture
def outside(_asked: tuple[str, list[str]]) -> list[str]:
    """What a page asked of the world beyond this machine during this test. It got nothing.

    In Chromium every request of a page is seen (``open_page`` listens); in Firefox none from file:// is, so
    there the proxy that cuts the network writes down what reaches it.
    """
    _asked[1].clear()
    return _asked[1]


@pytest.fixture(scope="session")
def chromium(_driver: Playwright) -> Iterator[Browser]:
    """Chromium, its network cut by a proxy that is not there."""
    browser = _driver.chromium.launch(
        executable_path=machine.chromium(),
        args=_CHROMIUM,
        proxy={"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"},
    )
    yield browser
    browser.close()


def launch_firefox(driver: Playwright, proxy: str, *, script: bool = True, downloads: Path | None = None) -> Browser:
    """Firefox, its network cut. Its context options for script and offline do nothing, so script,
    and the proxy too, are set by preference. It saves files in ``downloads``, but raises no event for one."""
    address = urlsplit(proxy)
    return driver.firefox.launch(
        channel="moz-firefox",
        executable_path=machine.firefox(),
        downloads_path=downloads,
        firefox_user_prefs={
            "javascript.enabled": script,
            "network.proxy.type": 1,
            "network.proxy.http": address.hostname or "",
            "network.proxy.http_port": address.port or 0,
            "network.proxy.ssl": address.hostname or "",
            "network.proxy.ssl_port": address.port or 0,
            "network.proxy.no_proxies_on": "127.0.0.1",
            # The browser's own talk with its makers is none of ours.
            "browser.safebrowsing.update.enabled": False,
            "services.settings.server": "data:,",
            "network.captive-portal-service.enabled": False,
            "network.connectivity-service.enabled": False,
            "app.normandy.enabled": False,
            "browser.newtabpage.enabled": False,
            "extensions.update.enabled": False,
        },
    )


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Firefox saves files."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def firefox(_driver: Playwright, _asked: tuple[str, list[str]], downloads: Path) -> Iterator[Browser]:
    """Firefox, its network cut by a proxy that only records."""
    browser = launch_firefox(_driver, _asked[0], downloads=downloads)
    yield browser
    browser.close()


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each browser in turn."""
    found: Browser = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def open_page(outside: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh context: ``open_page(browser, address, width=320, ...)``."""
    contexts = []

    def listen(request: Request) -> None:
        if urlsplit(request.url).hostname not in (None, "127.0.0.1"):
            outside.append(request.url)

    def opened(browser: Browser, address: str, **options: object) -> Page:
        width = options.pop("width", 1280)
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)  # type: ignore[arg-type]
        context.on("request", listen)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
