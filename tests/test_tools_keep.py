"""Keep, move or delete what a reader wrote, and the day for the calendar: in real browsers, with files of any kind."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import icalendar
import pytest
import yaml
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests import machine
from tests.conftest import ROOT, Built
from tests.test_any_browser import Open, watched

SETTINGS = yaml.safe_load(re.sub(r"!ENV.*", '""', (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
WORDS: dict[str, str] = SETTINGS["extra"]["tool_words"] | SETTINGS["extra"]["center_words"]
CENTER: str = SETTINGS["extra"]["keep"]
#: Samples that every later version must be able to read. They are never changed; a new version adds its own.
COPY_1 = ROOT / "tests/data/my-data-1.json"
STORAGE_1 = ROOT / "tests/data/storage-1.json"

HOSTILE = [
    '<img src=x onerror="window.hacked=1">',
    '"><script>window.hacked=1</script>',
    "\u202eright to left\u200b and no width\ufeff",
    "\U0001fac0 heart, \u00e9\u00e8, \u4e2d\u6587",
    'one line\nanother; with, "signs" \\n',
    "x" * 10_000,
]


def says(key: str, **values: object) -> str:
    """A text of the pages, its names filled in."""
    return re.sub(r"\{(\w+)\}", lambda name: str(values.get(name[1], name[0])), WORDS[key])


def copy_of(records: object, **more: object) -> dict[str, object]:
    """A copy as the site saves it."""
    return {
        "format": "condition-center-my-data", "version": 1, "center": CENTER, "saved": "2026-11-22T10:00:00.000Z",
        "records": records, **more,
    }  # fmt: skip


def record(at: int = 1, **fields: object) -> dict[str, object]:
    return {"at": at, "is": fields}


def schema_faults(*copies: str) -> list[str]:
    """What the schema finds wrong with each text, empty if nothing."""
    done = subprocess.run(
        machine.node("tests/schema.js", "docs/en/tools/my-data.schema.json"),
        cwd=ROOT,
        input=json.dumps(copies),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.split("\n")[:-1]


@pytest.fixture(params=["hosted", "offline"])
def tools(request: pytest.FixtureRequest, hosted: str, built: Built) -> Callable[[str], str]:
    """The address of a tool page, hosted and from a disk."""
    if request.param == "hosted":
        return lambda name: urljoin(hosted, f"tools/{name}/")
    return lambda name: (built.offline / f"tools/{name}.html").as_uri()


def panel(page: Page, name: str) -> Any:
    return page.locator(f'[data-keep="{name}"]')


def put(page: Page, records: dict[str, dict[str, object]]) -> None:
    """Writes as the scripts of the sheets do."""
    for key, fields in records.items():
        page.evaluate("([s, i, f]) => center.store.change(s, i, f)", [*key.split("/", 1), fields])


def entries(records: dict[str, Any]) -> dict[str, Any]:
    """What the reader wrote, without the summaries that the scripts of the sheets make of it."""
    return {key: value for key, value in records.items() if not key.startswith("summary/")}


def dump(page: Page) -> dict[str, Any]:
    return entries(page.evaluate("center.store.dump()"))


def stored(page: Page) -> dict[str, str]:
    """What the browser itself holds, other than the theme's choice of colors."""
    found: dict[str, str] = page.evaluate("({...localStorage})")
    return {key: value for key, value in found.items() if key.startswith(CENTER)}


_DOWNLOADS: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _where_files_go(downloads: Path) -> None:
    _DOWNLOADS[:] = [downloads]


def saved(page: Page, press: Callable[[], None]) -> tuple[str, bytes]:
    """The name and the bytes of the file that a button gives."""
    browser = page.context.browser
    assert browser
    if browser.browser_type.name == "chromium":
        with page.expect_download() as waited:
            press()
        return waited.value.suggested_filename, Path(waited.value.path()).read_bytes()
    (folder,) = _DOWNLOADS
    for file in folder.iterdir():
        file.unlink()
    press()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        page.evaluate("new Promise(requestAnimationFrame)")
        files = list(folder.iterdir())
        if len(files) == 1 and files[0].suffix != ".part" and files[0].stat().st_size:
            return files[0].name, files[0].read_bytes()
    raise AssertionError(f"no file was saved: {files}")


def copy(page: Page) -> bytes:
    return saved(page, panel(page, "save").click)[1]


def give(page: Page, content: bytes | str | dict[str, object]) -> None:
    """Opens a copy by the file chooser of the panel."""
    data = json.dumps(content) if isinstance(content, dict) else content
    buffer = data if isinstance(data, bytes) else data.encode()
    file: FilePayload = {"name": "copy.json", "mimeType": "application/json", "buffer": buffer}
    panel(page, "open").set_input_files(file)


WRITTEN: dict[str, dict[str, object]] = {
    "plan/only": {"hospital": HOSTILE[0], "weight": {"n": "70.5", "unit": "kg"}, "do": HOSTILE[4]},
    "questions/own-1": {"text": HOSTILE[1], "place": 1.5, "done": True, "own": True},
    "diary/2026-11-22-a1b2": {"date": "2026-11-22", "note": HOSTILE[2], "signs": ["one", "two"]},
    "diary/2026-11-23-a1b2": {"date": "2026-11-23", "note": HOSTILE[3]},
    "diary/2026-11-24-a1b2": {"date": "2026-11-24", "note": HOSTILE[5]},
}


def test_everything_moves_to_another_device(
    browser: Browser, tools: Callable[[str], str], open_page: Open, outside: list[str]
) -> None:
    first = open_page(browser, tools("my-plan"))
    errors = watched(first)
    put(first, WRITTEN)
    expect(panel(first, "count")).to_have_text(says("keep_count", count=len(WRITTEN)))
    name, content = saved(first, panel(first, "save").click)
    expect(panel(first, "said")).to_have_text(says("keep_saved", count=len(WRITTEN)))
    assert re.fullmatch(says("keep_file", day=r"\d{4}-\d\d-\d\d"), name)
    assert schema_faults(content.decode()) == [""]
    told = json.loads(content)
    told["records"] = entries(told["records"])
    assert {key: value["is"] for key, value in told["records"].items()} == WRITTEN

    second = open_page(browser, tools("my-numbers"))
    errors += watched(second)
    assert dump(second) == {}
    give(second, content)
    expect(panel(second, "said")).to_have_text(says("keep_opened", all=len(WRITTEN), count=len(WRITTEN)))
    expect(panel(second, "count")).to_have_text(says("keep_count", count=len(WRITTEN)))
    assert dump(second) == told["records"]
    assert panel(second, "open").input_value() == "", "the same file can be chosen again"
    second.reload()
    assert dump(second) == told["records"]
    assert second.evaluate("window.hacked") is None
    assert not errors
    assert not outside


def test_what_is_typed_into_the_sheets_fits_a_copy(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-numbers/")
    form = page.locator("[data-sheet=numbers]")
    form.locator("[data-field=note] textarea").fill(HOSTILE[0])
    form.locator("[data-field=ef] input").fill("62")
    plan(page, "2026-11-01", "6", HOSTILE[1])
    page.goto(hosted + "tests/echo/")
    page.locator(".add-question").first.click()
    page.goto(hosted + "tools/my-plan/")
    content = copy(page)
    assert schema_faults(content.decode()) == [""]
    assert json.loads(content)["records"] == page.evaluate("center.store.dump()"), "nothing is left out"
    assert {key.split("/")[0] for key in dump(page)} == {"numbers", "next-echo", "questions"}


def test_of_two_versions_the_later_one_stays(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-plan/")
    put(page, {"plan/only": {"hospital": "here"}, "diary/old": {"note": "here"}})
    at = dump(page)["plan/only"]["at"]
    records = {"plan/only": record(at + 1, hospital="file"), "diary/old": record(1, note="file"), "diary/new": record()}
    give(page, copy_of(records))
    expect(panel(page, "said")).to_have_text(says("keep_opened", all=3, count=2))
    found = dump(page)
    assert (found["plan/only"]["is"], found["diary/old"]["is"]) == ({"hospital": "file"}, {"note": "here"})
    give(page, copy_of(records))
    expect(panel(page, "said")).to_have_text(says("keep_opened", all=3, count=0))


#: Files that are refused, with the reason. The schema refuses them too, but for what it cannot know.
BAD_RECORDS: dict[str, dict[str, Any]] = {
    "a key without a sheet": {"plan": record()},
    "a key of two slashes": {"plan/only/more": record()},
    "a key that is markup": {"<img src=x onerror='window.hacked=1'>/only": record()},
    "a key that begins with a line": {"plan/__proto__": record()},
    "a sheet named __proto__": {"__proto__/only": record()},
    "a key too long": {"plan/" + "x" * 101: record()},
    "no time": {"plan/only": {"is": {}}},
    "more than a record has": {"plan/only": {"at": 1, "is": {}, "html": "x"}},
    "a time that is no number": {"plan/only": {"at": "1", "is": {}}},
    "a time in parts": {"plan/only": {"at": 1.5, "is": {}}},
    "a time before 1970": {"plan/only": {"at": -1, "is": {}}},
    "a time no clock has": {"plan/only": {"at": 8.65e15, "is": {}}},
    "fields in a list": {"plan/only": {"at": 1, "is": ["x"]}},
    "no fields": {"plan/only": {"at": 1, "is": None}},
    "a record that is text": {"plan/only": "x"},
    "a field with no value": {"plan/only": record(note=None)},
    "a field with an object": {"plan/only": record(note={"html": "x"})},
    "a number with more than a unit": {"plan/only": record(note={"n": "1", "unit": "kg", "x": "y"})},
    "a number that is a number": {"plan/only": record(note={"n": 1, "unit": "kg"})},
    "a list of lists": {"plan/only": record(note=[["x"]])},
    "a list too long": {"plan/only": record(note=["x"] * 101)},
    "a field too long": {"plan/only": record(note="x" * 10_001)},
    "a field with a name of the language": {"plan/only": record(constructor="x")},
    "a field with a name not plain": {"plan/only": {"at": 1, "is": {"__proto__": "x"}}},
    "too many fields": {"plan/only": {"at": 1, "is": {f"f{number}": "x" for number in range(201)}}},
    "one bad among good ones": {"plan/only": record(), "diary/a": record(note="fine"), "diary/b": {}},
}
DEEP = "[" * 100_000 + "]" * 100_000
REFUSED: dict[str, tuple[str | bytes | dict[str, object], str]] = {
    **{name: (copy_of(records), "keep_record") for name, records in BAD_RECORDS.items()},
    "__proto__ as a field": (
        json.dumps(copy_of({"plan/only": {"at": 1, "is": {"zzz": {"hacked": 1}}}})).replace("zzz", "__proto__"),
        "keep_record",
    ),
    "__proto__ as the records": (json.dumps(copy_of({})).replace("records", "__proto__"), "keep_damaged"),
    "__proto__ as a record": (json.dumps(copy_of({"zzz": record()})).replace("zzz", "__proto__"), "keep_record"),
    "deep nesting": (json.dumps(copy_of("zzz")).replace('"zzz"', DEEP), ""),
    "deep nesting in a field": (json.dumps(copy_of({"plan/only": record(x="zzz")})).replace('"zzz"', DEEP), ""),
    "too many records": (copy_of({f"diary/{number}": record() for number in range(20_001)}), "keep_many"),
    "a newer version": ({"format": "condition-center-my-data", "version": 2, "new": {}}, "keep_newer"),
    "version 0": (copy_of({}, version=0), "keep_damaged"),
    "a version in words": (copy_of({}, version="1"), "keep_damaged"),
    "another center": (copy_of({}, center="<b>another</b>"), "keep_other"),
    "another format": (copy_of({}, format="a-game"), "keep_foreign"),
    "a key more": (copy_of({}, more=1), "keep_damaged"),
    "no day": (copy_of({}, saved="<script>"), "keep_damaged"),
    "records in a list": (copy_of([]), "keep_damaged"),
    "a list": ("[]", "keep_foreign"),
    "null": ("null", "keep_foreign"),
    "nothing": ("", "keep_foreign"),
    "half a file": (json.dumps(copy_of({"plan/only": record()}))[:-20], "keep_foreign"),
    "a page": ("<!doctype html><script>window.hacked=1</script>", "keep_foreign"),
    "a picture": (b"\x89PNG\r\n\x1a\n\xff\xfe", "keep_foreign"),
    "letters of another code": (json.dumps(copy_of({}), ensure_ascii=False).encode("utf-16"), "keep_foreign"),
    "letters of an older code": (
        json.dumps(copy_of({"plan/only": record(note="caf\u00e9")}), ensure_ascii=False).encode("latin-1"),
        "keep_foreign",
    ),
    "larger than 5 MB": (b" " * (5 * 1024 * 1024 + 1), "keep_big"),
}
#: What the schema cannot know, and what is no JSON.
BEYOND_SCHEMA = {
    "another center", "nothing", "half a file", "a page", "a picture", "letters of another code",
    "letters of an older code", "larger than 5 MB",
}  # fmt: skip


def refuses(page: Page, names: list[str]) -> None:
    """Each file is refused with its reason, and changes nothing."""
    before = stored(page)
    assert before
    for name in names:
        content, why = REFUSED[name]
        give(page, content)
        expect(panel(page, "said"), name).to_contain_text(says("keep_refused", why="").strip())
        if why:
            expect(panel(page, "said"), name).to_contain_text(WORDS[why].split("{")[0].strip())
        assert stored(page) == before, name
        assert page.evaluate("[window.hacked, ({}).hacked]") == [None, None], name
        assert panel(page, "said").locator("*").count() == 0, "a reason is text"
        panel(page, "said").evaluate("said => { said.textContent = '' }")


def test_each_wrong_file_is_refused_with_its_reason(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-plan/")
    errors = watched(page)
    put(page, {"plan/only": {"hospital": "mine"}})
    refuses(page, list(REFUSED))
    assert not errors


def test_wrong_files_are_refused_in_firefox_too(firefox: Browser, built: Built, open_page: Open) -> None:
    """Its reader of JSON is another one, and from a disk."""
    page = open_page(firefox, (built.offline / "tools/my-plan.html").as_uri())
    put(page, {"plan/only": {"hospital": "mine"}})
    refuses(page, [name for name in REFUSED if "__proto__" in name or "deep" in name or name in BEYOND_SCHEMA])


def test_the_schema_and_the_site_agree() -> None:
    refused = {
        name: json.dumps(content) if isinstance(content, dict) else str(content)
        for name, (content, _) in REFUSED.items()
        if name not in BEYOND_SCHEMA
    }
    faults = dict(zip(refused, schema_faults(*refused.values()), strict=True))
    assert [name for name, fault in faults.items() if not fault] == []


def test_whatever_fits_the_schema_is_opened(chromium: Browser, hosted: str, open_page: Open) -> None:
    """The limits themselves, and signs that count as two in a script and as one in a text."""
    fine: dict[str, object] = {
        "plan/only": record(8_640_000_000_000_000, note="x" * 10_000, more="\U0001fac0" * 10_000, yes=False, n=-1.5),
        "a/" + "x" * 100: record(0, list=["x"] * 100, empty=[]),
        "x" * 40 + "/2026-11-22T10:00:00.000Z_a": {"at": 1, "is": {f"f{number}": "" for number in range(200)}},
    }
    assert schema_faults(json.dumps(copy_of(fine))) == [""]
    page = open_page(chromium, hosted + "tools/my-plan/")
    give(page, copy_of(fine))
    expect(panel(page, "said")).to_have_text(says("keep_opened", all=3, count=3))
    assert dump(page) == fine
    assert entries(json.loads(copy(page))["records"]) == fine


def test_a_copy_of_the_most_records_can_be_opened(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-plan/")
    give(page, copy_of({f"diary/{number}": record(1, note="x") for number in range(20_000)}))
    expect(panel(page, "said")).to_have_text(says("keep_opened", all=20_000, count=20_000), timeout=30_000)


def test_what_a_copy_cannot_hold_is_left_out_and_said(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-plan/")
    put(page, {"plan/only": {"hospital": "mine"}, "diary/a": {"note": "x" * 10_001}})
    assert list(entries(json.loads(copy(page))["records"])) == ["plan/only"]
    said = says("keep_saved", count=1) + " " + says("keep_left_out", count=1)
    expect(panel(page, "said")).to_have_text(said)


def test_a_copy_of_version_1_opens_forever(browser: Browser, tools: Callable[[str], str], open_page: Open) -> None:
    content = COPY_1.read_bytes()
    kept = json.loads(content)["records"]
    page = open_page(browser, tools("my-diary"))
    give(page, content)
    expect(panel(page, "said")).to_have_text(says("keep_opened", all=len(kept), count=len(kept)))
    page.reload()
    assert dump(page) == kept
    # Today's schema is that of version 1, so it holds for the sample as well.
    assert schema_faults(content.decode()) == [""]


def test_what_version_1_kept_in_a_browser_loads_forever(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-diary/")
    page.evaluate("kept => Object.keys(kept).forEach(key => localStorage.setItem(key, kept[key]))", json.loads(
        STORAGE_1.read_text(encoding="utf-8")
    ))  # fmt: skip
    page.reload()
    kept = json.loads(COPY_1.read_bytes())["records"]
    assert dump(page) == kept
    assert entries(json.loads(copy(page))["records"]) == kept
    lines = table(page)[1]
    assert [line[0] for line in lines[1:]] == sorted(
        value["is"]["date"] for key, value in kept.items() if "diary" in key
    )


def test_the_schema_is_part_of_every_copy_of_the_site(built: Built) -> None:
    source = (ROOT / "docs/en/tools/my-data.schema.json").read_bytes()
    for folder in (built.site, built.offline):
        assert (folder / "tools/my-data.schema.json").read_bytes() == source


def table(page: Page, place: int = 0) -> tuple[str, list[list[str]]]:
    """A table as Python's reader of CSV reads it."""
    name, content = saved(page, panel(page, "tables").locator("button").nth(place).click)
    text = content.decode("utf-8")
    assert text.startswith("\ufeff")
    assert not re.search(r"(?<!\r)\n", re.sub(r'"(?:[^"]|"")*"', "", text)), "lines end as RFC 4180 has it"
    return name, list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_a_sheet_with_entries_is_saved_as_a_table(
    browser: Browser, tools: Callable[[str], str], open_page: Open
) -> None:
    page = open_page(browser, tools("my-numbers"))
    put(
        page,
        {
            "numbers/b": {"date": "2026-05-02", "grade": "severe", "width": {"n": "4,1", "unit": "cm"}},
            "numbers/a": {"date": "2026-11-22", "note": HOSTILE[4]},
            "numbers/c": {"date": "2025-11-22", "note": HOSTILE[0], "gone": "a field of long ago"},
            "diary/a": {"date": "2026-11-22"},
        },
    )
    title = page.locator("[data-sheet=numbers] .sheet__title").inner_text()
    button = panel(page, "tables").locator("button")
    expect(button).to_have_text([says("keep_table", title=title)])
    name, lines = table(page)
    assert re.fullmatch(says("keep_table_file", sheet="numbers", day=r"\d{4}-\d\d-\d\d"), name)
    expect(panel(page, "said")).to_have_text(says("keep_table_saved", count=3))
    head = lines[0]
    assert [line[0] for line in lines[1:]] == ["2025-11-22", "2026-05-02", "2026-11-22"]
    assert head[0] == "Date of the echo"
    assert {len(line) for line in lines} == {len(head)}
    middle = dict(zip(head, lines[2], strict=True))
    width = next(label for label in head if label.endswith("(LVESD)"))
    assert (middle["Grade"], middle[width], middle[says("keep_unit", label=width)]) == ("Severe", "4,1", "cm")
    assert [line[head.index("A note")] for line in lines[1:]] == [HOSTILE[0], "", HOSTILE[4]]


def test_choices_in_a_table_are_their_labels_alone(chromium: Browser, hosted: str, open_page: Open) -> None:
    """Each choice of the diary, without the sign beside some of them; many are joined."""
    page = open_page(chromium, hosted + "tools/my-diary/")
    choices = page.evaluate(
        """() => [...document.querySelector('[data-sheet=diary] template').content.querySelectorAll('fieldset')].map(
             box => [box.dataset.field, box.querySelector('legend').textContent,
                     [...box.querySelectorAll('input')].map(input => input.value)])"""
    )
    assert choices
    for number in range(max(len(values) for _, _, values in choices)):
        put(page, {f"diary/{number}": {field: values[number % len(values)] for field, _, values in choices}})
    put(page, {"diary/many": {choices[0][0]: choices[0][2]}})
    lines = table(page)[1]
    cells = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    signs = page.evaluate("""() => [...document.querySelector('[data-sheet=diary] template').content
        .querySelectorAll('.sheet__choice strong')].map(sign => sign.textContent)""")
    assert signs
    for _, label, values in choices:
        found = {line[label] for line in cells} - {""}
        assert len(found) >= len(values)
        assert not found & set(values), "words, not ids"
        assert not any(sign in cell for sign in signs for cell in found)
    assert any("; " in line[choices[0][1]] for line in cells)


FORMULAS = {
    '=HYPERLINK("http://example.org")': '\'=HYPERLINK("http://example.org")',
    "+1 555 0100": "'+1 555 0100",
    "-2+3": "'-2+3",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1+1": "'\t=1+1",
    "  =1+1": "'  =1+1",
    "\r\n=1+1": "'\r\n=1+1",
    "\uff1d1+1": "'\uff1d1+1",
    'a;=1+1,"=1+1"': 'a;=1+1,"=1+1"',
    "-5": "-5",
    "+3,5": "+3,5",
}


def test_a_table_holds_no_formula(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-numbers/")
    put(page, {f"numbers/{number:02}": {"note": written} for number, written in enumerate(FORMULAS)})
    assert [line[-1] for line in table(page)[1][1:]] == list(FORMULAS.values())


def test_delete_everything_asks_first(browser: Browser, tools: Callable[[str], str], open_page: Open) -> None:
    page = open_page(browser, tools("my-plan"))
    put(page, WRITTEN)
    page.evaluate("key => localStorage.setItem(key, 'damaged')", f"{CENTER}/diary/damaged")
    page.evaluate("localStorage.setItem('another', 'stays')")
    before = stored(page)
    button, dialog = panel(page, "delete"), page.locator(".keep dialog")
    for leave in ("Escape", "Enter"):  # the focus is on "no"
        button.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        expect(panel(page, "ask")).to_have_text(says("keep_ask_about", count=len(WRITTEN)))
        expect(panel(page, "no")).to_be_focused()
        page.keyboard.press(leave)
        expect(dialog).to_be_hidden()
        expect(button).to_be_focused()
        assert stored(page) == before
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(panel(page, "yes")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    expect(panel(page, "said")).to_have_text(says("keep_deleted", count=len(WRITTEN)))
    expect(panel(page, "count")).to_have_text(says("keep_count", count=0))
    assert stored(page) == {}
    assert page.evaluate("localStorage.getItem('another')") == "stays"
    page.reload()
    assert dump(page) == {}


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
FULL = "Storage.prototype.setItem = function () { throw new DOMException('no', 'QuotaExceededError') }"


@pytest.mark.parametrize(("script", "why"), [(BLOCKED, "blocked"), (FULL, "full")], ids=["blocked", "full"])
@pytest.mark.parametrize("where", ["hosted", "offline"])
def test_copies_work_where_nothing_is_kept(
    browser: Browser, hosted: str, built: Built, open_page: Open, where: str, script: str, why: str
) -> None:
    page = open_page(browser, "about:blank")
    page.add_init_script(script)
    page.goto(hosted + "tools/my-numbers/" if where == "hosted" else (built.offline / "tools/my-numbers.html").as_uri())
    put(page, {"numbers/a": {"date": "2026-11-22"}})
    expect(panel(page, "state")).to_have_text(WORDS[why])
    expect(panel(page, "count")).to_have_text(says("keep_count", count=1))
    assert list(entries(json.loads(copy(page))["records"])) == ["numbers/a"]
    assert len(table(page)[1]) == 2
    page.evaluate("window.print = () => { window.printed = true }")
    panel(page, "print").click()
    assert page.evaluate("window.printed")
    give(page, copy_of({"plan/only": record(hospital="file")}))
    expect(panel(page, "said")).to_have_text(says("keep_opened", all=1, count=1) + " " + WORDS[why])
    assert set(dump(page)) == {"numbers/a", "plan/only"}
    panel(page, "delete").click()
    panel(page, "yes").click()
    expect(panel(page, "count")).to_have_text(says("keep_count", count=0))
    assert dump(page) == {}


def test_room_again_is_seen(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-plan/")
    page.evaluate("() => { window.before = Storage.prototype.setItem }")
    page.evaluate(f"() => {{ {FULL} }}")
    put(page, {"plan/only": {"hospital": "mine"}})
    expect(panel(page, "state")).to_have_text(WORDS["full"])
    expect(page.locator(".center-warning")).to_have_text(WORDS["full"])
    page.evaluate("() => { Storage.prototype.setItem = window.before }")
    put(page, {"plan/only": {"hospital": "mine"}})
    expect(panel(page, "state")).to_have_text(WORDS["keep_works"])
    expect(page.locator(".center-warning")).to_have_text("")
    assert stored(page)


def test_another_tab_is_counted(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-plan/")
    other = page.context.new_page()
    other.goto(hosted + "tools/my-diary/")
    put(other, {"diary/a": {"note": "x"}, "diary/b": {"note": "y"}})
    expect(panel(page, "count")).to_have_text(says("keep_count", count=2))


def strict(route: Route) -> None:
    """The page with the strict policy planned for the site."""
    answer = route.fetch()
    route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": "default-src 'self'"})


def test_a_strict_policy_holds(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, "about:blank")
    page.route("**/tools/*/", strict)
    page.add_init_script("""
        window.broken = [];
        addEventListener("securitypolicyviolation", e => broken.push(e.sourceFile + " " + e.blockedURI))
    """)
    page.goto(hosted + "tools/my-numbers/")
    put(page, {"numbers/a": {"date": "2026-11-22"}})
    assert len(table(page)[1]) == 2
    give(page, copy(page))
    expect(panel(page, "said")).to_have_text(says("keep_opened", all=1, count=0))
    plan(page, date.today().isoformat(), "6")
    assert calendar(page)
    ours = [
        what for what in page.evaluate("broken") if re.search(r"(center|keep|calendar)\.js", what) or "blob:" in what
    ]
    assert ours == []
    assert page.evaluate("broken.length") > 0, "the policy was there: the theme's own inline scripts break it"


def test_the_panel_is_there_for_scripts_alone_and_never_on_paper(
    chromium: Browser, hosted: str, open_page: Open
) -> None:
    still = open_page(chromium, hosted + "tools/my-numbers/", java_script_enabled=False)
    expect(still.locator(".keep")).to_be_hidden()
    for name in ("my-numbers", "my-questions", "check-what-you-know"):
        page = open_page(chromium, hosted + f"tools/{name}/", width=320)
        expect(page.locator(".keep")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator(".keep")).to_be_hidden()
        expect(page.locator(".sheet__calendar:visible")).to_have_count(0)
    elsewhere = open_page(chromium, hosted + "tests/echo/")
    assert elsewhere.locator(".keep, script[src*='keep.js']").count() == 0


def test_the_panel_is_named_for_a_screen_reader(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-numbers/")
    region = page.get_by_role("region", name=WORDS["keep_title"])
    for key in ("keep_save", "keep_print", "keep_delete"):
        expect(region.get_by_role("button", name=WORDS[key])).to_be_visible()
    expect(region.get_by_label(WORDS["keep_open"])).to_have_accessible_description(WORDS["keep_open_about"])
    small = page.evaluate(
        "[...document.querySelectorAll('.keep button, .keep input, .sheet__calendar button')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    region.get_by_role("button", name=WORDS["keep_delete"]).click()
    dialog = page.get_by_role("dialog", name=WORDS["keep_ask"])
    expect(dialog).to_have_accessible_description(says("keep_ask_about", count=0))


# The day for the calendar.


def plan(page: Page, last: str, months: str, who: str = "") -> None:
    page.locator("#next-echo-last").fill(last)
    page.locator("#next-echo-months").fill(months)
    page.locator("#next-echo-who").fill(who)


def calendar(page: Page) -> bytes:
    return saved(page, page.locator(".sheet__calendar button").click)[1]


def event(content: bytes) -> tuple[Any, Any]:
    """The one day of a calendar, by a reader of calendars; the form of the lines by RFC 5545, 3.1."""
    assert content.endswith(b"\r\n")
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    lines = content.split(b"\r\n")[:-1]
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two
    found: Any = icalendar.Calendar.from_ical(content)
    assert [part.name for part in found.walk()] == ["VCALENDAR", "VEVENT", "VALARM"]
    assert [part.errors for part in found.walk()] == [[], [], []]
    return found, found.walk("VEVENT")[0]


def test_the_next_echo_comes_into_a_calendar(
    browser: Browser, tools: Callable[[str], str], open_page: Open, outside: list[str]
) -> None:
    page = open_page(browser, tools("my-numbers"))
    page.clock.set_fixed_time(datetime(2026, 11, 22, 12, 0))
    errors = watched(page)
    plan(page, "2026-08-31", "6", HOSTILE[3] + "; the clinic, \\ " + HOSTILE[0])
    name, content = saved(page, page.locator(".sheet__calendar button").click)
    assert name == says("calendar_file", sheet="next-echo")
    found, day = event(content)
    assert found["VERSION"] == "2.0"
    assert found["PRODID"]
    assert (day["DTSTART"].dt, day["DTEND"].dt) == (date(2027, 2, 28), date(2027, 3, 1)), "the month has no day 31"
    assert day["SUMMARY"] == "My next echo"
    label = page.locator("label[for=next-echo-who]").inner_text()
    assert day["DESCRIPTION"] == f"{label}: {page.locator('#next-echo-who').input_value()}"
    assert re.fullmatch(rf"[0-9a-f]{{32}}@{CENTER}", day["UID"])
    assert day["DTSTAMP"].dt.utcoffset() == timedelta(0)
    assert day["TRANSP"] == "TRANSPARENT"
    (alarm,) = day.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["TRIGGER"].dt == timedelta(hours=9) - timedelta(weeks=3)
    expect(page.locator(".sheet__calendar [role=status]")).to_have_text(says("calendar_saved", day="February 28, 2027"))

    page.reload()
    plan(page, "2026-08-31", "12")
    page.clock.set_fixed_time(datetime(2026, 11, 23, 12, 0))
    again = event(calendar(page))[1]
    assert again["DTSTART"].dt == date(2027, 8, 31)
    assert again["UID"] == day["UID"], "a calendar replaces the day before"
    assert again["SEQUENCE"] > day["SEQUENCE"]
    assert "DESCRIPTION" not in again
    assert schema_faults(copy(page).decode()) == [""]
    assert not errors
    assert not outside


def test_any_words_come_into_a_calendar_as_text(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-numbers/")
    plan(page, date.today().isoformat(), "6")
    who = page.locator("#next-echo-who")
    for text in (*HOSTILE, "\U0001fac0" * 60, "\u00e9" * 99, "\x00\x07\x1b\t\x7f.", "BEGIN:VEVENT"):
        who.evaluate("(field, text) => { field.value = text; field.dispatchEvent(new Event('input')) }", text)
        plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", who.input_value().strip().strip("\ufeff"))
        assert event(calendar(page))[1]["DESCRIPTION"].split(": ", 1)[1] == plain


WRONG_DAYS = [
    ("", "6", "calendar_start", "last"),
    ("2026-11-01", "", "calendar_months", "months"),
    ("2026-11-01", "0", "calendar_months", "months"),
    ("2026-11-01", "61", "calendar_months", "months"),
    ("2026-11-01", "1.5", "calendar_months", "months"),
    ("2026-11-01", "6 to 12", "calendar_months", "months"),
    ("2026-11-01", "<b>", "calendar_months", "months"),
    ("2025-11-21", "12", "calendar_past", "last"),
    ("1926-11-21", "12", "calendar_past", "last"),
]


def test_what_is_missing_for_a_day_is_said(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "tools/my-numbers/")
    page.clock.set_fixed_time(datetime(2026, 11, 22, 12, 0))
    said = page.locator(".sheet__calendar [role=status]")
    for last, months, why, field in WRONG_DAYS:
        plan(page, last, months)
        page.locator(".sheet__calendar button").click()
        expect(said).to_contain_text(says(why, least=1, most=60).split("{")[0])
        expect(page.locator(f"#next-echo-{field}")).to_be_focused()
    plan(page, "2026-11-22", "1")
    assert event(calendar(page))[1]["DTSTART"].dt == date(2026, 12, 22)
    plan(page, "2024-11-22", "24")
    assert event(calendar(page))[1]["DTSTART"].dt == date(2026, 11, 22), "today has not passed"
