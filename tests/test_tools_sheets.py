"""The reader's sheets in real browsers: kept as they are typed, compared, printed, and never lost or believed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pypdf import PdfReader

from tests.conftest import ROOT, Built, launch_firefox

OPEN = Callable[..., Page]
KEEP = "mitral-regurgitation"
HOSTILE = [
    "<img src=x onerror=\"document.title='run'\">",
    "\"><script>document.title='run'</script>",
    "{label} ${7*7} `x` \\u202e \u202eright to left\u200b \U0001f600",
    "long " * 2000,
]


def tool(address: str, name: str) -> str:
    return f"{address}tools/{name}/"


def records(page: Page, sheet: str) -> dict[str, Any]:
    """What the device keeps of a sheet."""
    kept: dict[str, str] = page.evaluate("() => ({...localStorage})")
    found = {key.split("/", 2)[2]: json.loads(text) for key, text in kept.items() if key.startswith(f"{KEEP}/{sheet}/")}
    return {id_: record["is"] for id_, record in found.items()}


def add(page: Page, day: date, **values: str) -> None:
    """One entry of the diary, typed and chosen as a reader does."""
    page.fill("#diary-date", day.isoformat())
    for name, value in values.items():
        if name in ("weight", "note"):
            page.fill(f"#diary-{name}", value)
        else:
            page.check(f"input[name=diary-{name}][value={value}]")
    page.get_by_role("button", name=re.compile("^Done")).click()


def faults(page: Page) -> list[str]:
    """What axe finds on a page, all that folds out open."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate("""async () => (await axe.run()).violations.flatMap(
        rule => rule.nodes.map(node => `${location.pathname} ${rule.id} ${node.target} ${node.failureSummary}`))""")
    return found


def printed(page: Page) -> str:
    """The text of the page on paper, with spaces made one."""
    from io import BytesIO

    reader = PdfReader(BytesIO(page.pdf(format="A4")))
    return " ".join(" ".join(part.extract_text() for part in reader.pages).split())


@pytest.mark.parametrize("name", ["my-plan", "my-visit", "my-diary", "my-numbers"])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_sheet_prints_on_one_sheet(built: Built, chromium: Browser, open_page: OPEN, name: str, paper: str) -> None:
    from io import BytesIO

    page = open_page(chromium, (built.offline / f"tools/{name}.html").as_uri())
    assert len(PdfReader(BytesIO(page.pdf(format=paper))).pages) == 1


def test_without_a_script_a_sheet_is_complete(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-plan"), java_script_enabled=False)
    page.fill("#plan-team", "12345 678")
    assert "12345 678" in printed(page)
    page = open_page(chromium, tool(hosted, "my-diary"), java_script_enabled=False)
    expect(page.locator(".sheet__table").first).to_be_visible()
    assert page.locator(".sheet input").count() == 0


def test_what_is_typed_is_kept_and_comes_back(
    browser: Browser, built: Built, open_page: OPEN, outside: list[str]
) -> None:
    """Also from the unpacked zip, where all files share one store, in both browsers."""
    page = open_page(browser, (built.offline / "tools/my-plan.html").as_uri())
    page.fill("#plan-team", "0123")
    page.fill("#plan-weight", "72,5")
    page.select_option("#plan-weight-unit", "lb")
    expect(page.locator(".center-said")).to_have_text("Saved on this device")
    page.reload()
    expect(page.locator("#plan-team")).to_have_value("0123")
    expect(page.locator("#plan-weight")).to_have_value("72,5")
    expect(page.locator("#plan-weight-unit")).to_have_value("lb")
    assert outside == []


def test_an_impossible_value_is_refused_and_not_lost(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-numbers"))
    page.fill("#numbers-ef", "600")
    page.fill("#numbers-note", "First")
    error = page.locator("[data-field=ef] .sheet__error")
    expect(error).to_contain_text("must be from 5 to 95 %")
    expect(page.locator("#numbers-ef")).to_have_value("600")
    expect(page.locator("#numbers-ef")).to_have_attribute("aria-invalid", "true")
    assert [sorted(record) for record in records(page, "numbers").values()] == [["date", "note"]]
    page.fill("#numbers-ef", "sixty")
    page.locator("#numbers-ef").blur()
    expect(error).to_contain_text("please write a number")
    page.fill("#numbers-ef", "60")
    expect(error).to_have_text("")
    assert [record["ef"] for record in records(page, "numbers").values()] == [{"n": "60", "unit": "%"}]


def test_danger_shows_the_call_whatever_else_is_set(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-diary"))
    signs = page.evaluate("""() => [...document.querySelectorAll('.sheet__form input[data-sign]')]
        .map(mark => [mark.name, mark.value, mark.dataset.sign])""")
    assert len(signs) >= 10
    for name, value, sign in signs:
        page.check(f"input[name={name}][value={value}]")
        alert = page.locator(f"fieldset:has(input[name={name}]) [role=alert]").first
        if sign == "now":
            expect(alert).to_contain_text("911")
            expect(alert.get_by_role("link")).to_have_attribute("href", re.compile("get-help"))
        else:
            expect(alert).to_contain_text("call first")
    page.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.locator(".sheet__form .call-now")).to_have_count(0)


def test_past_the_own_line_the_team_speaks_and_never_we(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-diary"))
    note = page.locator("[data-field=weight] .sheet__note")
    add(page, date.today() - timedelta(days=2), weight="70")
    page.fill("#diary-weight", "120")
    expect(note).to_have_text("")  # no line is set until the reader sets one
    page.goto(tool(hosted, "my-plan"))
    page.fill("#plan-weight", "75")
    page.fill("#plan-gain", "2")
    page.fill("#plan-days", "3")
    page.goto(tool(hosted, "my-diary"))
    page.fill("#diary-weight", "74")
    expect(note).to_contain_text("more than 2 kg in 3 days")
    expect(note).to_contain_text("You have not written down")
    page.fill("#diary-weight", "71")
    expect(note).to_have_text("")
    page.evaluate(f"""localStorage.setItem('{KEEP}/plan/only', JSON.stringify(
        {{at: 1, is: {{weight: {{n: '165', unit: 'lb'}}, do: 'Take one more & call Ann'}}}}))""")
    page.fill("#diary-weight", "75")  # 165 lb are 74.8 kg
    expect(note).to_have_text("Past your own line: 165 lb. What your team told you to do: Take one more & call Ann")


def test_a_diary_says_what_changed(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-diary"))
    now = date.today()
    add(page, now - timedelta(days=370), stairs="none", weight="68", tired="none")
    add(page, now - timedelta(days=31), stairs="none", weight="70", tired="usual")
    add(page, now, stairs="worse", weight="71.5", tired="usual")
    told = page.locator(".sheet__compared")
    expect(told).to_contain_text("About a month ago")
    expect(told).to_contain_text("Short of breath on the stairs: was No, now More than usual")
    expect(told).to_contain_text("Weight: was 70 kg, now 71.5 kg")
    expect(told).to_contain_text("No change: Tired")
    expect(told).to_contain_text("About a year ago")
    page.select_option("#diary-chart", "weight")
    chart = page.get_by_role("img", name=re.compile("^Weight, 3 times: 68 kg on .*Lowest 68 kg, highest 71.5 kg"))
    expect(chart).to_be_visible()
    page.goto(tool(hosted, "my-visit"))
    expect(page.locator(".sheet__from").first).to_contain_text("Weight: was 70 kg, now 71.5 kg")


def test_entries_are_changed_removed_and_brought_back_by_keyboard(
    hosted: str, chromium: Browser, open_page: OPEN
) -> None:
    page = open_page(chromium, tool(hosted, "my-diary"), width=320)
    add(page, date(2026, 5, 1), note="May")
    add(page, date(2026, 6, 1), note="June")
    entries = page.locator(".sheet__entries > li")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("June")
    entries.last.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Change: May 1, 2026")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Change the entry of May 1, 2026")).to_be_focused()
    page.fill("#diary-note", "The first of May")
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_role("heading", name="New entry")).to_be_focused()
    expect(entries.last).to_contain_text("The first of May")
    entries.last.locator("summary").click()
    page.get_by_role("button", name="Remove: May 1, 2026").press("Enter")
    expect(entries).to_have_count(1)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(entries).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_two_tabs_lose_nothing_of_each_other(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    first = open_page(chromium, tool(hosted, "my-plan"))
    second = first.context.new_page()
    second.goto(tool(hosted, "my-plan"))
    first.fill("#plan-team", "from one")
    expect(second.locator("#plan-team")).to_have_value("from one")
    second.fill("#plan-hospital", "from two")
    first.fill("#plan-clinic", "from one")
    expect(first.locator("#plan-hospital")).to_have_value("from two")
    assert records(first, "plan")["only"] == {"team": "from one", "hospital": "from two", "clinic": "from one"}
    for page in (first, second):
        page.goto(tool(hosted, "my-diary"))
    add(first, date(2026, 5, 1), note="one")
    opened = first.locator(".sheet__entries > li", has_text="one").locator("summary")
    opened.click()
    add(second, date(2026, 5, 2), note="two")
    expect(first.locator(".sheet__entries > li")).to_have_count(2)
    expect(opened).to_be_focused()
    expect(opened.locator("xpath=..")).to_have_attribute("open", "")
    expect(second.locator(".sheet__entries > li")).to_have_count(2)


@pytest.mark.parametrize("text", HOSTILE, ids=["tag", "script", "signs", "long"])
def test_what_a_person_types_is_only_text(hosted: str, chromium: Browser, open_page: OPEN, text: str) -> None:
    page = open_page(chromium, tool(hosted, "my-visit"))
    title = page.title()
    for sheet in ("visit", "medicines"):
        for field in page.locator(f"[data-sheet={sheet}] .sheet__field:not([hidden]) :is(input, textarea)").all():
            field.fill(text)
    page.evaluate(
        f"""text => localStorage.setItem('{KEEP}/questions/own-1',
        JSON.stringify({{at: 1, is: {{text, answer: text, place: 1}}}}))""",
        text,
    )
    page.evaluate(
        f"""text => localStorage.setItem('{KEEP}/summary/diary',
        JSON.stringify({{at: 1, is: {{text}}}}))""",
        text,
    )
    page.reload()
    expect(page.locator("label[for=asked-0]")).to_have_text(text.strip() if "long" in text else text)
    expect(page.locator("[data-sheet=medicines] .sheet__entries > li")).to_have_count(1)
    assert page.locator(".md-content img[src=x]").count() == 0
    assert page.locator(".md-content script").count() == 0
    assert page.title() == title
    printed(page)
    assert page.title() == title


@pytest.mark.parametrize("name", ["my-diary", "my-numbers", "my-plan", "my-visit", "my-questions"])
def test_every_field_takes_text_and_nothing_more_under_the_strict_policy(
    hosted: str, chromium: Browser, open_page: OPEN, name: str
) -> None:
    """The policy planned for the site: what is not from its own files does not run, and nothing of ours needs more."""

    def strict(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": "default-src 'self'"})

    page = open_page(chromium, "about:blank")
    page.route("**/tools/*/", strict)
    page.add_init_script("""window.broken = [];
        addEventListener("securitypolicyviolation", e => broken.push(e.sourceFile + " " + e.blockedURI))""")
    page.goto(tool(hosted, name))
    title = page.title()
    elements = page.evaluate("document.querySelectorAll('article script, article img, article iframe').length")
    fields = page.locator("article :is(input[type=text], input[type=tel], textarea):visible")
    assert fields.count() >= (1 if name == "my-questions" else 5)
    for text in HOSTILE[:3]:
        for field in fields.all():
            field.fill(text)
            if name == "my-questions":
                field.press("Enter")
        if name in ("my-diary", "my-numbers"):
            page.get_by_role("button", name=re.compile("^Done")).first.click()
    page.reload()
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.querySelectorAll('article script, article img, article iframe').length") == elements
    assert page.title() == title
    sheets = ("diary", "numbers", "plan", "visit", "questions")
    kept = [value for sheet in sheets for record in records(page, sheet).values() for value in record.values()]
    assert HOSTILE[2] in kept
    broken: list[str] = page.evaluate("broken")
    assert broken, "the policy was there: the theme's own inline scripts break it"
    assert [what for what in broken if "javascripts/" in what and "bundle" not in what] == []


def test_a_damaged_store_is_survived(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-diary"))
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    add(page, date(2026, 5, 1), note="good")
    damaged = [
        "{",
        "null",
        "[]",
        '{"at":1}',
        '{"at":"x","is":{}}',
        '{"at":1,"is":[]}',
        '{"at":1,"is":{"date":7}}',
        '{"at":1,"is":{"stairs":"gone","weight":"70","flat":["x"]}}',
        '{"at":1,"is":{"weight":{"n":"x","unit":"y"}}}',
    ]
    page.evaluate(
        f"""texts => texts.forEach((text, i) =>
        localStorage.setItem('{KEEP}/diary/bad' + i, text))""",
        damaged,
    )
    page.reload()
    expect(page.locator(".sheet__entries")).to_contain_text("good")
    page.goto(tool(hosted, "my-plan"))
    page.evaluate(f"""localStorage.setItem('{KEEP}/plan/only', 'broken')""")
    page.reload()
    page.fill("#plan-team", "still works")
    assert records(page, "plan")["only"] == {"team": "still works"}
    assert errors == []


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }", "is full"),
        (
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})",
            "keeps nothing",
        ),
    ],
    ids=["full", "blocked"],
)
def test_without_a_store_all_works_until_the_page_is_closed(
    hosted: str, chromium: Browser, open_page: OPEN, how: str, said: str
) -> None:
    page = open_page(chromium, "about:blank")
    page.add_init_script(how)
    page.goto(tool(hosted, "my-diary"))
    add(page, date(2026, 5, 1), note="kept for now")
    add(page, date(2026, 5, 2), note="this one too")
    expect(page.locator(".center-warning")).to_contain_text(said)
    expect(page.locator(".sheet__entries > li")).to_have_count(2)
    assert "kept for now" in printed(page)


def test_firefox_that_refuses_its_store_says_so(hosted: str, _driver: Any, _asked: Any) -> None:
    browser = launch_firefox(_driver, _asked[0])
    try:
        page = browser.new_page()
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
        )
        page.goto(tool(hosted, "my-plan"))
        page.fill("#plan-team", "still here")
        expect(page.locator(".center-warning")).to_contain_text("keeps nothing")
        expect(page.locator("#plan-team")).to_have_value("still here")
    finally:
        browser.close()


def test_ten_years_are_listed_and_printed_whole(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-diary"))
    page.evaluate(f"""() => {{ for (let i = 0; i < 3650; i++) {{
        const day = new Date(Date.UTC(2016, 11, 1 + i)).toISOString().slice(0, 10);
        localStorage.setItem('{KEEP}/diary/e' + i, JSON.stringify(
            {{at: 1, is: {{date: day, stairs: 'none', weight: {{n: String(60 + i % 20), unit: 'kg'}}}}}})); }} }}""")
    page.reload()
    expect(page.locator(".sheet__entries > li")).to_have_count(10)
    page.get_by_role("button", name="Show older ones (3640)").click()
    expect(page.locator(".sheet__entries > li")).to_have_count(60)
    expect(page.locator(".sheet__entries > li:nth-child(11) summary")).to_be_focused()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".sheet__printed tr:first-child td").count() == 3650


def test_paper_has_every_entry_and_no_control(hosted: str, chromium: Browser, open_page: OPEN) -> None:
    page = open_page(chromium, tool(hosted, "my-diary"))
    for number in range(9):
        add(page, date(2026, 5, 1 + number), note=f"note{number}")
    text = printed(page)
    assert all(f"note{number}" in text for number in range(9))
    assert not re.search("Done|Change|Remove|Undo|Show older|Clear this", text)


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_axe_finds_nothing_on_live_sheets(
    hosted: str, chromium: Browser, open_page: OPEN, scheme: str, width: int
) -> None:
    """All rules, those of the highest level and of best practice too, with entries, errors and calls on the page."""
    page = open_page(chromium, tool(hosted, "my-diary"), width=width, color_scheme=scheme)
    add(page, date(2026, 4, 1), weight="69", flat="cannot")
    add(page, date(2026, 5, 1), weight="70", flat="pillows")
    page.check("input[name=diary-rest][value=hard]")
    page.fill("#diary-weight", "7")
    page.locator("#diary-weight").blur()
    found = faults(page)
    for name in ("my-numbers", "my-plan", "my-visit", "my-questions", "check-what-you-know"):
        page.goto(tool(hosted, name))
        for press in page.locator(".add-question, .quiz input[type=radio]").all()[:4]:
            press.click()
        found += faults(page)
    assert found == []


def test_a_page_without_a_tool_loads_little(hosted: str, built: Built, chromium: Browser, open_page: OPEN) -> None:
    import gzip

    scripts = built.site / "assets/javascripts"
    page = open_page(chromium, f"{hosted}tests/echo/")
    own = page.evaluate("[...document.scripts].map(script => script.src).filter(src => src && !/bundle/.test(src))")
    assert [address.rsplit("/", 1)[1] for address in own] == ["center.js"]
    assert len(gzip.compress((scripts / "center.js").read_bytes())) <= 4096
    page.goto(tool(hosted, "my-diary"))
    own = page.evaluate("[...document.scripts].map(script => script.src).filter(src => src && !/bundle/.test(src))")
    assert len(gzip.compress(b"".join((scripts / a.rsplit("/", 1)[1]).read_bytes() for a in own))) <= 25 * 1024
