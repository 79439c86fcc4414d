"""The reader's own list of questions, its finder, and the check of what one knows, as a reader uses them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from center import center
from playwright.sync_api import Browser, Locator, Page, expect

from tests import pdf
from tests.conftest import ROOT
from tests.test_any_browser import SETTINGS, Open, watched

LIST, QUIZ = "tools/my-questions/", "tools/check-what-you-know/"
HOSTILE = [
    "<img src=x onerror=\"document.title='taken'\">",
    "\"><script>document.title='taken'</script>",
    "' onmouseover=alert(1) {{7*7}} ${7*7} &lt;b&gt; %00 \\u0000",
    "x" * 10_000,
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd \u200b\u200d\ufeff zero \U0001f98a",
]


EXTRA = center.read(ROOT, SETTINGS).extra


def told(name: str, **values: object) -> str:
    """Words of the scripts, filled in."""
    words = next(EXTRA[key].value for key in (f"tool_words.{name}", f"center_words.{name}") if key in EXTRA)
    return re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), words)


def kept(page: Page) -> dict[str, Any]:
    """What the store holds, by key, without times."""
    found: dict[str, str] = page.evaluate("Object.assign({}, localStorage)")
    name = page.locator("#center-data").get_attribute("data-name") or ""
    return {key.removeprefix(f"{name}/"): json.loads(text)["is"] for key, text in found.items() if name + "/" in key}


def items(page: Page) -> Locator:
    return page.locator(".mine ol > li:not(.mine__undo)")


def mine(page: Page) -> list[str]:
    """The questions of the reader's list, in order."""
    return items(page).locator(".mine__text").all_text_contents()


def own(page: Page) -> Locator:
    return page.get_by_label(told("list_own"), exact=True)


def write(page: Page, *questions: str) -> None:
    """Adds questions of the reader's own."""
    for question in questions:
        own(page).fill(question)
        own(page).press("Enter")


def press(page: Page, place: int, name: str) -> Locator:
    """A button of a question of the list."""
    return items(page).nth(place).locator("button", has_text=re.compile(f"^{told(name)}$"))


def choose(page: Page, field: str, *values: str) -> None:
    for value in values:
        page.locator(f"[data-script] [data-field={field}] input[value={value}]").check()


def found(page: Page) -> list[str]:
    """Ids of the questions that the finder proposes."""
    return [item.get_attribute("data-question") or "" for item in page.locator(".found li").all()]


def listed(page: Page) -> list[dict[str, Any]]:
    """The questions of the page's list with their marks, read from the page and not by the script."""
    marked: list[dict[str, Any]] = page.evaluate(
        """() => {
            let stage = "";
            const found = [];
            for (const e of document.querySelectorAll("article > h2, article > ul > li[data-question]")) {
                if (e.tagName === "H2") stage = e.id;
                else found.push({id: e.id, ask: e.dataset.ask, stage: [stage], leak: e.dataset.leak?.split(" ") ?? [],
                    visit: e.dataset.visit?.split(" ") ?? [], worry: e.dataset.worry?.split(" ") ?? []});
            }
            return found;
        }"""
    )
    return marked


def focused(page: Page) -> str:
    """What a screen reader calls the element with the focus."""
    name: str = page.evaluate(
        """() => {
            const e = document.activeElement;
            const by = e.getAttribute("aria-labelledby");
            if (by) return by.split(" ").map(id => document.getElementById(id).textContent).join(" ");
            return e.getAttribute("aria-label") || (e.labels && e.labels[0] || e).textContent;
        }"""
    )
    return name


def test_each_mark_of_a_question_is_a_choice(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + LIST)
    for field in ("stage", "leak", "visit", "worry"):
        offered = page.locator(f"[data-script] [data-field={field}] input").all()
        values = {choice.get_attribute("value") for choice in offered}
        named = {value for question in listed(page) for value in question[field]}
        assert named <= values, field
        # One may stand for "I do not know", which no question names.
        assert len(values - named) <= (field == "leak"), field


PICKS: list[dict[str, list[str]]] = [
    {"stage": ["being-watched"], "leak": ["primary"], "visit": ["check"], "worry": ["symptoms", "worse"]},
    {"stage": ["deciding"], "leak": ["secondary"], "visit": ["choice"], "worry": ["treatment"]},
    {"stage": ["deciding"], "leak": ["unknown"], "worry": ["worse"]},
    {"stage": ["family"], "leak": ["secondary"]},
    {"worry": ["family"]},
    {"leak": ["secondary"]},
]


@pytest.mark.parametrize("picks", PICKS)
def test_the_finder_puts_what_fits_first(
    browser: Browser, hosted: str, open_page: Open, picks: dict[str, list[str]]
) -> None:
    page = open_page(browser, hosted + LIST)
    assert found(page) == []
    expect(page.locator(".found")).to_contain_text(told("pick_none"))
    for field, values in picks.items():
        choose(page, field, *values)
    other = {"primary": "secondary", "secondary": "primary"}.get(picks.get("leak", [""])[0])
    fitting = [
        question
        for question in listed(page)
        if question["leak"] != [other] and question["stage"] == picks.get("stage", question["stage"])
    ]
    fitting.sort(key=lambda question: -sum(len({*question[field]} & {*picks[field]}) for field in picks))
    assert found(page) == [question["id"] for question in fitting[:7]]
    assert len(found(page)) >= 3
    marks = page.locator(".found .mine__first")
    assert [mark.is_visible() for mark in marks.all()] == [place < 3 for place in range(len(found(page)))]
    stored = kept(page)["pick/only"]
    assert {field: [value] if isinstance(value, str) else value for field, value in stored.items()} == picks
    before = found(page)
    page.reload()
    assert found(page) == before
    page.get_by_role("button", name=told("pick_clear")).click()
    assert found(page) == []
    assert page.locator("[data-script] input:checked").count() == 0
    assert focused(page), "the focus is on the first choice"
    assert kept(page) == {}


def test_what_the_finder_proposes_goes_to_my_list_and_back(browser: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(browser, hosted + LIST)
    choose(page, "worry", "medicines")
    asks = {question["id"]: question["ask"] for question in listed(page)}
    chosen = [asks[id_] for id_ in found(page)[:2]]
    buttons = page.locator(".found li button.add-question")
    for place in (1, 0):
        buttons.nth(place).click()
        expect(buttons.nth(place)).to_have_attribute("aria-pressed", "true")
        expect(buttons.nth(place)).to_have_text(told("added"))
    assert mine(page) == chosen[::-1]
    expect(page.locator(".my-count")).to_have_text(told("count", count=2))
    buttons.nth(0).click()
    assert mine(page) == chosen[1:]
    page.locator(f"#{found(page)[0]} > button.add-question").click()
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("[...document.querySelectorAll('[id]')].length") == page.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
    ), "a copy brings no id a second time"


def test_a_list_by_keyboard_alone(browser: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(browser, hosted + LIST)
    keys = page.keyboard

    def tab_to(name: str, *, back: bool = False) -> None:
        for _ in range(400):
            keys.press("Shift+Tab" if back else "Tab")
            if focused(page).strip() == name:
                return
        raise AssertionError(f"no way to '{name}'")

    tab_to(told("list_own"))
    for question in ("One?", "Two?", "Three?", "Four?"):
        keys.type(question)
        keys.press("Enter")
    assert mine(page) == ["One?", "Two?", "Three?", "Four?"]
    expect(page.locator(".center-said")).to_have_text(told("list_added", count=4))
    marks = items(page).locator(".mine__first")
    assert [mark.is_visible() for mark in marks.all()] == [True, True, True, False]

    tab_to(f"{told('list_up')} Four?", back=True)
    keys.press("Enter")
    expect(page.locator(".center-said")).to_have_text(told("list_moved", place=3, count=4))
    assert focused(page) == f"{told('list_up')} Four?"
    keys.press("Space")
    keys.press("Enter")
    assert mine(page) == ["Four?", "One?", "Two?", "Three?"]
    assert focused(page) == f"{told('list_down')} Four?", "a button that is off keeps no focus"
    keys.press("Enter")
    assert mine(page) == ["One?", "Four?", "Two?", "Three?"]

    tab_to(f"{told('list_asked')} Four?", back=True)
    keys.press("Space")
    tab_to(f"{told('list_answer')} Four?")
    keys.type("Yes.")
    tab_to(f"{told('list_edit')} Four?")
    keys.press("Enter")
    assert focused(page) == told("list_text")
    keys.press("ControlOrMeta+a")
    keys.type("Fourth?")
    tab_to(f"{told('list_done')} Fourth?")
    keys.press("Enter")
    assert focused(page) == f"{told('list_edit')} Fourth?"
    assert mine(page) == ["One?", "Fourth?", "Two?", "Three?"]

    tab_to(f"{told('list_remove')} Fourth?")
    keys.press("Enter")
    assert mine(page) == ["One?", "Two?", "Three?"]
    assert focused(page) == told("list_undo")
    expect(page.locator("#mine-gone")).to_have_text(told("list_removed", text="Fourth?"))
    expect(page.locator(".mine > h2 + p")).to_have_text(told("list_count", count=3, done=0))
    keys.press("Enter")
    assert mine(page) == ["One?", "Fourth?", "Two?", "Three?"]
    assert focused(page) == f"{told('list_remove')} Fourth?"
    expect(page.locator("#mine-gone")).to_have_count(0)
    expect(page.locator(".mine > h2 + p")).to_have_text(told("list_count", count=4, done=1))

    page.reload()
    assert mine(page) == ["One?", "Fourth?", "Two?", "Three?"]
    expect(items(page).nth(1).locator("textarea:visible")).to_have_value("Yes.")
    expect(items(page).nth(1).locator("input")).to_be_checked()


def test_an_emptied_question_keeps_its_words(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + LIST)
    write(page, "   ", "What now?")
    press(page, 0, "list_edit").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    press(page, 0, "list_done").click()
    assert mine(page) == ["What now?"]
    press(page, 0, "list_edit").click()
    expect(page.get_by_label(told("list_text"), exact=True)).to_have_value("What now?")


def test_two_tabs_at_once(browser: Browser, hosted: str, open_page: Open) -> None:
    one = open_page(browser, hosted + LIST)
    two = one.context.new_page()
    two.goto(hosted + LIST)
    write(one, "One?")
    expect(items(two)).to_have_count(1)
    write(two, "Two?", "Three?")
    expect(items(one)).to_have_count(3)

    answer = items(one).nth(0).locator("textarea:visible")
    answer.click()
    one.keyboard.type("First half")
    two.bring_to_front()
    expect(items(two).nth(0).locator("textarea:visible")).to_have_value("First half")
    press(two, 0, "list_down").click()
    items(two).nth(1).locator("input").check()
    press(two, 2, "list_up").click()
    one.bring_to_front()
    expect(items(one).nth(2).locator(".mine__text")).to_have_text("One?")
    one.keyboard.type(", and second.")
    assert mine(one) == mine(two) == ["Two?", "Three?", "One?"]
    expect(items(one).nth(2).locator("textarea:visible")).to_have_value("First half, and second.")
    expect(items(one).nth(2).locator("input")).to_be_checked()

    press(two, 2, "list_remove").click()
    expect(items(one)).to_have_count(2)
    expect(one.locator("#mine")).to_be_focused()
    press(two, 0, "list_remove").click()
    two.get_by_role("button", name=told("list_undo")).click()
    expect(items(one)).to_have_count(2)
    choose(two, "visit", "test")
    expect(one.locator(".found li")).to_have_count(7)


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"


@pytest.mark.parametrize(("fault", "why"), [(BLOCKED, "blocked"), (FULL, "full")], ids=["blocked", "full"])
def test_a_browser_that_keeps_nothing(browser: Browser, hosted: str, open_page: Open, fault: str, why: str) -> None:
    page = open_page(browser, "about:blank")
    page.add_init_script(
        "window.thrown = []; addEventListener('error', e => thrown.push(String((e.error || {}).stack))); " + fault
    )
    page.goto(hosted + LIST)
    write(page, "One?", "Two?")
    expect(page.locator(".center-warning")).to_have_text(told(why))
    choose(page, "stage", "family")
    expect(page.locator(".found li").first).to_be_visible()
    page.locator(".found button.add-question").first.click()
    press(page, 2, "list_up").click()
    items(page).nth(0).locator("textarea:visible").fill("An answer.")
    press(page, 2, "list_remove").click()
    page.get_by_role("button", name=told("list_undo")).click()
    assert [mine(page)[0], mine(page)[2]] == ["One?", "Two?"]
    expect(page.locator(".mine__answer").first).to_have_text("An answer.")
    thrown: list[str] = page.evaluate("thrown")
    ours = [stack for stack in thrown if re.search(r"javascripts/(?!bundle)", stack)]
    assert ours == [], "the theme complains of it; we do not"


def test_damaged_records_do_no_harm(browser: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(browser, hosted + LIST)
    name = page.locator("#center-data").get_attribute("data-name")
    records: dict[str, object] = {
        "questions/own-a": {"at": 1, "is": {"text": {"x": 1}, "place": "first", "answer": [1], "done": "yes"}},
        "questions/own-b": {"at": 2, "is": {}},
        "questions/own-c": {"at": 3, "is": {"text": "Whole?", "place": 1}},
        "questions/own d\"'>": {"at": 4, "is": {"text": "Odd id?", "place": -1e300}},
        "questions/__proto__": {"at": 5, "is": {"text": "Proto?", "place": 0}},
        "questions/own-e": {"at": "never", "is": []},
        "pick/only": {"at": 5, "is": {"stage": {"x": 1}, "leak": ["none"], "visit": 7, "worry": "family"}},
    }
    for key, record in records.items():
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"{name}/{key}", json.dumps(record)])
    page.evaluate("key => localStorage.setItem(key, '{\"at\":1,')", f"{name}/questions/own-f")
    errors = watched(page)
    page.reload()
    assert mine(page)[:3] == ["Odd id?", "Proto?", "Whole?"]
    assert len(mine(page)) == 5
    write(page, "More?")
    press(page, 5, "list_up").click()
    press(page, 0, "list_remove").click()
    page.get_by_role("button", name=told("list_undo")).click()
    assert mine(page)[:3] == ["Odd id?", "Proto?", "Whole?"]
    assert len(found(page)) == 7
    choose(page, "stage", "family")
    assert len(found(page)) >= 3
    assert not errors


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_typed_is_only_text(chromium: Browser, hosted: str, open_page: Open, text: str) -> None:
    page = open_page(chromium, hosted + LIST, width=320)
    errors = watched(page)
    title = page.title()
    count = page.locator("article *").count
    write(page, "Plain?")
    press(page, 0, "list_edit").click()
    items(page).nth(0).locator("textarea").nth(1).fill("Plain.")
    before = count()
    page.get_by_label(told("list_text"), exact=True).fill(text)
    items(page).nth(0).locator("textarea").nth(1).fill(text)
    assert count() == before, "text makes no element"
    press(page, 0, "list_done").click()
    write(page, text)
    assert mine(page) == [text.strip()] * 2
    press(page, 1, "list_remove").click()
    expect(page.locator("#mine-gone")).to_have_text(told("list_removed", text=text.strip()), use_inner_text=False)
    page.reload()
    assert mine(page) == [text.strip()]
    expect(page.locator(".mine__answer")).to_have_text(text)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.title() == title
    assert page.locator("article :is(script, img[src=x])").count() == 0
    assert not errors


CONTROLS = ("list_asked", "list_answer", "list_up", "list_remove", "list_own", "list_add", "list_print", "list_undo")


def on_paper(page: Page) -> str:
    return pdf.words(page.pdf())


def packed(text: str) -> str:
    """Without blanks, as the words of a PDF are read."""
    return "".join(text.split())


def test_print_has_my_list_and_no_control(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + LIST)
    choose(page, "worry", "family")
    page.locator(".found button.add-question").first.click()
    write(page, *(f"Question of my own, number {number}?" for number in range(1, 12)))
    for place in range(0, 12, 2):
        items(page).nth(place).locator("textarea:visible").fill(f"Answer {place},\nin two lines.")
    press(page, 4, "list_edit").click()
    press(page, 11, "list_remove").click()
    printed = on_paper(page)
    for question in mine(page):
        assert packed(question) in printed
    for place in range(0, 12, 2):
        assert f"Answer{place},intwolines." in printed
    for control in CONTROLS:
        assert packed(told(control)) not in printed, control
    rest = [question["ask"] for question in listed(page) if question["ask"] not in mine(page)]
    assert not [question for question in rest if packed(question) in printed], "with a list of one's own, that alone"
    room = items(page).nth(1).locator(".mine__answer")
    page.emulate_media(media="print")
    assert (room.bounding_box() or {"height": 0})["height"] > 55, "room to write an answer by hand"


def test_print_asks_the_browser(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + LIST)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    button = page.get_by_role("button", name=told("list_print"))
    expect(button).to_be_hidden()
    write(page, "One?")
    button.click()
    assert page.title() == "printed"


@pytest.mark.parametrize("address", [LIST, QUIZ])
def test_paper_is_the_same_without_the_script(chromium: Browser, hosted: str, open_page: Open, address: str) -> None:
    page = open_page(chromium, hosted + address)
    if address == LIST:
        choose(page, "worry", "family")
    else:
        page.locator(".quiz input").first.check()
    plain = open_page(chromium, hosted + address, java_script_enabled=False)
    expect(plain.locator("[data-script]:visible, .mine, .quiz")).to_have_count(0)
    assert on_paper(page) == on_paper(plain)
    assert len(on_paper(plain)) > 3000


def test_each_answer_shows_its_reason_at_once(browser: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(browser, hosted + QUIZ)
    before = kept(page)
    boxes = page.locator("fieldset.quiz")
    assert boxes.count() == page.locator(".choices").count() >= 10
    fits = told("quiz_right")
    for number in range(1, boxes.count() + 1):
        box = page.get_by_role("group", name=re.compile(rf"^{number}\. .*[?]$"))
        answer = page.locator(f"#answer-{number}")
        right = int((answer.locator("+ p > strong").text_content() or "").rstrip("."))
        reasons = answer.locator("+ p + p")
        choices = box.get_by_role("radio")
        assert choices.count() == 3
        expect(box.locator("[role=status]")).to_be_empty()
        for place in (*range(3), right - 1):
            choices.nth(place).check()
            said = box.locator("[role=status]")
            expect(said).to_contain_text(fits if place == right - 1 else told("quiz_other"))
            expect(said).to_contain_text(f"{right}. ")
            expect(box.locator(".quiz__told p").nth(2)).to_have_text(reasons.text_content() or "")
            links = box.locator(".quiz__told a:not(sup a)")
            assert links.count() >= 1
        expect(reasons).to_be_visible()
        expect(box.locator(":scope > p > a")).to_have_attribute("href", f"#answer-{number}")
    assert kept(page) == before == {}
    assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == page.evaluate(
        "document.querySelectorAll('[id]').length"
    )
    page.reload()
    assert page.locator(".quiz input:checked").count() == 0


def test_the_check_by_keyboard_alone(browser: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(browser, hosted + QUIZ)
    box = page.locator(".quiz").first
    box.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    expect(box.locator("[role=status]")).not_to_be_empty()
    first = box.locator("[role=status]").text_content() or ""
    page.keyboard.press("ArrowDown")
    expect(box.get_by_role("radio").nth(1)).to_be_focused()
    expect(box.locator("[role=status]")).not_to_have_text(first)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.quiz__told') !== null"), "the reason is what comes next"


@pytest.mark.parametrize("address", [LIST, QUIZ])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_are_large_and_plain_to_see(
    chromium: Browser, hosted: str, open_page: Open, address: str, scheme: str
) -> None:
    page = open_page(chromium, hosted + address, width=320, color_scheme=scheme)
    if address == LIST:
        write(page, "One?", "Two?", "Three?")
        press(page, 1, "list_remove").click()
        choose(page, "stage", "just-told")
    large = ".mine button, .mine input[type=text], .found button:not(.term), label.sheet__choice"
    controls = page.locator(f"article :is({large})")
    assert controls.count() > 20
    for control in controls.all():
        if control.is_visible():
            assert (control.bounding_box() or {"height": 0})["height"] >= 43.9, control
    low: list[str] = page.evaluate(
        """() => {
            const light = color => {
                const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(
                    v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const ground = light(getComputedStyle(document.body).backgroundColor);
            return [...document.querySelectorAll("article button:not(:disabled, :focus, .term)")].filter(e => {
                const own = light(getComputedStyle(e).color);
                return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05) < 4.5;
            }).map(e => e.textContent);
        }"""
    )
    assert low == []
