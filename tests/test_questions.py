"""The list of all questions: ids that readers' own lists hang on, and the marks that a script finds."""

from __future__ import annotations

from pathlib import Path

import markdown
import pytest

LIST = """\
# Questions

- **Print it.** Then ask.

## First {#first}

- How bad is it? *It tells how fast to act [@stone].*
  {: #q-how-bad data-visit="test" }
- What  next? *A plan helps.*
  {: #q-next }
"""


@pytest.fixture
def listed(tmp_path: Path) -> str:
    (tmp_path / "list.md").write_text(LIST)
    return str(tmp_path / "list.md")


def converted(text: str, listed: str) -> str:
    extensions = ["attr_list", "center.markdown.questions"]
    return markdown.markdown(
        text,
        extensions=extensions,
        extension_configs={"center.markdown.questions": {"questions": listed, "section": "to-ask"}},
    )


def test_questions_of_the_list_are_marked_by_their_own_id(listed: str) -> None:
    html = converted(LIST, listed)
    assert 'data-ask="How bad is it?"' in html
    assert 'data-question="q-next"' in html
    assert html.count("data-question") == 2


def test_questions_of_a_page_are_marked_by_their_words(listed: str) -> None:
    text = "## Ask {#to-ask}\n\n- How *bad* is it?\n- Never listed?\n\n## Next {#next}\n\n- What next?\n"
    html = converted(text, listed)
    assert html.count("data-question") == 1
    assert 'data-question="q-how-bad"' in html
