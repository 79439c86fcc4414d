"""What is done with findings: silences, choice of rules, severities, the forms of the report, and the page of rules."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import typing
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path, PurePosixPath

import markdown
import pytest
import rules_page
import validate
import yaml
from center import center, finding, page, report, run, silence
from center.finding import RULES, Finding, Rule, Silenced

from tests import machine
from tests.conftest import copy_settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "tests" / "pages"
TODAY = date(2026, 11, 22)
FRONT = """---
title: A test page
description: A page about a made-up test condition.
kind: reference
checked: 2026-11-22
next_check: 2027-11-22
reviewers: []
---
"""
#: Breaks CC205, heading-level, on line 11, and CC301, link-target, on line 13.
BROKEN = f"{FRONT}# A title\n\n#### Skipped {{#skipped}}\n\n[The next page](gone.md)\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one page that breaks two rules, and one that breaks none."""
    folder = tmp_path / "repository"
    folder.mkdir()
    copy_settings(folder)
    (folder / "figures.yml").write_text("")  # these pages show none
    (folder / "pages").mkdir()
    (folder / "pages" / "a.md").write_text(BROKEN)
    (folder / "pages" / "b.md").write_text(f"{FRONT}# A title\n\nWords.\n")
    return folder


@pytest.fixture
def checked(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command over that repository: exit code, what is printed, and what is said beside it."""

    def call(*given: str | Path) -> tuple[int, str, str]:
        try:
            code = validate.main(["--root", str(root), *map(str, given)])
        except SystemExit as stop:  # what argparse refuses
            code = typing.cast("int", stop.code)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def write_severity(root: Path, severity: str) -> None:
    file = root / "pyproject.toml"
    file.write_text(file.read_text().replace("severity = {}", f"severity = {severity}"))


# Which rules are reported


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (["--select", "CC205"], ["CC205"]),
        (["--select", "cc205,link-target"], ["CC205", "CC301"]),
        (["--select", "CC20", "--select", "CC301"], ["CC205", "CC301"]),
        (["--select", "CC20,CC30", "--ignore", "heading-level"], ["CC301"]),
        (["--select", "CC20,CC30", "--ignore", "CC3"], ["CC205"]),
        (["--select", "CC401"], []),
    ],
)
def test_rules_are_chosen_by_code_name_or_family(checked: Run, given: list[str], codes: list[str]) -> None:
    code, out, err = checked(*given)
    assert re.findall(r" (CC\d{3}) ", out) == codes
    assert code == bool(codes)
    assert err.splitlines()[0].endswith(" left out")


@pytest.mark.parametrize("option", ["--select", "--ignore", "--error", "--explain"])
@pytest.mark.parametrize(
    ("name", "nearest"),
    [("CC2005", "CC205"), ("heading-levels", "CC205"), ("CC7021", "CC702"), ("zzzz", ""), ("CC", "")],
)
def test_unknown_rule_is_refused_with_the_nearest(checked: Run, option: str, name: str, nearest: str) -> None:
    code, out, err = checked(option, name)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("validate: no rule is called '")
    assert re.findall(r"the nearest is (CC\d{3}) \(", err) == [nearest] * bool(nearest)


@pytest.mark.parametrize("option", ["--select", "--ignore", "--error", "--explain"])
def test_no_rule_at_all_is_refused(checked: Run, option: str) -> None:
    assert checked(option, " , ")[0] == 2


@pytest.mark.parametrize(
    "given",
    [["--select", "CC301", "--ignore", "CC3"], ["--select", "CC7"], ["--only-sites", "--site", "s", "--select", "CC3"]],
)
def test_choosing_every_check_away_is_no_success(checked: Run, given: list[str]) -> None:
    code, out, err = checked(*given)
    assert (code, out) == (2, "")
    assert err == "validate: nothing to check: none of the chosen rules looks at this\n"


def test_the_list_holds_every_rule(checked: Run) -> None:
    code, out, _ = checked("--list")
    assert code == 0
    rows = [line.split(maxsplit=3) for line in out.splitlines()]
    assert rows == [[r.code, r.slug, r.severity, r.title] for _, r in sorted(RULES.items())]
    assert [line.split()[0] for line in checked("--list", "--select", "CC30", "--ignore", "CC302")[1].splitlines()] == [
        code for code in sorted(RULES) if code.startswith("CC30") and code != "CC302"
    ]


@pytest.mark.parametrize("name", ["CC205", "cc205", "heading-level"])
def test_a_rule_is_explained(checked: Run, name: str) -> None:
    code, out, err = checked("--explain", name)
    assert (code, err) == (0, "")
    assert out == f"CC205 heading-level (error)\n\n{RULES['CC205'].help}\n"


# How severe a finding is


def test_settings_say_how_severe_a_rule_is(checked: Run, root: Path) -> None:
    write_severity(root, '{CC205 = "warning", link-target = "warning"}')
    code, out, err = checked("--select", "CC20,CC30")
    assert code == 0, "warnings alone let a page pass"
    assert out.count(" warning: ") == 2
    assert err.startswith("validate: 2 to look at in 2 pages")
    assert "CC205  heading-level  warning  " in checked("--list", "--select", "CC205")[1]
    assert checked("--select", "CC20,CC30", "--error", "CC3")[0] == 1, "the command line has the last word"
    assert checked("--select", "CC20,CC30", "--error", "CC4")[0] == 0


@pytest.mark.parametrize(
    ("severity", "says"),
    [
        ('{CC2005 = "error"}', "the nearest is CC205"),
        ('{CC601 = "warning"}', "CC601 keeps readers safe"),
        ('{gap-left = "warning"}', "CC109 keeps readers safe"),
        ('{CC6 = "warning"}', "keeps readers safe"),
        ('{CC205 = "off"}', "'error' or 'warning'"),
    ],
)
def test_settings_that_cannot_be_are_refused(checked: Run, root: Path, severity: str, says: str) -> None:
    write_severity(root, severity)
    code, out, err = checked()
    assert (code, out) == (2, "")
    assert err.startswith("validate: pyproject.toml:1:1: [tool.center] 'severity'")
    assert says in err
    assert err.count("\n") == 1


def test_dates_are_made_strict(checked: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule on dates warns each day; where somebody watches the calendar it is an error."""

    def overdue(page: page.Page) -> Iterator[tuple[int, int, str]]:
        """A page is checked in time.

        Old words mislead. Check the page.

        Bad: a day gone by. Good: a day to come.
        """
        yield 6, 1, "check this page"

    asks = Rule("CC107", "overdue", "warning", "page", ("page",), ("page",), overdue)
    monkeypatch.setitem(RULES, "CC107", asks)
    assert checked("--select", "CC107")[0] == 0
    assert checked("--select", "CC107", "--strict-dates")[0] == 1
    assert checked("--select", "CC107", "--strict-dates") == checked("--select", "CC107", "--error", "CC107")


# Silences


def silenced(text: str) -> run.Outcome:
    """What is found in a center of one page."""
    name = PurePosixPath("a.md")
    alone = center.Center((page.parse(text, "a.md", name),), frozenset([name]), None, (), None, {})
    return run.check_sources(alone, center.settings(PAGES), TODAY)


def test_a_silence_takes_one_rule_off_one_block() -> None:
    text = BROKEN.replace("####", "<!-- silence CC205: a form\nas printed -->\n####") + "\n##### Deeper {#deeper}\n"
    outcome = silenced(text + "\n### Up {#up}\n\n##### Skipped again {#again}\n")
    assert [(f.code, f.line) for f in outcome.findings if f.code in ("CC205", "CC301")] == [
        ("CC301", 15),
        ("CC205", 21),
    ]
    assert [(s.finding.code, s.finding.line, s.reason, s.line) for s in outcome.silenced] == [
        ("CC205", 13, "a form as printed", 11)
    ]


def test_a_silence_of_a_rule_that_was_left_out_is_not_called_unused(checked: Run, root: Path) -> None:
    (root / "pages/a.md").write_text(BROKEN.replace("####", "<!-- silence CC205: a form -->\n####"))
    for given in (["--select", "CC9"], ["--ignore", "CC205"], ["--select", "CC9,CC3", "--ignore", "CC301"]):
        assert "CC901" not in checked(*given)[1]
    (root / "pages/a.md").write_text(f"{FRONT}# A title\n\n<!-- silence CC205: a form -->\n## Right {{#right}}\n")
    assert "CC901" in checked("--select", "CC9")[1]
    assert checked("--select", "CC9")[0] == 0, "an unused silence is a warning"


def test_a_silence_of_a_rule_that_could_not_run_is_not_called_unused() -> None:
    """Without the ground of a rule nobody knows whether its silence is needed."""
    text = "<!-- silence CC204: a form -->\n# A title\n\n# A title\n"
    assert "CC901" not in [f.code for f in silenced(text).findings]
    assert "CC901" in [f.code for f in silenced(FRONT + text.removesuffix("# A title\n")).findings]


def test_findings_of_the_whole_center_are_silenced_on_their_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(center: center.Center) -> Iterator[tuple[str, int, int, str]]:
        """A page is found.

        A lost page helps nobody. Link to it.

        Bad: no link. Good: a link.
        """
        yield "a.md", 1, 1, "link to this page"
        yield "elsewhere.yml", 1, 1, "and to this"

    monkeypatch.setitem(RULES, "CC299", Rule("CC299", "lost", "error", "center", ("center",), ("center",), lost))
    text = f"{FRONT}<!-- silence lost: it is printed only -->\n# A title\n"
    assert [f.path for f in silenced(text).findings if f.code == "CC299"] == ["elsewhere.yml"]
    assert [s.finding.path for s in silenced(text).silenced] == ["a.md"]
    alone = center.Center((page.parse(text, "a.md", PurePosixPath("a.md")),), frozenset(), None, (), None, {})
    none = run.check_sources(alone, center.settings(PAGES), TODAY, only=[])
    assert [f.path for f in none.findings if f.code == "CC299"] == ["elsewhere.yml"], "only of what was asked for"


def test_rules_that_stay_on_exist() -> None:
    for name in silence._NEVER:
        assert finding.named(name)
    assert not [r.code for r in RULES.values() if r.family in ("CC6", "CC7", "CC9") and silence.allowed(r)]
    assert silence.allowed(RULES["CC205"])
    assert not silence.allowed(dataclasses.replace(RULES["CC205"], code="CC699")), "whatever it reads"


@pytest.mark.parametrize(
    "text",
    ["# A title\n\n{}\n## A part\n\nWords.\n{}\nMore.\n\n{}\n- One\n- Two\n\n{}\n\n| a | b |\n|---|---|\n| c | d |\n"],
)
def test_readers_do_not_see_a_silence(text: str) -> None:
    def built(words: str) -> str:
        html = markdown.markdown(text.replace("{}", words), extensions=["tables", "attr_list", "toc"])
        return re.sub(r"\s+", " ", re.sub(r"<!--.*?-->", "", html))

    assert built("<!-- silence CC205: a reason -->") == built("")


# The forms of the report

#: Paths, messages and reasons that try to break out of the form they are printed in.
ODD = "a b/ü|`x`.md"
FOUND = report.Report(
    [
        Finding("a.md", 1, 2, "CC205", "one\n| two | <b>`[x](y)`</b> @someone *bold* \\| #1"),
        Finding(ODD, 3, 4, "CC301", 'say "gone"', "warning"),
    ],
    [Silenced(Finding(ODD, 5, 1, "CC205", "a level"), "as printed | <br>", 4)],
    ["2 pages"],
    ["CC401"],
)


def test_a_family_of_two_files_is_told_by_its_first() -> None:
    found = report.Report([Finding("a.md", 1, 1, code, "x") for code in ("CC101", "CC109")], [], [])
    assert report.details(found) == [f"  CC1 {RULES['CC101'].subject}: 2 to mend"]


def test_json_form_is_as_documented() -> None:
    """Programs rely on these keys. One renamed or removed is a new version."""
    data = json.loads(report.json(FOUND))
    assert data["version"] == report.VERSION == 1
    for part, shape in [
        (data, report.JsonReport),
        (data["count"], report.JsonCount),
        (data["families"]["CC2"], report.JsonCount),
        (data["findings"][0], report.JsonFinding),
        (data["silenced"][0], report.JsonSilenced),
    ]:
        assert set(part) == set(typing.get_type_hints(shape))
    assert data["count"] == {"errors": 1, "warnings": 1, "silenced": 1}
    assert data["families"] == {
        "CC2": {"errors": 1, "warnings": 0, "silenced": 1},
        "CC3": {"errors": 0, "warnings": 1, "silenced": 0},
    }
    assert data["findings"][1] == {
        "path": ODD, "line": 3, "column": 4, "code": "CC301", "rule": "link-target", "severity": "warning",
        "message": 'say "gone"',
    }  # fmt: skip
    assert (data["silenced"][0]["reason"], data["silenced"][0]["silence_line"]) == ("as printed | <br>", 4)
    assert (data["looked_at"], data["left_out"]) == (["2 pages"], ["CC401"])


def sarif_faults(log: typing.Any) -> list[str]:
    """What the published schema of SARIF 2.1.0 finds wrong with a log."""
    done = subprocess.run(
        machine.node("tests/sarif.js"),
        cwd=ROOT,
        input=json.dumps(log),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.splitlines()


def assert_sarif(log: typing.Any) -> None:
    """Valid, and what the schema cannot say: names in it lead to what they name."""
    assert sarif_faults(log) == []
    for one in log["runs"]:
        ids = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
        assert len(set(ids)) == len(ids)
        for result in one["results"]:
            assert ids[result["ruleIndex"]] == result["ruleId"]
            for place in [*result["locations"], *(s["location"] for s in result["suppressions"])]:
                artifact = place["physicalLocation"]["artifactLocation"]
                assert re.fullmatch(r"(?:file:///)?[\w./~%-]+", artifact["uri"], re.ASCII), "a URI reference"
                assert artifact.get("uriBaseId", "ROOT") in one["originalUriBaseIds"]


def test_the_schema_of_sarif_finds_what_is_wrong() -> None:
    log = json.loads(report.sarif(FOUND))
    log["runs"][0]["results"][0]["level"] = "fatal"
    log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    del log["runs"][0]["tool"]["driver"]["name"]
    log["runs"][0]["typo"] = 1
    assert len(sarif_faults(log)) == 4


def test_sarif_form_is_valid() -> None:
    data = json.loads(report.sarif(FOUND))
    assert_sarif(data)
    first, second, quiet = data["runs"][0]["results"]
    assert [r["level"] for r in (first, second, quiet)] == ["error", "warning", "error"]
    assert [len(r["suppressions"]) for r in (first, second, quiet)] == [0, 0, 1]
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%BC%7C%60x%60.md"
    assert {rule["id"] for rule in data["runs"][0]["tool"]["driver"]["rules"]} == set(RULES)
    outside = json.loads(report.sarif(report.Report([Finding("/a b.html", 1, 1, "CC700", "x")])))
    assert_sarif(outside)
    place = outside["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///a%20b.html"}


def test_markdown_form_keeps_text_as_text() -> None:
    printed = report.markdown(FOUND)
    rows = [line for line in printed.splitlines() if line.startswith("|")]
    cells = [len(re.findall(r"(?<!\\)\|", row.replace(r"\\", ""))) - 1 for row in rows]
    assert cells == [4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3]
    html = markdown.markdown(printed, extensions=["tables"])
    assert html.count("<table>") == 3
    assert not re.search(r"<(?:b|br|em|a|code)\b", html)
    assert "@" not in printed
    assert printed.startswith("### 1 to mend, 1 to look at, 1 silenced in 2 pages")
    assert report.markdown(report.Report([], [], ["2 pages"])) == "### Nothing to mend in 2 pages"
    assert report.markdown(report.Report([], [], ["Site"])).endswith(" in Site")


@pytest.mark.parametrize("form", report.FORMATS)
def test_every_form_says_the_same_and_twice(checked: Run, form: str) -> None:
    code, out, err = checked("--format", form)
    assert code == 1, "the form does not change the exit code"
    assert all(words in out for words in ("CC205", "CC301", "gone.md"))
    assert (code, out, err) == checked("--format", form)


@pytest.mark.parametrize("form", report.FORMATS)
def test_every_form_prints_nothing_found(checked: Run, form: str) -> None:
    code, out, _ = checked("--format", form, "--select", "CC401")
    assert code == 0
    if form in ("json", "sarif"):
        json.loads(out)
    else:
        assert out == ("### Nothing to mend in 2 pages, " in out) * out


def test_summary_names_families_and_silences(checked: Run, root: Path) -> None:
    page_a = root / "pages/a.md"
    page_a.write_text(BROKEN.replace("[The", "[The page before](gone-too.md) [The"))
    _, _, err = checked("--select", "CC20,CC30")
    assert err.splitlines()[1:] == [
        f"  CC2 {RULES['CC205'].subject}: 1 to mend",
        f"  CC3 {RULES['CC301'].subject}: 2 to mend",
    ]
    page_a.write_text(BROKEN.replace("####", "<!-- silence CC205: a form -->\n####"))
    code, out, err = checked("--select", "CC20")
    assert (code, out) == (0, "")
    assert err.splitlines()[0].startswith("validate: nothing to mend, 1 silenced in 2 pages")
    assert err.splitlines()[1] == "  silenced: pages/a.md:12 CC205: a form"


def test_families_say_what_they_are_about() -> None:
    for rule in RULES.values():
        assert re.fullmatch(r"[^.\n]{5,120}", rule.subject), rule.code
        assert not rule.subject.startswith("CC")


def test_report_goes_to_a_file(checked: Run, root: Path) -> None:
    file = root / "report.json"
    code, out, err = checked("--format", "json", "--output", file)
    assert (code, out) == (1, "")
    assert err.startswith("validate: ")
    assert json.loads(file.read_text(encoding="utf-8"))["count"]["errors"] >= 2
    assert checked("--select", "CC401", "--output", file)[0] == 0
    assert file.read_text() == "", "an old report does not stay"
    code, out, err = checked("--output", root / "gone" / "report.txt")
    assert (code, out) == (2, "")
    assert "must be a file that can be written" in err
    assert err.count("\n") == 1


# What has changed


def git(root: Path, *given: str) -> None:
    names = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", root, *names, *given], check=True, capture_output=True)


@pytest.fixture
def history(root: Path) -> Path:
    """The repository, below the top of a git checkout, with everything committed; b.md links to c.md."""
    for name, words in (("b.md", "[c](c.md#part)"), ("c.md", "Words."), ("d e.md", "Words.")):
        (root / "pages" / name).write_text(f"{FRONT}# A title\n\n{words}\n")
    git(root.parent, "init", "-q", "-b", "main")
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-q", "-m", "All")
    return root


def touch(root: Path, *names: str) -> None:
    for name in names:
        with (root / name).open("a") as file:
            file.write("\n")


@pytest.mark.parametrize(
    ("names", "pages"),
    [
        ([], 0),
        (["pages/a.md"], 1),
        (["pages/d e.md"], 1),
        (["pages/c.md"], 2),  # and the page that links to it
        (["pages/new.md"], 1),
        (["README.md"], 0),
        (["references.yml"], 4),
        (["pyproject.toml"], 4),
        (["theme/main.html"], 4),
        (["scripts/center/page.py"], 4),
        (["../outside.md"], 0),
    ],
    ids=str,
)
def test_only_what_changed(checked: Run, history: Path, names: list[str], pages: int) -> None:
    for name in names:
        (history / name).parent.mkdir(parents=True, exist_ok=True)
    (history / "pages/new.md").write_text(f"{FRONT}# A title\n") if "pages/new.md" in names else None
    touch(history, *names)

    def said(base: str) -> str:
        return f" in {pages} pages" if pages else none(base)

    def none(base: str) -> str:
        return f" in the data that pages share: no page differs from '{base}', so none was looked at\n"

    assert said("HEAD") in checked("--changed")[2]
    git(history, "switch", "-q", "-c", "work")
    git(history, "add", "-A", "--", ":/")
    git(history, "commit", "-q", "--allow-empty", "-m", "Work")
    assert none("HEAD") in checked("--changed")[2]
    assert said("main") in checked("--changed=main")[2]
    assert said("main") in checked("--changed", "main")[2]


def test_nothing_changed_is_no_error_and_says_so(checked: Run, history: Path) -> None:
    """A commit of other files must go through, and nobody may think that pages were looked at."""
    told = "nothing to mend in the data that pages share: no page differs from 'HEAD', so none was looked at"
    assert checked("--changed") == (0, "", f"validate: {told}\n")
    assert json.loads(checked("--changed", "--format", "json")[1])["looked_at"] == [told.partition(" in ")[2]]


def test_a_page_taken_away_shows_who_links_to_it(checked: Run, history: Path) -> None:
    (history / "pages/c.md").unlink()
    code, out, err = checked("--changed", "--select", "CC301")
    assert code == 1
    assert out.startswith("pages/b.md:11:5 CC301 ")
    assert out.count("\n") == 1
    assert " in 1 pages" in err


def test_changes_since_the_branch_began_alone_count(checked: Run, history: Path) -> None:
    """What others changed on the base in the meantime is theirs."""
    git(history, "switch", "-q", "-c", "work")
    git(history, "switch", "-q", "main")
    touch(history, "pages/a.md")
    git(history, "commit", "-q", "-a", "-m", "Theirs")
    git(history, "switch", "-q", "work")
    touch(history, "pages/d e.md")
    assert " in 1 pages" in checked("--changed=main")[2]
    assert " CC205 " not in checked("--changed=main")[1]


@pytest.mark.parametrize("given", [["--changed=gone"], ["--changed=--output=x"], ["--changed", "main", "pages/a.md"]])
def test_a_base_that_git_does_not_know_is_refused(checked: Run, history: Path, given: list[str]) -> None:
    code, out, err = checked(*given)
    assert (code, out) == (2, "")
    assert "--changed" in err
    assert "Traceback" not in err


def test_a_folder_without_git_is_refused(checked: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    code, out, err = checked("--changed")
    assert (code, out) == (2, "")
    assert err.startswith("validate: .:1:1: '--changed' needs git")
    assert err.count("\n") == 1
    monkeypatch.setenv("PATH", "")
    assert checked("--changed")[0] == 2


# Rules, their page and their fixtures


def rules_file() -> Path:
    return ROOT / center.settings(ROOT).docs / rules_page.PAGE


def test_the_page_of_rules_is_as_the_rules_are() -> None:
    """``make rules`` would change nothing, and each rule's name is the id of its section, and no other is there."""
    before = rules_file().read_text(encoding="utf-8")
    choice = run.choose(center.settings(ROOT))
    assert rules_page.page(before, choice, TODAY) == before, "run 'make rules'"
    shown = page.parse(before, "rules.md", PurePosixPath("rules.md"))
    assert [h.id for h in shown.headings if h.level == 3] == [RULES[code].slug for code in sorted(RULES)]
    assert [h.id for h in shown.headings if h.level == 2] == sorted({r.family.lower() for r in RULES.values()})


def test_a_rule_that_came_or_changed_is_missed_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_file().read_text(encoding="utf-8")
    settings = center.settings(ROOT)
    rule = RULES["CC205"]
    with monkeypatch.context() as patch:
        patch.delitem(RULES, "CC205")
        assert rules_page.page(before, run.choose(settings), TODAY) != before
    choice = run.choose(settings)
    milder = run.Choice(choice.codes, {**choice.severity, rule.code: "warning"})
    assert rules_page.page(before, milder, TODAY) != before


def test_a_new_page_of_rules_can_be_published(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules_page.main(["--root", str(root)]) == 0
    file = root / "pages" / rules_page.PAGE
    written = file.read_text(encoding="utf-8")
    kept = written.replace("# What must every page keep?", "# An author's title\n\nAn author's words.")
    file.write_text(kept, encoding="utf-8")
    stamp = file.stat().st_mtime_ns
    assert rules_page.main(["--root", str(root)]) == 0
    assert (file.read_text(encoding="utf-8"), file.stat().st_mtime_ns) == (kept, stamp)
    capsys.readouterr()
    validate.main(["--root", str(root), "--ignore", "CC31", str(file)])  # it is not in a nav here
    assert rules_page.PAGE not in capsys.readouterr().out
    assert rules_page.main(["--root", str(root / "gone")]) == 2


def test_examples_in_a_docstring_stay_text() -> None:
    text = 'Bad: "/// out-of-100" with [@key] and {#id}, *a* <b> snake_case | ``code {#id}``.'
    shown = rules_page.prose(text)
    assert shown == (r'Bad: "`/// out-of-100`" with `[@key]` and `{#id}`, \*a\* `<b>` snake\_case \| `code {#id}`.')
    assert rules_page.prose("# no heading") == r"\# no heading"
    assert rules_page.prose("1. no list") == r"\1. no list".replace(r"\1.", "\\1.")
    assert rules_page.prose("``a `b` c``") == "``a `b` c``"


def test_a_block_can_be_shown_in_code() -> None:
    """The build stops at a block that was not understood, and not at one that a page talks about."""
    given = {"references": str(PAGES / "references.yml"), "rates": []}
    library = {"center.markdown.people": {**given, "words": {}}}
    words = yaml.safe_load(re.sub(r"!ENV.*", '""', (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    people = next(e for e in words["markdown_extensions"] if "center.markdown.people" in e)
    library["center.markdown.people"]["words"] = people["center.markdown.people"]["words"]

    def convert(text: str) -> str:
        return markdown.markdown(text, extensions=["center.markdown.people"], extension_configs=library)

    assert convert("Write `/// out-of-10`.") == "<p>Write <code>/// out-of-10</code>.</p>"
    for lost in ("/// out-of-10\n///", "    /// out-of-100\n    ///", "Words\n/// out-of-10"):
        with pytest.raises(ValueError, match="was not understood"):
            convert(lost)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.code)
def test_rule_is_documented_and_broken_somewhere(rule: Rule) -> None:
    """A title, why it matters and how to mend it, an example of bad and good; and a fixture that breaks it."""
    title, *rest = rule.help.split("\n\n")
    assert re.fullmatch(r"[A-Z][^\n]*\.", title)
    why = [part for part in rest if not part.startswith("Bad:")]
    assert why
    assert len(" ".join(why).split()) >= 8
    assert re.search(r"^Bad: .+\sGood: .+", rest[-1], re.S)
    tests = ROOT / "tests"
    fixtures = {
        "page": lambda: list(PAGES.glob(f"bad/{rule.slug}*.md")),
        "site": lambda: list((tests / "sites").glob(f"{rule.slug}/expect.txt")),
        "answer": lambda: [tests / "test_outside.py"],
        "center": lambda: [f for f in tests.rglob("*.*") if f.suffix in (".py", ".txt", ".md")],
    }[rule.reads]()
    assert [file for file in fixtures if rule.code in file.read_text(encoding="utf-8", errors="replace")]
