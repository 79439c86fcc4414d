"""``/// sheet``: what a reader fills in, by hand or by typing, complete without a script.

A single record is written with fields to type in, which print as lines to write on. A sheet with entries is a table
with empty columns, and beside it, inert, the form for one entry, which a script brings to life. What is of use with a
script alone is hidden until one shows it. No ``<form>``: without a script, the key that sends a form would put what was
typed into the address.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.util import AtomicString

from center import sheet, sources
from center.markdown import loaded, words
from center.markdown.block import DataBlock, register

_WORDS = {
    "now": "marks an answer that means the emergency number",
    "today": "marks an answer that means a call the same day",
    "usual": "says where the hints of a sheet come from, with {sources}",
    "unit": "names the choice of a unit, with {label}",
}
#: Signs of one text: no more of them can be brought to another device (tools/my-data.schema.json).
_MOST = "10000"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name.rstrip("_").replace("_", "-"): v for name, v in attributes.items()})
    if text:
        element.text = AtomicString(text)
    return element


class _Sheet(DataBlock):
    NAME = "sheet"

    def build(self, data: Any, element: ET.Element) -> None:
        shown = sheet.parse(data, self.config["known"])
        name = f"sheet-{shown.id}"
        if shown.script:
            # Not the page's own child, so the page is not printed as one with a sheet.
            element.attrib.update({"data-script": shown.script, "hidden": "hidden"})
            element = _add(element, "section")
        element.tag = "section"
        element.attrib.update({"class": "sheet", "data-sheet": shown.id, "aria-labelledby": name})
        if shown.calendar:
            for key, value in asdict(shown.calendar).items():
                element.set(f"data-calendar-{key}", str(value))
        _add(element, "p", shown.title, id=name, class_="sheet__title")
        if shown.entries:
            element.set("data-entry", shown.entry)
            if shown.list:
                element.set("class", "sheet sheet--list")
            self._form(_add(element, "template"), shown)
            self._table(element, shown)
        else:
            self._form(element, shown)
        if shown.sources:
            about = _add(element, "p", class_="sheet__usual")
            # No AtomicString here: the citation in it is Markdown still to be read.
            about.text = self.config["words"]["usual"].format(
                sources="[" + "; ".join(f"@{k}" for k in shown.sources) + "]"
            )

    def _form(self, parent: ET.Element, shown: sheet.Sheet) -> None:
        for title, fields in shown.parts:
            box = _add(parent, "div", class_="sheet__part", **({"role": "group", "aria-label": title} if title else {}))
            if title:
                _add(box, "p", title, class_="sheet__name", aria_hidden="true")
            for field in fields:
                self._field(box, field, f"{shown.id}-{field.id}")

    def _field(self, box: ET.Element, field: sheet.Field, name: str) -> None:
        chosen = field.kind in ("choice", "many")
        part = _add(box, "fieldset" if chosen else "div", class_=f"sheet__field sheet__field--{field.kind}")
        part.set("data-field", field.id)
        if field.line:
            part.set("data-line", json.dumps(dict(field.line)))
        if field.shows:
            part.set("data-from", field.shows)
        if chosen:
            _add(part, "legend", field.label)
        else:
            _add(part, "label", field.label, for_=name)
        described = {"aria-describedby": f"{name}-hint"} if field.hint else {}
        if field.hint:
            _add(part, "p", field.hint, class_="sheet__hint", id=f"{name}-hint")
        if chosen:
            part.attrib.update(described)
            for choice in field.choices:
                line = _add(part, "label", class_="sheet__choice")
                mark = _add(
                    line, "input", type="checkbox" if field.kind == "many" else "radio", name=name, value=choice.id
                )
                if choice.sign:
                    mark.set("data-sign", choice.sign)
                self._answer(_add(line, "span"), choice)
        elif field.kind == "text":
            _add(part, "textarea", id=name, rows="3", maxlength=_MOST, **described)
        elif field.kind == "number":
            line = _add(part, "span", class_="sheet__line")
            entry = _add(line, "input", id=name, type="text", inputmode="decimal", autocomplete="off", **described)
            entry.set("placeholder", " ")  # so that the style knows an empty one, on paper too
            entry.set("data-limits", json.dumps({unit: [low, high] for unit, low, high in field.limits}))
            self._unit(line, field, name)
        else:
            kinds = {"words": "text", "phone": "tel"}
            typed = {} if field.kind in ("date", "time") else {"maxlength": _MOST}
            type_ = kinds.get(field.kind, field.kind)
            _add(part, "input", id=name, type=type_, autocomplete="off", **typed, **described)

    def _unit(self, line: ET.Element, field: sheet.Field, name: str) -> None:
        units = [unit for unit, _, _ in field.limits]
        if len(units) == 1:
            _add(line, "span", units[0], class_="sheet__unit")
            return
        choose = _add(line, "select", id=f"{name}-unit", class_="sheet__unit")
        choose.set("aria-label", self.config["words"]["unit"].format(label=field.label))
        for unit in units:
            _add(choose, "option", unit, value=unit)
        _add(line, "span", " / ".join(units), class_="sheet__units", aria_hidden="true")

    def _answer(self, parent: ET.Element, choice: sheet.Choice) -> None:
        parent.text = AtomicString(choice.label)
        if choice.sign:
            parent.text = AtomicString(choice.label + " ")
            _add(parent, "strong", self.config["words"][choice.sign], class_=f"sheet__{choice.sign}")

    def _table(self, element: ET.Element, shown: sheet.Sheet) -> None:
        """Columns, or the lines of a list, to write in by hand; an answer to choose is written as its number."""
        table = _add(element, "table", class_="sheet__table", aria_labelledby=f"sheet-{shown.id}")
        if shown.list:
            head = _add(_add(table, "thead"), "tr")
            for field in shown.fields:
                self._head(head, field, "col")
            body = _add(table, "tbody")
            for _ in range(shown.entries):
                row = _add(body, "tr")
                for _ in shown.fields:
                    _add(row, "td")
            return
        for title, fields in shown.parts:
            body = _add(table, "tbody")
            if title:
                _add(
                    _add(body, "tr"),
                    "th",
                    title,
                    colspan=str(shown.entries + 1),
                    scope="rowgroup",
                    class_="sheet__name",
                )
            for field in fields:
                row = _add(body, "tr")
                self._head(row, field, "row")
                for _ in range(shown.entries):
                    _add(row, "td")

    def _head(self, row: ET.Element, field: sheet.Field, scope: str) -> None:
        head = _add(row, "th", scope=scope)
        _add(head, "span", field.label, class_="sheet__label")
        head.extend(self._notes(field))

    def _notes(self, field: sheet.Field) -> Iterable[ET.Element]:
        if field.limits:
            units = ET.Element("span", {"class": "sheet__hint"})
            units.text = AtomicString(" / ".join(unit for unit, _, _ in field.limits))
            yield units
        if field.hint:
            hint = ET.Element("span", {"class": "sheet__hint"})
            hint.text = AtomicString(field.hint)
            yield hint
        for number, choice in enumerate(field.choices, 1):
            answer = ET.Element("span", {"class": "sheet__hint sheet__answer"})
            _add(answer, "b", f"{number} ")
            self._answer(_add(answer, "span"), choice)
            answer.tail = " "
            yield answer


class SheetsExtension(Extension):
    """Options: ``references`` (file), ``words``."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"references": ["docs/references.yml", "CSL references"], "words": [{}, "printed words"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        config = {
            "known": loaded(sources.load, self.getConfig("references")),
            "words": words(self.getConfig("words"), _WORDS),
        }
        register(md, _Sheet, config)


def makeExtension(**kwargs: Any) -> SheetsExtension:
    """Entry point of Python-Markdown."""
    return SheetsExtension(**kwargs)
