"""CC4xx: sources."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from center import film, people, sheet
from center.center import Center, Settings
from center.contract import Contract
from center.finding import Place, rule
from center.page import Page
from center.prose import Prose
from center.sources import CITATION, KEY, References

#: A key in brackets that are no link, or after a sign in none.
_BARE = re.compile(rf"\[({KEY})\](?![(\[:])|(?<![\w@.])@({KEY})")
#: A citation that is one: an escaped bracket begins none.
_CITED = re.compile(rf"(?<!\\)(?:{CITATION.pattern})")


@rule("CC401")
def citation_known(page: Page, references: References) -> Iterator[Place]:
    """Every citation names a reference.

    A claim with a dead citation is a claim without a source. Mend the key, or add the reference.

    Bad: ``[@stone2018]``. Good: ``[@stone2018-coapt]``.
    """
    for citation in page.citations:
        for key in citation.keys:
            if key not in references:
                close = difflib.get_close_matches(key, list(references), n=1)
                hint = f"; did you mean '@{close[0]}'?" if close else ""
                yield citation.line, citation.column, f"'@{key}' must be a key of the references{hint}"


@rule("CC402")
def citation_form(page: Page) -> Iterator[Place]:
    """Every citation is written in the one form that is read.

    Anything else would stand on the page as odd text. Separate keys by semicolons.

    Bad: ``[@a, @b]``. Good: ``[@a; @b]``.
    """
    for citation in page.citations:
        if not citation.keys:
            yield citation.line, citation.column, f"'{citation.text}' must be written [@key] or [@key; @other-key]"


@rule("CC403", needs=("written",))
def page_cited(page: Page, contract: Contract) -> Iterator[Place]:
    """A page of claims cites its sources.

    Readers and clinicians must be able to see where a claim comes from.

    Bad: a treatment page without one citation. Good: ``... [@key]`` after each claim.
    """
    if contract.cited and not page.citations:
        yield (
            len(page.lines) or 1,
            1,
            f"a page of kind '{contract.kind}' must cite its sources: [@key] after each claim",
        )


@rule("CC404")
def people_picture(page: Page, references: References, rates: tuple[str, ...]) -> Iterator[Place]:
    """A picture of people out of 100 states all it must, and adds up.

    A picture convinces; a wrong one misleads more than a wrong sentence. The message says what must be.

    Bad: ``Clip: [29, 70]``. Good: ``Clip: [29, 71]``.
    """
    for block in page.blocks:
        if block.error:
            yield block.error.line, block.error.column, block.error.message
        elif block.closed and block.name == "out-of-100":
            try:
                people.parse(block.data, references, rates)
            except people.PictureError as error:
                yield *block.place(error.keys), f"/// {block.name}: {error}"


@rule("CC405")
def block_known(page: Page, blocks: frozenset[str]) -> Iterator[Place]:
    """Every block is one that the center can draw, and is closed.

    A block that is not understood would stand on the page as raw text.

    Bad: ``/// out-of-10``. Good: ``/// out-of-100``, its lines, and ``///`` at its end.
    """
    for block in page.blocks:
        if not block.name:
            yield block.line, 1, "this line '///' ends no block; a block begins '/// name'"
            continue
        if block.name not in blocks:
            close = difflib.get_close_matches(block.name, sorted(blocks), n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            yield block.line, 1, f"'/// {block.name}' must be one of {', '.join(sorted(blocks))}{hint}"
        if not block.closed:
            yield block.line, 1, "this block needs a line '///' at its end"


@rule("CC406", reads="center")
def references_usable(center: Center) -> Iterator[tuple[str, int, int, str]]:
    """The references, the glossary and the list of page kinds can be read.

    They are shared by every page: one mistake in them would break all.

    Bad: two references of one key. Good: one.
    """
    for problem in center.problems:
        yield str(problem.path), problem.line, problem.column, problem.message


@rule("CC407", reads="center")
def reference_used(center: Center, references: References, settings: Settings) -> Iterator[tuple[str, int, int, str]]:
    """Every reference is cited on a page, or marked as background.

    A list of sources tells a reader what the pages rest on; one that nothing rests on makes it look better
    than it is. Cite it, take it out, or write ``background: true`` under its ``custom``.

    Bad: a reference that no page cites. Good: ``[@key]`` on a page, or ``background: true``.
    """
    cited = {key for page in center.pages for citation in page.citations for key in citation.keys}
    for page in center.pages:
        for block in page.blocks:
            drawn = block.data.get("source") if isinstance(block.data, dict) else None
            cited |= {part.strip().removeprefix("@") for part in str(drawn or "").split(";")}
    for reference in references.values():
        if reference.key not in cited and not reference.background:
            yield (
                settings.references,
                reference.line,
                1,
                f"'{reference.key}' must be cited on a page, or marked 'background: true' under 'custom'",
            )


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


@rule("CC408", reads="center")
def same_counts(center: Center, references: References, rates: tuple[str, ...]) -> Iterator[tuple[str, int, int, str]]:
    """One outcome of one study shows the same people out of 100 on every page.

    A reader who meets two numbers for one thing trusts neither. Pictures are held together by their sources,
    people, time, first outcome and group: two groups that changed places are seen here. CC410 holds each number,
    in sentences and tables too, to the record of figures.

    Bad: 29 of 100 on one page and 28 on another. Good: 29 on both.
    """
    seen: dict[tuple[object, ...], tuple[tuple[int, ...], str]] = {}
    for page in center.pages:
        for block in page.blocks:
            if block.name != "out-of-100" or not block.closed:
                continue
            try:
                shown = people.parse(block.data, references, rates)
            except ValueError:
                continue  # another rule's finding
            study = (frozenset(shown.sources), *map(_same, (shown.people, shown.time, shown.outcomes[0])))
            for group in shown.groups:
                counts, where = seen.setdefault(
                    (*study, _same(group.name), len(group.counts)), (group.counts, f"{page.path}:{block.line}")
                )
                if counts[0] != group.counts[0]:
                    what = f"group '{group.name}': {group.counts[0]} must be {counts[0]}, as at {where}"
                    yield page.path, block.line, 1, what


@rule("CC413")
def sheet_usable(page: Page, references: References) -> Iterator[Place]:
    """A sheet to fill in states what each field is, and can be drawn.

    People write on it what their care hangs on: a field without a name, or with limits the wrong way round, would
    lose it or refuse it. The message says what must be.

    Bad: ``number: {kg: [350, 20]}``. Good: ``number: {kg: [20, 350]}``.
    """
    for block in page.blocks:
        if not block.error and block.closed and block.name == "sheet":
            try:
                sheet.parse(block.data, references)
            except sheet.SheetError as error:
                yield *block.place(error.keys), f"/// {block.name}: {error}"


@rule("CC414", reads="center")
def sheet_once(center: Center) -> Iterator[tuple[str, int, int, str]]:
    """The id of a sheet stands on one page only, once.

    What a reader keeps is kept under that id: two sheets of one id would mix what was written on them.

    Bad: ``id: diary`` on two pages. Good: ``id: diary`` and ``id: scales``.
    """
    seen = dict[str, str]()
    for page in center.pages:
        for block in page.blocks:
            if block.name != "sheet" or not isinstance(block.data, dict) or "id" not in block.data:
                continue
            line, column = block.place(("id",))
            first = seen.setdefault(str(block.data["id"]), f"{page.path}:{line}")
            if first != f"{page.path}:{line}":
                what = f"'{block.data['id']}' must be the id of one sheet only; it is that of the sheet at {first}"
                yield page.path, line, column, what


@rule("CC415", reads="center")
def sheet_named(center: Center) -> Iterator[tuple[str, int, int, str]]:
    """A sheet or field that another sheet names is there.

    A diary looks up the reader's own line on their plan, and a visit sheet shows what stands on others; under a
    wrong name they would find nothing, and say nothing.

    Bad: ``from: dairy``. Good: ``from: diary``, the id of a sheet, or ``from: questions``.
    """
    blocks = [(page, b) for page in center.pages for b in page.blocks if b.name == "sheet" and b.closed]
    found = dict[str, frozenset[str]]()
    for _, block in blocks:
        if isinstance(block.data, dict) and isinstance(block.data.get("fields"), dict):
            found[str(block.data.get("id"))] = frozenset(map(str, block.data["fields"]))
    for page, block in blocks:
        try:
            shown = sheet.parse(block.data, center.references or {})
        except ValueError:
            continue  # another rule's finding
        for field in shown.fields:
            line = dict(field.line)
            own = line.pop("sheet", "")
            if field.shows and field.shows not in (*found, "questions"):
                yield (
                    page.path,
                    *block.place(("fields", field.id, "from")),
                    f"'{field.shows}' must be the id of a sheet, or 'questions'",
                )
            for key, name in line.items():
                if name not in found.get(own, ()):
                    place = block.place(("fields", field.id, "line", key))
                    yield page.path, *place, f"'{name}' must be a field of the sheet '{own}'"


@rule("CC416")
def film_usable(page: Page, references: References, center: Center) -> Iterator[Place]:
    """A film says each of its steps in words, and its picture is there.

    Who cannot see the picture, prints it, or wants nothing to move has the words alone, so each step of the picture
    needs its own. The message says what must be.

    Bad: ``picture: missing.svg``. Good: a picture of the theme, and as many ``steps`` as it has.
    """
    steps = {
        picture.path.rpartition("/")[2]: len(picture.elements[0].attributes.get("data-steps", "").split())
        for picture in center.pictures
        if picture.elements
    }
    for block in page.blocks:
        if block.error or not block.closed or block.name != "film":
            continue
        try:
            shown = film.parse(block.data, references)
        except film.FilmError as error:
            yield *block.place(error.keys), f"/// {block.name}: {error}"
            continue
        told = steps.get(shown.picture)
        if not told:
            why = "the name of a picture of the theme" if told is None else "one that says its steps (data-steps)"
            yield *block.place(("picture",)), f"/// {block.name}: '{shown.picture}' must be {why}"
        elif told != len(shown.steps):
            must = f"{told} texts, one for each step of {shown.picture}, not {len(shown.steps)}"
            yield *block.place(("steps",)), f"/// {block.name}: 'steps' must be {must}"


@rule("CC409")
def citation_bare(prose: Prose, references: References) -> Iterator[Place]:
    """A key of the references stands on a page only as a citation.

    Without its sign or its brackets, or with a backslash before them, it is printed as it is, a riddle to the
    reader, and the claim before it has no source.

    Bad: ``[stone2018-coapt]`` or ``(@stone2018-coapt)``. Good: ``[@stone2018-coapt]``.
    """
    for run in prose.runs:
        if "@" not in run.raw and "[" not in run.raw:
            continue
        for match in _BARE.finditer(_CITED.sub(lambda m: " " * len(m.group(0)), run.raw)):
            key = match[1] or match[2]
            if key in references:
                yield *run.place(match.start()), f"'{match.group(0)}' must be written [@{key}]"
