"""Our Markdown extensions, one by one: what they write, and what makes them raise."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import markdown
import pytest

WORDS = {
    "sources": "Sources",
    "source": "Source {number}",
    "back": "Back from {number}, place {place}",
    "places": "{count} places",
    "read": "read",
    "verified": "seen in a summary",
    "known": "not seen",
    "of": "{count} of {base} {outcome}",
    "among": "{people}, {time}.",
    "words": "Words",
    "say": "say {say}",
    "also": "Also: {also}",
    "now": "call now",
    "today": "call today",
    "usual": "From {sources}",
    "unit": "Unit of {label}",
}
STYLE = Path(__file__).resolve().parents[1] / "docs/american-medical-association.csl"
REFERENCES = """\
- id: first
  type: article-journal
  title: Alpha & beta <of> a thing
  author: [{family: Writer, given: AB}]
  container-title: A Journal
  issued: {date-parts: [[2020]]}
  DOI: 10.1000/1
  custom: {kind: trial, supports: x, confidence: verified, checked: there, more-authors: true}
- id: second_one
  type: webpage
  title: A page
  URL: https://www.example.org/page
  custom: {kind: patient-page, supports: x, confidence: known}
"""
GLOSSARY = """\
- {id: valve, term: Valve, meaning: A one-way door., group: Basics, say: VALV, match: [valve, valves]}
- {id: big-valve, term: Big valve, meaning: A bigger door., group: Basics, match: [big valve]}
- {id: ef, term: Ejection fraction, abbr: [EF], meaning: A share., group: Numbers, match: [EF]}
"""


@pytest.fixture
def convert(tmp_path: Path) -> Callable[[str], str]:
    """Markdown to HTML with all our extensions, over a small center of its own."""
    (tmp_path / "references.yml").write_text(REFERENCES)
    (tmp_path / "glossary.yml").write_text(GLOSSARY)
    references, style = str(tmp_path / "references.yml"), str(STYLE)
    options: dict[str, dict[str, Any]] = {
        "center.markdown.citations": {"references": references, "style": style, "words": WORDS},
        "center.markdown.people": {"references": references, "rates": ["person-year"], "words": WORDS},
        "center.markdown.sheets": {"references": references, "words": WORDS},
        "center.markdown.glossary": {"glossary": str(tmp_path / "glossary.yml"), "words": WORDS},
    }

    def converted(text: str) -> str:
        return markdown.markdown(
            text,
            extensions=["attr_list", "tables", "toc", "center.markdown.options", *options],
            extension_configs=options,
        )

    return converted


def tree(html: str) -> ET.Element:
    """HTML of an extension as a tree; all of it is well-formed."""
    return ET.fromstring(f"<div>{html}</div>")


def test_citations_are_numbered_in_reading_order(convert: Callable[[str], str]) -> None:
    root = tree(
        convert(
            "# T\n\nOne [@second_one].\n\n- two [@first; @second_one]\n\n| a | b |\n|---|---|\n| x | y [@first] |\n"
        )
    )
    shown = ["".join(sup.itertext()) for sup in root.iter("sup")]
    assert shown == ["1", "2, 1", "2"]
    entries = root.findall(".//section/ol/li")
    assert [item.get("id") for item in entries] == ["source-1", "source-2"]
    assert "A page" in "".join(entries[0].itertext())
    assert "not seen" in "".join(entries[0].itertext())
    text = "".join(entries[1].itertext())
    assert "Writer A" in text
    assert "et al" in text
    assert "Alpha & beta <of> a thing" in text
    assert "seen in a summary" in text
    links = {a.get("href") for a in root.iter("a")}
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    assert all(link in links for link in ("#source-1", "#source-2", "#cite-1-1", "#cite-1-2", "#cite-2-1", "#cite-2-2"))
    assert all(link.removeprefix("#") in ids for link in links if link and link.startswith("#"))
    assert {"https://doi.org/10.1000/1", "https://www.example.org/page"} <= links


def test_many_links_back_are_folded_away(convert: Callable[[str], str]) -> None:
    few, many = (tree(convert("\n\n".join(["One [@first]."] * count))) for count in (4, 5))
    assert few.find(".//details") is None
    folded = many.find(".//details")
    assert folded is not None
    assert folded.findtext("summary") == "5 places"
    assert len(folded.findall("a")) == 5


def test_a_citation_leaves_no_gap(convert: Callable[[str], str]) -> None:
    assert "One<sup" in convert("One [@first].")
    assert "One<sup" in convert("One\n[@first].")


def test_code_is_no_citation(convert: Callable[[str], str]) -> None:
    html = convert("Write `[@first]`.\n\n    [@second_one]\n")
    assert "sup" not in html
    assert "sources" not in html


def test_what_stands_in_a_comment_is_no_citation(convert: Callable[[str], str]) -> None:
    html = convert("Words <!-- [@gone]\n[@first, x] --> words.\n\n`<!--` [@first] `-->`\n")
    assert html.count('class="cite"') == 1
    assert "<!-- [@gone]\n[@first, x] -->" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One [@third].", "unknown source '@third'"),
        ("One [@first, @second_one].", "must be written"),
        ("One [@first; @].", "must be written"),
        ("One [@ first].", "must be written"),
    ],
)
def test_a_wrong_citation_raises(convert: Callable[[str], str], text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        convert(text)


def test_references_of_a_kind(convert: Callable[[str], str]) -> None:
    root = tree(convert("/// references\nkind: trial\n///\n"))
    assert [item.get("id") for item in root.iter("li")] == ["ref-first"]
    with pytest.raises(ValueError, match="the kinds are patient-page, trial"):
        convert("/// references\nkind: trials\n///\n")


PICTURE = """\
/// out-of-100
title: Who got well
people: People in a trial
time: 2 years
source: first
outcomes: [got well, did not]
groups:
  With it: [29, 71]
  Without: [46, 54]
///
"""


def test_a_picture_draws_and_says_its_counts(convert: Callable[[str], str]) -> None:
    root = tree(convert(PICTURE))
    drawings = [svg for svg in root.iter("svg") if svg.get("role") == "img"]
    assert len(drawings) == 2
    for svg, count in zip(drawings, (29, 46), strict=True):
        people = [g.get("class") for g in svg.iter("g")]
        assert people.count("person person--0") == count
        assert people.count("person person--1") == 100 - count
        assert svg.findtext("desc") == f"{count} of 100 got well; {100 - count} of 100 did not"
        named = (svg.get("aria-labelledby") or "").split()
        assert [e.get("id") for e in svg if e.tag in ("title", "desc")] == named
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert root.find(".//figcaption//sup/a") is not None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[29, 71]", "[29, 70]", "must add up to 100, not 99"),
        ("[29, 71]", "[29.5, 70.5]", "must be a whole number"),
        ("[29, 71]", "[129, -29]", "must be a whole number of people from 0 to 100"),
        ("[29, 71]", "[29, yes]", "must be a whole number"),
        ("[29, 71]", "[29]", "one count for each outcome"),
        ("source: first\n", "", "'source' is missing"),
        ("source: first", "source: third", "'third' is not in the references"),
        ("time:", "tiem:", "unknown key 'tiem'"),
        ("2 years", "100 person-years", "is a rate over time"),
        ("time: 2 years", "time: 2 years\ntime: 3 years", "'time' stands twice"),
        ("outcomes: [got well, did not]", "outcomes: got well", "'outcomes' must be a list"),
        ("title: Who got well", "title: Who: got well", "put quotes around"),
        ("\n///\n", "\n", "needs a line '///' at its end"),
        ("/// out-of-100", "/// out-of-10", "not understood"),
        ("\ntitle:", "\n    title:", "not understood"),
    ],
)
def test_a_wrong_picture_raises(convert: Callable[[str], str], old: str, new: str, said: str) -> None:
    assert old in PICTURE
    with pytest.raises(ValueError, match=re.escape(said)):
        convert("Before.\n\n" + PICTURE.replace(old, new, 1))


PLAN = """\
/// sheet
id: plan
title: My <plan>
source: first
fields:
  team: {label: My team, kind: phone, part: Amber}
  weight: {label: Weight, hint: Most weigh 70., number: {kg: [20, 350], lb: [45, 770]}}
  told: {label: What they said, kind: text, from: diary}
  gain: {label: Gain, number: {kg: [1, 20]}, line: {sheet: plan, most: weight, gain: gain, days: days, do: do}}
  how: {label: How, choices: {easy: Easy, hard: Hard}, today: [hard]}
///
"""
DIARY = """\
/// sheet
id: diary
title: My diary
entries: 3
entry: Day
fields:
  date: {label: Date, kind: date}
  breath: {label: Breath, choices: {easy: Easy, hard: Hard}, now: [hard]}
///
"""


def test_a_sheet_can_be_filled_in_without_a_script(convert: Callable[[str], str]) -> None:
    root = tree(convert(PLAN))
    sheet = root.find(".//section[@data-sheet='plan']")
    assert sheet is not None
    assert sheet.find(".//form") is None, "a form without a script puts what was typed into the address"
    assert root.find(f".//*[@id='{sheet.get('aria-labelledby')}']").text == "My <plan>"  # type: ignore[union-attr]
    typed = [e for e in sheet.iter() if e.tag in ("input", "textarea", "select")]
    ids = {e.get("id") for e in typed if e.get("id")}
    assert ids == {"plan-team", "plan-weight", "plan-weight-unit", "plan-told", "plan-gain"}
    assert {label.get("for") for label in sheet.iter("label") if label.get("for")} == ids - {"plan-weight-unit"}
    assert [e.get("value") for e in typed if e.get("type") == "radio"] == ["easy", "hard"]
    weight = sheet.find(".//input[@id='plan-weight']")
    assert weight is not None
    assert weight.get("aria-describedby") == "plan-weight-hint"
    assert json.loads(weight.get("data-limits") or "") == {"kg": [20, 350], "lb": [45, 770]}
    assert sheet.find(".//fieldset/label/span/strong").text == "call today"  # type: ignore[union-attr]
    assert [e.get("data-from") for e in sheet.iter("div") if e.get("data-from")] == ["diary"]
    assert [json.loads(e.get("data-line", "")) for e in sheet.iter() if e.get("data-line")] == [
        {"sheet": "plan", "most": "weight", "gain": "gain", "days": "days", "do": "do"}
    ]
    assert sheet.find(".//sup/a") is not None, "hints name where they come from"


def test_the_name_of_a_field_is_no_word_to_press(convert: Callable[[str], str]) -> None:
    root = tree(convert("/// sheet\nid: card\ntitle: My card\nfields: {ef: {label: EF, hint: EF is a share.}}\n///\n"))
    assert root.find(".//label/button") is None
    assert root.find(".//p[@class='sheet__hint']/button") is not None


def test_a_sheet_of_entries_is_a_table_to_write_in(convert: Callable[[str], str]) -> None:
    root = tree(convert(DIARY))
    rows = root.findall(".//table/tbody/tr")
    assert [len(row.findall("td")) for row in rows] == [3, 3]
    assert "1 EasyHard" not in "".join(rows[1].itertext())
    assert "2 Hard call now" in "".join(rows[1].itertext())
    form = root.find(".//template")
    assert form is not None
    assert [e.get("data-sign") for e in form.iter("input") if e.get("type") == "radio"] == [None, "now"]
    listed = tree(convert(DIARY.replace("entry: Day", "entry: Day\nlist: true")))
    assert len(listed.findall(".//thead/tr/th")) == 2
    assert [len(row.findall("td")) for row in listed.findall(".//tbody/tr")] == [2, 2, 2]


NEXT = """\
/// sheet
id: next
title: Next time
calendar: {start: last, months: wait, weeks: 3}
fields:
  last: {label: Last time, kind: date}
  wait: {label: Next one in, number: {months: [1, 60]}}
  size: {label: Size, number: {mm: [1, 60], cm: [0.1, 6]}}
///
"""


def test_a_sheet_says_what_a_day_for_the_calendar_is_made_of(convert: Callable[[str], str]) -> None:
    section = tree(convert(NEXT)).find(".//section[@data-sheet='next']")
    assert section is not None
    marks = {name: value for name, value in section.items() if name.startswith("data-calendar")}
    assert marks == {"data-calendar-start": "last", "data-calendar-months": "wait", "data-calendar-weeks": "3"}
    assert "data-calendar" not in convert(PLAN)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("start: last", "start: wait", "'start' must be the id of a field with 'kind: date'"),
        ("start: last", "start: [last]", "'start' must be the id"),
        ("months: wait", "months: last", "'months' must be the id of a field with 'number'"),
        ("months: wait", "months: size", "in months alone"),
        ("months: wait", "months: [wait]", "'months' must be the id"),
        ("weeks: 3", "weeks: 13", "'weeks' must be a whole number from 1 to 12"),
        ("weeks: 3", "weeks: true", "'weeks' must be a whole number"),
        (", weeks: 3", "", "'calendar' must be 'start', 'months'"),
        ("{start: last, months: wait, weeks: 3}", "last", "'calendar' must be 'start', 'months'"),
        ("title: Next time", "title: Next\nentries: 2\nentry: Time", "'calendar' is for a sheet without 'entries'"),
    ],
)
def test_a_wrong_calendar_raises(convert: Callable[[str], str], old: str, new: str, said: str) -> None:
    assert old in NEXT
    with pytest.raises(ValueError, match=re.escape(said)):
        convert(NEXT.replace(old, new, 1))


def test_no_text_of_a_sheet_can_be_longer_than_a_copy_may_hold(convert: Callable[[str], str]) -> None:
    typed = [e for e in tree(convert(PLAN)).iter() if e.tag == "textarea" or e.get("type") in ("text", "tel")]
    assert [e.get("maxlength") for e in typed if not e.get("data-limits")] == ["10000", "10000"]


def test_a_sheet_for_a_script_is_hidden_until_it_runs(convert: Callable[[str], str]) -> None:
    root = tree(convert(PLAN.replace("fields:", "script: finder\nfields:")))
    box = root.find(".//*[@data-script='finder']")
    assert box is not None
    assert box.get("hidden") is not None
    assert box.find("section[@data-sheet='plan']") is not None
    assert len(root.findall(".//section[@data-sheet]")) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: diary", "id: Diary", "must be small letters"),
        ("id: diary\n", "", "must be small letters"),
        ("title: My diary\n", "", "'title' must be a few words"),
        ("entries: 3\n", "", "stand together or not at all"),
        ("entries: 3", "entries: 0", "whole number from 1 to 8"),
        ("entry: Day", "entry: Day\nlist: maybe", "'list' must be true or false"),
        ("entry: Day", "entry: Day\nnever: 1", "unknown key 'never'"),
        ("entry: Day", "entry: Day\nscript: finder", "'script' is for a sheet without 'entries'"),
        ("entries: 3\nentry: Day", "script: true", "must be small letters"),
        ("entry: Day", "entry: Day\nsource: third", "'third' is not in the references"),
        ("label: Date, ", "", "'label' must be a few words"),
        ("kind: date", "kind: day", "'kind' must be one of words, text, date, time, phone"),
        ("kind: date", "kind: date, many: true", "'many' is for a field with 'choices'"),
        ("kind: date", "kind: date, number: {kg: [1, 2]}", "must have one of"),
        ("kind: date", "number: {kg: 1}", "a unit with its least and most"),
        ("kind: date", "number: 5", "a unit with its least and most"),
        ("{easy: Easy, hard: Hard}", "{easy: Easy}", "2 or more lines"),
        ("{easy: Easy, hard: Hard}", "{easy: Easy, Hard: Hard}", "must be small letters"),
        ("{easy: Easy, hard: Hard}", "{easy: Easy, hard: 5}", "'hard' must be a few words"),
        ("now: [hard]", "now: hard", "'now' must be a list"),
        ("now: [hard]", "now: [harder]", "is none of the choices"),
        ("now: [hard]", "many: 1", "'many' must be true or false"),
        ("kind: date", "line: {sheet: plan}", "'line' must name sheet, most, gain, days, do"),
        ("kind: date", "line: {sheet: a, most: b, gain: c, days: d, do: e}", "is for a field with 'number'"),
        ("kind: date", "from: Some page", "must be small letters"),
    ],
)
def test_a_wrong_sheet_raises(convert: Callable[[str], str], old: str, new: str, said: str) -> None:
    assert old in DIARY
    with pytest.raises(ValueError, match=re.escape(said)):
        convert("Before.\n\n" + DIARY.replace(old, new, 1))


def test_the_first_use_of_a_word_is_marked(convert: Callable[[str], str]) -> None:
    root = tree(
        convert(
            "# A valve\n\nA **big valve**, [a valve](x.md), `valve`. Valves, EF and ef.\n\nAgain: valves.\n\n- valve\n"
        )
    )
    marked = [(b.text, b.get("popovertarget")) for b in root.iter("button")]
    assert marked == [("big valve", "word-big-valve"), ("Valves", "word-valve"), ("EF", "word-ef")]
    meanings = {e.get("id"): "".join(e.itertext()) for e in root.iter() if e.get("popover")}
    assert meanings == {
        "word-big-valve": "Big valve. A bigger door.",
        "word-valve": "Valve, say VALV. A one-way door.",
        "word-ef": "Ejection fraction (EF). A share.",
    }
    section = root.find("section[@class='words']")
    assert section is not None
    assert section.get("data-search-exclude") is not None


def test_all_words_stand_from_a_to_z_below_letters_to_jump_by(convert: Callable[[str], str]) -> None:
    root = tree(convert("## All {#all}\n\n/// glossary\norder: letters\n///\n"))
    lists = root.findall("div/dl")
    letters = [(h.get("id"), h.text) for h in root.findall("div/h3")]
    assert letters == [("letter-b", "B"), ("letter-e", "E"), ("letter-v", "V")]
    assert [(a.get("href"), a.text) for a in root.findall("div/p/a")] == [(f"#{id_}", text) for id_, text in letters]
    names = [[(name.get("id"), name.text) for name in words.findall("dt")] for words in lists]
    assert names == [
        [("big-valve", "Big valve")],
        [(None, "EF"), ("ef", "Ejection fraction (EF)")],
        [("valve", "Valve")],
    ]
    short = lists[1].find("dd/a")
    assert short is not None
    assert (short.get("href"), short.text) == ("#ef", "Ejection fraction")
    assert "popovertarget" not in ET.tostring(root, "unicode")


def test_letters_stand_without_case_accents_and_signs(tmp_path: Path) -> None:
    terms = ["Zeta", "\u00c9lan (x)", "echo", "2 beats", "'Edge'", "Class of advice"]
    lines = [f'- {{id: t{n}, term: "{term}", meaning: M., group: G}}' for n, term in enumerate(terms)]
    lines[-1] = lines[-1].replace("meaning", "abbr: [Class 1, CoA], meaning")
    (tmp_path / "words.yml").write_text("\n".join(lines), encoding="utf-8")
    root = tree(
        markdown.markdown(
            "/// glossary\norder: letters\n///\n",
            extensions=["center.markdown.glossary"],
            extension_configs={"center.markdown.glossary": {"glossary": str(tmp_path / "words.yml"), "words": WORDS}},
        )
    )
    assert [a.text for a in root.iter("a") if (a.get("href") or "").startswith("#letter-")] == ["2", "C", "E", "Z"]
    names = [name.text for name in root.iter("dt")]
    assert names == ["2 beats", "Class of advice (Class 1, CoA)", "CoA", "echo", "'Edge'", "\u00c9lan (x)", "Zeta"]


@pytest.mark.parametrize("data", ["order: numbers", "order: letters\ngroup: Basics", "letters", "group: None such"])
def test_a_list_of_words_must_say_which(convert: Callable[[str], str], data: str) -> None:
    with pytest.raises(ValueError, match=r"'group: ' and the name of a group, or 'order: letters'|no term is in"):
        convert(f"/// glossary\n{data}\n///\n")


def test_a_form_may_be_broken_over_two_lines(convert: Callable[[str], str]) -> None:
    assert [b.get("popovertarget") for b in tree(convert("A Big\nvalve.")).iter("button")] == ["word-big-valve"]


def test_part_of_a_word_is_not_marked(convert: Callable[[str], str]) -> None:
    assert "button" not in convert("Valveless, bivalve, non-valve, EFs.")


def test_hostile_text_stays_text(convert: Callable[[str], str]) -> None:
    html = convert(PICTURE.replace("Who got well", '"<script>alert(1)</script>"'))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


OPTIONS = """\
| { .options } | Knife | Clip |
|---|---|---|
| Who | most [@first] | some [@second_one] |
| How | cut | valve |
"""


def test_options_are_read_one_after_the_other(convert: Callable[[str], str]) -> None:
    root = tree(convert(OPTIONS))
    cards = root.findall("div/section")
    assert [card.findtext("p") for card in cards] == ["Knife", "Clip"]
    said = [" ".join("".join(card.itertext()).split()) for card in cards]
    assert said == ["Knife Who most1 How cut", "Clip Who some2 How valve"]
    assert root.find(".//button") is not None
    assert root.find(".//table") is None


def test_every_option_answers_every_question(convert: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match="empty cell in the row 'How'"):
        convert(OPTIONS.replace("| cut |", "| |"))


def test_a_plain_table_stays_a_table(convert: Callable[[str], str]) -> None:
    assert "<table>" in convert(OPTIONS.replace("{ .options }", ""))


def test_a_word_missing_in_the_settings_is_named() -> None:
    with pytest.raises(ValueError, match="must give the word 'sources'"):
        markdown.markdown("x", extensions=["center.markdown.citations"])
