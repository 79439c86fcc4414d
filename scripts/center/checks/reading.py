"""CC5xx: how hard a page is to read.

The figures are counted as ``reading.py`` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from center.center import Settings
from center.contract import Contract, Limits
from center.finding import Place, rule
from center.page import Page
from center.prose import CITED, Prose
from center.reading import Figures, Reading, Sentence, figures
from center.record import Record
from center.wording import Wording

#: How many sentences a message shows, how many signs of each, and how many words it names.
_SENTENCES, _SIGNS, _WORDS = 2, 160, 8

#: In brackets or quotes, so few words name a term to teach it; more of them are a sentence like any other.
_TAUGHT = 6
_MENTION = re.compile(r"\([^()]*\)|\"[^\"]*\"|“[^“”]*”|‘[^‘’]*’")


def _over(value: float, limit: float) -> bool:
    """Whether a figure is over its limit as it is printed, to one decimal."""
    return round(value, 1) > limit


def _most(counted: Sequence[Sentence], cost: Callable[[Sentence], float]) -> tuple[int, str]:
    """The sentences that cost most, as a message shows them, and the line of the first."""
    most = sorted(counted, key=cost, reverse=True)[:_SENTENCES]
    told = []
    for sentence in most:
        text = sentence.text if len(sentence.text) <= _SIGNS else f"{sentence.text[:_SIGNS].rstrip()} ..."
        hard = f", {sentence.hard} of 3 syllables or more" if sentence.hard else ""
        told.append(f'line {sentence.line}, {len(sentence.words)} words{hard}: "{text}"')
    return most[0].line, "; ".join(told)


def _by_grade(whole: Figures) -> Callable[[Sentence], float]:
    return lambda sentence: whole.grade - whole.without(sentence).grade


def _by_words(sentence: Sentence) -> float:
    return len(sentence.words)


@rule("CC501")
def reading_grade(reading: Reading, limits: Limits) -> Iterator[Place]:
    """A page reads at the grade of its limit or below, and so does its prose alone.

    Worried people, and people who read in a second language, take in plain words and short sentences. Lists must
    not make up for hard prose, so prose is also counted alone. Begin with the sentences that the message shows:
    cut them in two, or use shorter words.

    Bad: ``Radiological evaluation is recommended.`` Good: ``You need a scan.``
    """
    for part, counted in (("all text", reading.everything), ("the prose alone", reading.prose)):
        whole = figures(counted, limits.long_sentence)
        if not reading.missing and _over(whole.grade, limits.grade):
            line, told = _most(counted, _by_grade(whole))
            must = f"the reading grade of {part} must be at most {limits.grade:.1f}, not {whole.grade:.1f}"
            yield line, 1, f"{must}; make these easier first: {told}"
            return


@rule("CC502")
def hard_words(reading: Reading, limits: Limits) -> Iterator[Place]:
    """Long words are few: the SMOG grade of a page stays within its limit.

    A word of 3 syllables or more stops a slow reader, and a few in one sentence lose the thread. Put a common
    word in its place, or take a list of long words apart.

    Bad: ``Medication necessitates monitoring.`` Good: ``These pills mean blood tests.``
    """
    whole = figures(reading.everything, limits.long_sentence)
    if not reading.missing and _over(whole.smog, limits.smog):
        line, told = _most(reading.everything, lambda sentence: sentence.hard)
        must = f"the SMOG grade must be at most {limits.smog:.1f}, not {whole.smog:.1f}"
        yield line, 1, f"{must}; use fewer words of 3 syllables or more, here first: {told}"


@rule("CC503")
def sentence_words(reading: Reading, limits: Limits) -> Iterator[Place]:
    """Sentences are short on average.

    By the end of a long sentence its beginning is forgotten, sooner on a phone and in fear. Cut the sentences
    that the message shows in two.

    Bad: one sentence of 30 words. Good: two of 15, or three of 10.
    """
    whole = figures(reading.everything, limits.long_sentence)
    if _over(whole.sentence_words, limits.sentence_words):
        line, told = _most(reading.everything, _by_words)
        must = f"sentences must have at most {limits.sentence_words:.1f} words on average"
        yield line, 1, f"{must}, not {whole.sentence_words:.1f}; cut these first: {told}"


@rule("CC504")
def long_sentences(reading: Reading, limits: Limits) -> Iterator[Place]:
    """Long sentences are rare.

    An average hides the one sentence that loses the reader, and it is often the one about risk. Cut the
    sentences that the message shows in two.

    Bad: 3 of 20 sentences have more than 20 words. Good: 1 of 20.
    """
    whole = figures(reading.everything, limits.long_sentence)
    if _over(whole.long_sentences, limits.long_sentences):
        line, told = _most([s for s in reading.everything if len(s.words) > limits.long_sentence], _by_words)
        must = (
            f"at most {limits.long_sentences:.0f}% of the sentences may have more than {limits.long_sentence} words, "
            f"not {whole.long_sentences:.1f}% ({whole.long} of {whole.sentences})"
        )
        yield line, 1, f"{must}; cut these first: {told}"


@rule("CC505")
def paragraph_length(reading: Reading, limits: Limits) -> Iterator[Place]:
    """Paragraphs are short.

    A block of text on a phone is skipped whole, and what matters in it with it. Break it where the thought
    turns, or make a list of it.

    Bad: five sentences in one block. Good: two paragraphs.
    """
    for text in reading.texts:
        if text.passage.kind != "prose":
            continue
        if len(text.sentences) > limits.paragraph_sentences or text.words > limits.paragraph_words:
            yield (
                text.passage.line,
                1,
                f"a paragraph must have at most {limits.paragraph_sentences} sentences and {limits.paragraph_words} "
                f"words, not {len(text.sentences)} and {text.words}: break it in two",
            )


@rule("CC506")
def page_length(page: Page, reading: Reading, contract: Contract, settings: Settings) -> Iterator[Place]:
    """A page is as long as its kind asks for.

    Too long, and a tired reader leaves before the end, where the help is; too short, and it leaves questions
    open. Counted are the words of the sentences, not of headings and captions. Move a part to a page of its own.

    Bad: 2,000 words about one test. Good: 400 to 900.
    """
    if not contract.words or page.name.as_posix() in settings.free_length:
        return
    least, most = contract.words
    words = sum(text.words for text in reading.texts)
    if not least <= words <= most:
        yield 1, 1, f"a page of kind '{contract.kind}' must have {least} to {most} words, not {words}"


@rule("CC507")
def item_length(reading: Reading, contract: Contract) -> Iterator[Place]:
    """A point of a list that the page's kind limits is short.

    Who reads only these points must be able to hold them in mind. Keep the one thing to know; the detail stands
    further down.

    Bad: a point of 30 words ``in-short``. Good: at most 15.
    """
    most = {section.id: section.item_words for section in contract.sections}
    for text in reading.texts:
        limit = most.get(text.passage.section)
        if limit and text.passage.kind == "list" and text.words > limit:
            where = f"in section {{#{text.passage.section}}}"
            yield text.passage.line, 1, f"a point {where} must have at most {limit} words, not {text.words}"


@rule("CC508")
def word_counted(reading: Reading, settings: Settings) -> Iterator[Place]:
    """Every word is in the table of syllables.

    Syllables are looked up, not guessed, so that everybody gets the same figures; until the word is there, the
    page has no grade. Check the spelling, then run the command that the message names.

    Bad: a new word on a page, and the table as it was. Good: both in one commit.
    """
    if reading.missing:
        named = ", ".join(f"'{word}' (line {line})" for word, line in reading.missing[:_WORDS])
        more = f" and {len(reading.missing) - _WORDS} more" if len(reading.missing) > _WORDS else ""
        must = f"every word must be in {settings.syllables}, and these are not: {named}{more}"
        yield reading.missing[0][1], 1, f"{must}; check their spelling, then run 'make words'"


def _running(text: str) -> str:
    """A text with citations and short mentions in brackets or quotes blanked out, each sign at its place."""

    def blank(mention: re.Match[str]) -> str:
        words = mention.group(0)
        return words if len(words.split()) > _TAUGHT else " " * len(words)

    return _MENTION.sub(blank, CITED.sub(lambda cited: " " * len(cited.group(0)), text))


@rule("CC509")
def one_term(page: Page, record: Record, prose: Prose, settings: Settings, wording: Wording) -> Iterator[Place]:
    """One thing has one term, on every page.

    Who reads a second word for the same thing looks for a second thing. The words to use, and those not to use, are
    data of the center: the file that the setting ``wording`` names. In brackets or quotes of a few words, a word may
    be taught; pages that are free in their reading may use any.

    Bad: ``Take your tablets.`` Good: ``Take your pills.``, or ``Take your pills (tablets).``
    """
    name = page.name.as_posix()
    if name in settings.free_reading:
        return
    captions = {block.line for block in page.blocks}
    texts = [(str(record.get(key) or ""), (record.line(key), 1)) for key in ("title", "description")]
    texts += [(p.text, (p.line, 1)) for p in page.passages if p.kind == "caption" and p.line in captions]
    sentences = [(sentence, run) for run in prose.runs for sentence in run.sentences]
    found = [(match.group(0), place) for text, place in texts for match in wording.pattern.finditer(_running(text))]
    found += [
        (match.group(0), run.place(sentence.at[match.start()]))
        for sentence, run in sentences
        for match in wording.pattern.finditer(_running(sentence.text))
    ]
    for written, place in found:
        word = wording.word(written)
        if word and name not in word.pages:
            told = " ".join(written.split())
            yield *place, f"'{told}' must be '{word.use}', the one term for it; to teach '{told}', put it in brackets"
