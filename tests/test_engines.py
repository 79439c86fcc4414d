"""The same sources, built by MkDocs, by ProperDocs and by Zensical, give a reader the same pages.

MkDocs is no longer maintained, so the way out has to stay open. Whatever differs is named here, with why it is
accepted; a difference that has gone fails too, so that the list stays true.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from center import center, run, site

from tests import engines
from tests.conftest import ROOT, copy_center

OTHERS = ("properdocs", "zensical")
HOSTED, OFFLINE = "hosted", "offline"
#: What the environment gives each kind of build, as scripts/build.py does.
GIVEN = {
    HOSTED: {
        "SITE_URL": "https://example.org/a-project/",
        "REPO_URL": "https://example.org/repository",
        "DOWNLOADS": "downloads/a-center-offline.zip",
    },
    OFFLINE: {"OFFLINE": "true"},
}
#: The address that links are resolved against; the offline copy has none, so any will do.
BASE = {HOSTED: GIVEN[HOSTED]["SITE_URL"], OFFLINE: "https://offline.invalid/"}

#: Zensical's theme puts an empty target of its "skip to content" link into the article; it holds nothing.
ZENSICAL_IDS = frozenset({"__skip"})
#: Zensical leaves such a section out of its search as told, and then takes the mark away. Nothing else reads it.
ZENSICAL_ATTRIBUTES = frozenset({"data-search-exclude"})
#: The theme's worker frame for searching the offline copy: see ENGINE_DIFFERENCES, static_templates.
NOT_IN_ZENSICAL = "assets/javascripts/search-frame.html"
#: A list left out of the search leaves an entry without text. MkDocs gives it the page's title, Zensical the
#: page's name in the navigation; with no text, no reader is led there for its own words.
EMPTY_ENTRY = "#sources-of-this-page"

IGNORED = {
    "mkdocs": engines.Ignored(attributes=ZENSICAL_ATTRIBUTES),
    "properdocs": engines.Ignored(attributes=ZENSICAL_ATTRIBUTES),
    "zensical": engines.Ignored(ids=ZENSICAL_IDS, attributes=ZENSICAL_ATTRIBUTES),
}


@dataclass(frozen=True)
class Difference:
    """A difference that is accepted, why, and how to see on two sites that it is still there."""

    what: str
    why: str
    seen: Callable[[Path, Path], bool]
    kind: str = HOSTED


def _home(site: Path) -> str:
    return (site / "index.html").read_text(encoding="utf-8")


def _only(name: str) -> Callable[[Path, Path], bool]:
    """A file that MkDocs makes and the other engine does not."""
    return lambda one, other: (one / name).is_file() and not (other / name).exists()


def _in_home(text: str) -> Callable[[Path, Path], bool]:
    """Something that only the other engine writes into the start page."""
    return lambda one, other: text not in _home(one) and text in _home(other)


ENGINE_DIFFERENCES: dict[str, tuple[Difference, ...]] = {
    "properdocs": (
        Difference(
            "the generator's name in the head of each page",
            "it names the engine, and must",
            _in_home("mkdocs-ProperDocs"),
        ),
    ),
    "zensical": (
        Difference(
            "an empty target '__skip' in each article",
            "its theme's own, for the link that skips to the content; MkDocs' theme goes to the first heading",
            _in_home('id="__skip"'),
        ),
        Difference(
            "no data-search-exclude on the lists of sources and words",
            "it is obeyed when the search index is made, then taken away",
            lambda one, other: (
                'class="sources" data-search-exclude' in _home(one)
                and 'class="sources" data-search-exclude' not in _home(other)
            ),
        ),
        Difference(
            "addresses from templates begin with './'",
            "they lead to the same place",
            _in_home('href="./get-help/"'),
        ),
        Difference(
            "theme.static_templates is ignored: the frame for searching the offline copy is not copied",
            "its theme searches offline in its own way, from search.js, with no need of our frame",
            lambda one, other: _only(NOT_IN_ZENSICAL)(one, other) and (other / "search.js").is_file(),
            OFFLINE,
        ),
        Difference(
            "the search index is search.json, in another form, for another worker and dialog",
            "its theme's own; what can be found is compared entry by entry",
            _only("search/search_index.json"),
        ),
        Difference(
            "pages have a canonical link '/...' where no site_url is set",
            "the built-in head writes it; the hosted site is built with an address, and the offline copy of an "
            "engine taken over would need it removed",
            _in_home('<link rel="canonical" href="/'),
            OFFLINE,
        ),
        Difference(
            "no sitemap.xml.gz",
            "search engines read sitemap.xml; its entries are compared",
            _only("sitemap.xml.gz"),
        ),
        Difference(
            "another look around the article (theme.variant 'modern')",
            "taking the engine over would set theme.variant: classic; the article and our stylesheet are the same",
            _in_home("assets/stylesheets/modern/"),
        ),
    ),
}


@dataclass(frozen=True)
class Fault:
    """A fault that MkDocs' ``validation`` stops, that Zensical's strict build lets pass, and who sees it then."""

    setting: str
    file: str
    old: str
    new: str
    told: str
    #: Code of our own rule that sees the fault, in the sources or in the site that Zensical built.
    code: str


#: Zensical maps ``validation.not_found`` and ``anchors`` alone (both on by default) and reads no other key of
#: ``validation``, nor ``validation.nav``. ``watch`` it reads (for serve), and ``!ENV`` and ``strict`` like MkDocs.
UNSEEN_BY_ZENSICAL = (
    Fault("absolute_links", "docs/en/glossary.md", "", "\n[a](/get-help/)\n", "absolute link '/get-help/'", "CC303"),
    Fault("unrecognized_links", "docs/en/glossary.md", "", "\n[b](nowhere/)\n", "relative link 'nowhere/'", "CC701"),
    Fault("not_found (pictures)", "docs/en/glossary.md", "", "\n![c](none.svg)\n", "a link 'none.svg'", "CC701"),
    Fault("nav.not_found", "mkdocs.yml", "\nnav:\n", "\nnav:\n  - D: none.md\n", "A reference to 'none.md'", "CC701"),
    Fault("nav.absolute_links", "mkdocs.yml", "\nnav:\n", "\nnav:\n  - E: /none/\n", "path to '/none/'", "CC701"),
    # A page in no menu: no rule of ours asks for it. It is built, its words and links are checked all the same.
    Fault("nav.omitted_files", "docs/en/omitted.md", "", "# Omitted\n\nText.\n", "  - omitted.md", ""),
)


def plant(root: Path, file: str, old: str, new: str) -> None:
    """Put a fault into a file: in the place of ``old``, or at the end."""
    path = root / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")


def adopt(root: Path) -> None:
    """What a clinic that takes the center over adds: a reviewer of each page that has none, and an address."""
    reviewed = "reviewers:\n  - {name: A. Reviewer, role: cardiologist, date: 2026-01-09}"
    for page in (root / "docs" / "en").rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"^reviewers: \[\]$", reviewed, text, count=1, flags=re.M), encoding="utf-8")
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"^(  contact:).*$", r"\1 mistakes@example.org", text, flags=re.M), encoding="utf-8")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Both kinds of build by each engine, each from a copy of its own; the offline one as a clinic adopts it."""
    folder = tmp_path_factory.mktemp("engines")

    def build(engine: str) -> dict[tuple[str, str], Path]:
        built = {}
        for kind, given in GIVEN.items():
            root = copy_center(folder / engine / kind)
            if kind == OFFLINE:
                adopt(root)
            done = engines.build(engine, root, **given)
            assert done.code == 0, done.output
            built[engine, kind] = done.site
        # scripts/build.py puts the offline copy here, and each page links to it.
        packed = built[engine, HOSTED] / GIVEN[HOSTED]["DOWNLOADS"]
        packed.parent.mkdir(exist_ok=True)
        packed.touch()
        return built

    with ThreadPoolExecutor() as several:  # each waits for a program of its own
        return {place: site for built in several.map(build, engines.ENGINES) for place, site in built.items()}


@pytest.fixture(scope="module")
def expected(sites: dict[tuple[str, str], Path]) -> dict[str, dict[str, engines.Page]]:
    """Facts of MkDocs' sites."""
    return {kind: engines.read(sites["mkdocs", kind], BASE[kind], IGNORED["mkdocs"]) for kind in GIVEN}


def test_the_facts_are_there(expected: dict[str, dict[str, engines.Page]]) -> None:
    """Nothing compared with nothing is no test: each fact is found where it must be."""
    for kind, pages in expected.items():
        sources = list((ROOT / "docs" / "en").rglob("*.md"))
        assert len(pages) == len(sources) + 1, f"{kind}: every source and 404.html"
        for name, page in pages.items():
            assert page.head[0] != "title: " and page.head[2] == "language: en", name
            assert page.navigation and page.headings and page.words and page.links and page.markup, name
            assert len(page.call_now) == 1, name
            assert len(page.review) == (name != "404.html"), name
        for fact in ("citations", "sources", "pictures"):
            assert any(getattr(page, fact) for page in pages.values()), fact
    adopted = expected[OFFLINE]["index.html"]
    assert re.fullmatch(r"Reviewed by: .+, .+, \d+ [A-Z][a-z]+ \d{4}\.", adopted.review[0])
    assert any(line.startswith("mailto:") for line in adopted.links)
    drawn = [line for page in expected[HOSTED].values() for line in page.pictures if "person--0" in line]
    assert drawn
    for line in drawn:
        assert sum(int(count) for count in re.findall(r"(\d+) person", line)) == 100, line


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("engine", OTHERS)
def test_pages_are_the_same(
    engine: str, kind: str, sites: dict[tuple[str, str], Path], expected: dict[str, dict[str, engines.Page]]
) -> None:
    pages = engines.read(sites[engine, kind], BASE[kind], IGNORED[engine])
    assert engines.differences(expected[kind], pages) == []


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("engine", OTHERS)
def test_our_files_are_there(engine: str, kind: str, sites: dict[tuple[str, str], Path]) -> None:
    """Styles, scripts and pictures of ours are byte for byte the same."""
    folder = ROOT / "overrides"
    names = {file.relative_to(folder).as_posix() for file in (folder / "assets").rglob("*") if file.is_file()}
    assert "assets/stylesheets/center.css" in names
    for name in names - ({NOT_IN_ZENSICAL} if engine == "zensical" else set()):
        assert (sites[engine, kind] / name).read_bytes() == (sites["mkdocs", kind] / name).read_bytes(), name


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("engine", OTHERS)
def test_search_finds_the_same(engine: str, kind: str, sites: dict[tuple[str, str], Path]) -> None:
    one, other = (engines.found_by_search(sites[name, kind]) for name in ("mkdocs", engine))
    assert len(one) > 100
    assert [place for place in one if place.endswith(EMPTY_ENTRY) and one[place][1]] == []
    assert {place: (title, text) for place, (title, text) in one.items() if not place.endswith(EMPTY_ENTRY)} == {
        place: (title, text) for place, (title, text) in other.items() if not place.endswith(EMPTY_ENTRY)
    }


@pytest.mark.parametrize("engine", OTHERS)
def test_the_sitemap_is_the_same(engine: str, sites: dict[tuple[str, str], Path]) -> None:
    found = engines.addresses(sites["mkdocs", HOSTED])
    assert found
    assert all(found.values()), "each page has the day it was checked"
    assert engines.addresses(sites[engine, HOSTED]) == found
    assert engines.addresses(sites[engine, OFFLINE]) == {}


@pytest.mark.parametrize("engine", OTHERS)
def test_our_own_checks_pass(engine: str, sites: dict[tuple[str, str], Path]) -> None:
    """The validator reads a site of any engine, and finds nothing."""
    found = run.site(site.read(sites[engine, HOSTED], "site"), center.settings(ROOT))
    assert found == []


@pytest.mark.parametrize(
    ("engine", "difference"),
    [(engine, one) for engine, listed in ENGINE_DIFFERENCES.items() for one in listed],
    ids=lambda value: value.what if isinstance(value, Difference) else value,
)
def test_each_listed_difference_is_still_there(
    engine: str, difference: Difference, sites: dict[tuple[str, str], Path]
) -> None:
    """A difference that has gone is taken off the list."""
    assert difference.why
    assert difference.seen(sites["mkdocs", difference.kind], sites[engine, difference.kind])


@pytest.mark.parametrize(
    ("fact", "pattern", "new"),
    [
        ("head", r"<title>", "<title>Not "),
        ("head", r'"@type": "MedicalWebPage"', '"@type": "WebPage"'),
        ("head", r'"og:title" content="', '"og:title" content="Not '),
        ("navigation", r'(class="md-nav__link[^>]*>\s*<span[^>]*>\s*)Get help', r"\1Gone"),
        ("headings", r"<h3 ", "<h4 "),
        ("ids", r'id="benefits"', 'id="gain"'),
        ("citations", r'href="#source-2"', 'href="#source-3"'),
        ("sources", r"https://doi\.org/", "https://example.org/"),
        ("pictures", r"<desc ([^>]*)>\d+", r"<desc \1>0"),
        ("pictures", r"person person--0", "person person--1"),
        ("call_now", r"911 ", "119 "),
        ("review", r"Not yet reviewed", "Reviewed"),
        ("links", r'(?s)(<article.*?)href="\.\./surgery-or-clip/"', r'\1href="../"'),
        ("words", r"\bthe\b(?=[^<>]*</p>)", "teh"),
        ("markup", r'class="people__grid"', 'class="people__line"'),
    ],
)
def test_a_planted_difference_is_seen(
    fact: str, pattern: str, new: str, sites: dict[tuple[str, str], Path], expected: dict[str, dict[str, engines.Page]]
) -> None:
    """Each fact can fail: one word changed in a built page is told with the page and the fact."""
    name = "treatment/teer/index.html"
    html = (sites["zensical", HOSTED] / name).read_text(encoding="utf-8")
    changed = re.sub(pattern, new, html, count=1)
    assert changed != html
    page = engines.read_page(changed, BASE[HOSTED], name, IGNORED["zensical"])
    told = engines.differences({name: expected[HOSTED][name]}, {name: page})
    assert [line for line in told if line.startswith(f"{name}: {fact}: ")], told


def test_a_missing_page_is_seen(expected: dict[str, dict[str, engines.Page]]) -> None:
    pages = expected[HOSTED]
    fewer = {name: page for name, page in pages.items() if name != "get-help/index.html"}
    assert engines.differences(pages, fewer) == ["get-help/index.html: page: -"]
    assert engines.differences(fewer, pages) == ["get-help/index.html: page: +"]


@pytest.mark.parametrize("engine", engines.ENGINES)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\nSaid so [@nobody].\n", "unknown source '@nobody'"),
        ("\n/// nothing\nx: 1\n///\n", "this block was not understood: '/// nothing"),
    ],
    ids=["citation", "block"],
)
def test_what_our_extensions_refuse_stops_every_engine(engine: str, text: str, told: str, copy: Path) -> None:
    plant(copy, "docs/en/glossary.md", "", text)
    done = engines.build(engine, copy)
    assert done.code != 0
    assert told in done.output


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_a_dead_link_stops_every_engine(engine: str, copy: Path) -> None:
    """A page and an anchor that are not there: what Zensical's strict build sees as well."""
    plant(copy, "docs/en/glossary.md", "", "\n[a](nowhere.md) and [b](get-help.md#nowhere)\n")
    done = engines.build(engine, copy)
    assert done.code != 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.output)
    assert "nowhere.md" in plain
    assert "#nowhere" in plain


def test_what_zensical_does_not_see_is_seen_otherwise(tmp_path: Path) -> None:
    """Faults that MkDocs' and ProperDocs' validation stops. Zensical builds on; our own checks see them."""
    root = copy_center(tmp_path / "center")
    for fault in UNSEEN_BY_ZENSICAL:
        plant(root, fault.file, fault.old, fault.new)
    for engine in ("mkdocs", "properdocs"):
        done = engines.build(engine, root)
        assert done.code != 0
        for fault in UNSEEN_BY_ZENSICAL:
            assert fault.told in done.output, (engine, fault.setting)
        shutil.rmtree(done.site, ignore_errors=True)
    done = engines.build("zensical", root)
    assert done.code == 0, "Zensical stops now: split the faults, and take off the list what it sees"
    settings = center.settings(root)
    codes = {f.code for f in run.sources(center.read(root, settings), settings, date(2026, 11, 22))}
    codes |= {f.code for f in run.site(site.read(done.site, "site"), settings)}
    assert {fault.code for fault in UNSEEN_BY_ZENSICAL if fault.code} <= codes


def test_the_locks_hold_what_the_site_is_built_with() -> None:
    """What turns Markdown into pages has one version everywhere, and no lock names a registry."""

    def versions(lock: Path) -> dict[str, str]:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock
        assert "--hash=sha256:" in text, lock
        return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.M))

    ours = versions(ROOT / "requirements.txt")
    for engine in OTHERS:
        theirs = versions(engines.LOCKS / f"{engine}.txt")
        assert engine in theirs
        shared = {"markdown", "pymdown-extensions", "pyyaml", "citeproc-py", "lxml", "pygments", "jinja2"}
        assert shared <= set(theirs)
        assert {name: theirs[name] for name in theirs if name in ours} == {
            name: ours[name] for name in theirs if name in ours
        }
