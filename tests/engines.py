"""The other engines that can build this center, and what a reader gets from a built site as facts to compare.

MkDocs 1.6.1 gets no more mends. ProperDocs and Zensical read the same sources; each has its own small lock in
``tests/engines`` and its own environment, made when it is first asked for and again when its lock has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parents[1]
LOCKS = Path(__file__).resolve().parent / "engines"
ENGINES = ("mkdocs", "properdocs", "zensical")
#: What mkdocs.yml reads from the environment: a build gets what its test gives and nothing else.
_READ = ("OFFLINE", "DOWNLOADS", "MANIFEST", "SITE_URL", "REPO_URL")


def environment(engine: str) -> Path:
    """Folder of an engine's programs; its environment is made first if its lock is not the one installed."""
    if engine == "mkdocs":
        return Path(sys.executable).parent
    folder = ROOT / f".venv-{engine}"
    lock = LOCKS / f"{engine}.txt"
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    stamp = folder / "lock.sha256"
    wanted = "\n".join([hashlib.sha256(lock.read_bytes()).hexdigest(), sys.version, str(packages)])
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)  # half an environment is none
        _uv("venv", "--python", sys.executable, str(folder))
        _uv("pip", "install", "--require-hashes", "--python", str(folder / "bin" / "python"), "-r", str(lock))
        # Our extensions, by a path of one line: no install of our own package, so nothing without a hash.
        (packages / "center.pth").write_text(f"{ROOT / 'scripts'}\n", encoding="utf-8")
        stamp.write_text(wanted, encoding="utf-8")
    return folder / "bin"


def _uv(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uv", "--quiet", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"uv {arguments[0]} failed: {done.stdout}{done.stderr}")


@dataclass(frozen=True)
class Run:
    """One build by one engine: where it went, how it ended, and all that it printed."""

    engine: str
    site: Path
    code: int
    output: str


def build(engine: str, root: Path, **given: str) -> Run:
    """A strict build of the center at ``root``, with only ``given`` of what mkdocs.yml reads from outside."""
    programs = environment(engine)
    site = root / "site"  # Zensical knows no other; the rest follow it
    calls = {
        "mkdocs": [str(programs / "python"), "-m", "mkdocs", "build", "--strict", "-f", "mkdocs.yml", "-d", str(site)],
        "properdocs": [str(programs / "properdocs"), "build", "--strict", "-f", "mkdocs.yml", "-d", str(site)],
        "zensical": [str(programs / "zensical"), "build", "-c", "--strict"],
    }
    done = subprocess.run(
        calls[engine],
        cwd=root,
        env={k: v for k, v in os.environ.items() if k not in _READ} | {"NO_MKDOCS_2_WARNING": "1"} | given,
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(engine, site, done.returncode, done.stdout + done.stderr)


@dataclass(frozen=True)
class Page:
    """What a reader gets from one page, each fact a tuple of lines. Addresses are resolved within the site."""

    head: tuple[str, ...]
    navigation: tuple[str, ...]
    headings: tuple[str, ...]
    ids: tuple[str, ...]
    citations: tuple[str, ...]
    sources: tuple[str, ...]
    pictures: tuple[str, ...]
    call_now: tuple[str, ...]
    review: tuple[str, ...]
    links: tuple[str, ...]
    words: tuple[str, ...]
    #: Every element of the article with all its attributes: what the facts above do not name.
    markup: tuple[str, ...]


@dataclass(frozen=True)
class Ignored:
    """What a comparison leaves out: ids of elements, and names of attributes."""

    ids: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()


_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Names of what the head tells browsers and previews of links.
_OTHERS = re.compile("og:|twitter:|theme-color|app")
_ADDRESSES = {"href", "src", "action"}


class _Tree(HTMLParser):
    """HTML as elements. Both themes close what they open, but for void elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = ET.Element("document")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = ET.SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ET.SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def _text(element: ET.Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


class _Reader:
    """Reads one page. ``base`` is the address that the site was built for."""

    def __init__(self, html: str, base: str, name: str, ignored: Ignored) -> None:
        self.base, self.here, self.ignored = base, urljoin(base, name), ignored
        tree = _Tree()
        tree.feed(html)
        tree.close()
        self.document = tree.root
        article = tree.root.find(".//article")
        if article is None:
            raise ValueError(f"{name} has no article")
        self.article = article
        for parent in list(article.iter()):
            for child in [c for c in parent if c.get("id") in ignored.ids]:
                if _text(child) or len(child) or child.get("href"):
                    raise ValueError(f"{name}: an element that is to be ignored holds something: {child.get('id')}")
                parent.remove(child)

    def address(self, given: str) -> str:
        """Where an address leads: within the site from its root, an index page as its folder."""
        inside = urljoin(self.here, given).removeprefix(self.base)
        path, mark, fragment = inside.partition("#")
        if inside != urljoin(self.here, given):
            path = "/" + path.removesuffix("index.html")
        return path + mark + fragment

    def picture(self, svg: ET.Element) -> str:
        """A drawn picture: its name, its description, and how many people of each kind it shows."""
        people = [e.get("class", "") for e in svg.iter("g") if "person" in e.get("class", "").split()]
        counts = ", ".join(f"{people.count(kind)} {kind}" for kind in dict.fromkeys(people))
        return f"svg '{_text(svg.find('title'))}': '{_text(svg.find('desc'))}' ({counts})"

    def markup(self, element: ET.Element) -> Iterator[str]:
        """One line an element and a text, in the order of the page."""
        for name in sorted(set(element.attrib) - self.ignored.attributes):
            value = element.attrib[name]
            yield f"<{element.tag} {name}='{self.address(value) if name in _ADDRESSES else ' '.join(value.split())}'>"
        yield f"<{element.tag}>"
        if element.text and element.text.strip():
            yield " ".join(element.text.split())
        for child in element:
            yield from self.markup(child)
            if child.tail and child.tail.strip():
                yield " ".join(child.tail.split())
        yield f"</{element.tag}>"

    def read(self) -> Page:
        """All facts."""
        everything = list(self.article.iter())
        head = self.document.find(".//head")
        described = self.document.find(".//meta[@name='description']")
        menu = self.document.find(".//nav[@aria-label='Navigation']")
        links = [e for e in everything if e.tag == "a" and "href" in e.attrib]
        return Page(
            head=(
                f"title: {_text(head.find('title')) if head is not None else ''}",
                f"description: {described.get('content', '') if described is not None else ''}",
                *(f"language: {e.get('lang', '')}" for e in self.document.iter("html")),
                *(
                    f"{e.get('rel')}: {self.address(e.get('href', ''))}"
                    for e in self.document.iter("link")
                    if e.get("rel") in ("prev", "next", "icon", "apple-touch-icon", "manifest")
                ),
                *(
                    f"{name}: {e.get('content')} {e.get('media', '')}"
                    for e in self.document.iter("meta")
                    if _OTHERS.match(name := e.get("property") or e.get("name") or "")
                ),
                *(
                    f"data: {json.dumps(json.loads(e.text or ''))}"
                    for e in self.document.iter("script")
                    if e.get("type") == "application/ld+json"
                ),
            ),
            navigation=tuple(
                f"{self.address(e.get('href', ''))} {_text(e)}"
                for e in (menu.iter("a") if menu is not None else ())
                if "md-nav__link" in e.get("class", "").split()
            ),
            headings=tuple(
                f"{e.tag} #{e.get('id', '')} {_text(e)}" for e in everything if re.fullmatch("h[1-6]", e.tag)
            ),
            ids=tuple(e.get("id", "") for e in everything if "id" in e.attrib),
            citations=tuple(
                f"{_text(e)} -> {e.get('href')} as {e.get('id')}, '{e.get('aria-label')}'"
                for mark in everything
                if mark.tag == "sup" and mark.get("class") == "cite"
                for e in mark.iter("a")
            ),
            sources=tuple(
                f"{item.get('id')} {_text(item)} {[a.get('href') for a in item.iter('a')]}"
                for section in everything
                if section.get("class") in ("sources", "references")
                for item in section.iter("li")
            ),
            pictures=tuple(
                self.picture(e) if e.tag == "svg" else f"img {self.address(e.get('src', ''))} '{e.get('alt')}'"
                for e in everything
                if e.tag == "img" or (e.tag == "svg" and e.get("role") == "img")
            ),
            call_now=tuple(_text(e) for e in everything if e.get("data-center") == "call-now"),
            review=tuple(_text(e) for e in everything if e.get("data-center") == "review"),
            links=tuple(f"{self.address(e.get('href', ''))} '{_text(e)}'" for e in links),
            words=tuple(" ".join(self.article.itertext()).split()),
            markup=tuple(self.markup(self.article)),
        )


def read_page(html: str, base: str, name: str, ignored: Ignored = Ignored()) -> Page:
    """Facts of one built page."""
    return _Reader(html, base, name, ignored).read()


def read(site: Path, base: str, ignored: Ignored = Ignored()) -> dict[str, Page]:
    """Facts of every page of a built site. An HTML file without an article is furniture, not a page."""
    pages = {}
    for file in sorted(site.rglob("*.html")):
        html = file.read_text(encoding="utf-8")
        if "<article" in html:
            name = file.relative_to(site).as_posix()
            pages[name] = read_page(html, base, name, ignored)
    return pages


def found_by_search(site: Path) -> dict[str, tuple[str, str]]:
    """What the search of a site can find: title and text by place."""
    # Each engine has its own file, and its own name for the list in it.
    for file, key in (("search/search_index.json", "docs"), ("search.json", "items")):
        if (site / file).is_file():
            entries = json.loads((site / file).read_text(encoding="utf-8"))[key]
            return {entry["location"]: (entry["title"], entry["text"]) for entry in entries}
    raise FileNotFoundError(f"{site} holds no search index")


def addresses(site: Path) -> dict[str, str]:
    """The sitemap: each page's address, with the day it was last checked."""
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    tree = ET.parse(site / "sitemap.xml")
    return {url.findtext(f"{space}loc", ""): url.findtext(f"{space}lastmod", "") for url in tree.iter(f"{space}url")}


def differences(one: Mapping[str, Page], other: Mapping[str, Page]) -> list[str]:
    """Every difference between two sites: page, fact, what only the first (-) and only the other (+) has."""
    found = [f"{name}: page: -" for name in one if name not in other]
    found += [f"{name}: page: +" for name in other if name not in one]
    for name in one:
        if name not in other:
            continue
        for fact in fields(Page):
            was, now = getattr(one[name], fact.name), getattr(other[name], fact.name)
            if was != now:
                matched = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
                first = next((i, j, k, m) for tag, i, j, k, m in matched if tag != "equal")
                found.append(f"{name}: {fact.name}: - {was[first[0] : first[1]][:3]} + {now[first[2] : first[3]][:3]}")
    return found
