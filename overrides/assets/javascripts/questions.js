/* The reader's own list of questions, and a finder that proposes some from the list on the page.
 *
 * Questions, their reasons, places and choices are read from the page: no second copy can grow old here. Elements
 * are kept and only put in order, so that what is being written keeps the focus when another tab changes the list.
 */
(function () {
  "use strict";
  var center = window.center;
  var finder = document.querySelector("[data-script='questions']");
  if (!center || !finder) return;
  var make = center.make;
  var words = center.words;
  var store = center.store;
  var FIRST = 3;
  var MOST = 7;
  var OWN = "questions";

  function each(list, act) {
    return Array.prototype.map.call(list, act);
  }

  function button(key, act) {
    return make("button", { type: "button", class: "mine__press md-button", click: act }, words(key));
  }

  function first() {
    return make("strong", { class: "mine__first" }, words("list_first"));
  }

  /** Writes a kept text where nobody is writing. */
  function put(field, value) {
    if (document.activeElement !== field) field.value = value;
  }

  /** Puts elements into a list in their order; the one with the focus is not moved, as it would lose it. */
  function arrange(list, wanted) {
    each(Array.from(list.children), function (child) {
      if (wanted.indexOf(child) >= 0) return;
      if (child.contains(document.activeElement)) title.focus();
      child.remove();
    });
    var still = wanted.filter(function (child) {
      return child.contains(document.activeElement);
    })[0];
    var before = still || null;
    if (wanted.some(function (child, at) {
      return list.children[at] !== child;
    })) wanted.forEach(function (child) {
      if (child === still) before = null;
      else list.insertBefore(child, before);
    });
  }

  // My list.

  var shown = Object.create(null); // an id may be any word
  var ids = 0;
  var busy = false;
  var title = make("h2", { id: "mine", tabindex: "-1" }, words("list_title"));
  var about = make("p");
  var gone = make("span", { id: "mine-gone", dir: "auto" });
  var back = button("list_undo", function () {
    var id = removed.id;
    removed = null;
    undo();
    shown[id].focus();
  });
  var undone = make("li", { class: "mine__undo" }, [gone, back]);
  var removed;
  var undo;
  var list = make("ol");
  var own = make("input", { type: "text", id: "mine-own", dir: "auto", autocomplete: "off", keydown: function (event) {
    if (event.key === "Enter" && !event.isComposing) add();
  } });
  var print = button("list_print", function () {
    window.print();
  });
  var mine = make("section", { class: "mine", "aria-labelledby": "mine" }, [
    title, about, list,
    make("p", { class: "mine__own" }, [
      make("label", { for: "mine-own" }, words("list_own")), own, button("list_add", add), " ", print
    ])
  ]);
  back.setAttribute("aria-describedby", "mine-gone");

  function place(record) {
    return typeof record.is.place === "number" ? record.is.place : 1e9;
  }

  function records() {
    return store.all(OWN).sort(function (a, b) {
      return place(a) - place(b) || a.at - b.at || (a.id < b.id ? -1 : 1);
    });
  }

  function add() {
    var text = own.value.trim();
    own.focus();
    if (!text) return;
    var before = records();
    var last = before[before.length - 1];
    var id = "own-" + Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    own.value = "";
    store.change(OWN, id, { text: text, place: last ? place(last) + 1 : 1, own: true });
    center.say(words("list_added", { count: before.length + 1 }));
  }

  function move(id, by) {
    var before = records();
    var from = before.findIndex(function (record) {
      return record.id === id;
    });
    before.splice(from + by, 0, before.splice(from, 1)[0]);
    busy = true;
    before.forEach(function (record, at) {
      if (record.is.place !== at + 1) store.change(OWN, record.id, { place: at + 1 });
    });
    busy = false;
    show();
    center.say(words("list_moved", { place: from + by + 1, count: before.length }));
  }

  function Item(id) {
    var self = this;
    function keep(field, value) {
      var fields = {};
      fields[field] = value;
      store.change(OWN, id, fields);
    }
    /** What a control is called: its own words, then the question. */
    function name(control, by) {
      by.id = "mine-" + ++ids;
      control.setAttribute("aria-labelledby", by.id + " " + text.id);
      return control;
    }
    function press(key, act) {
      var made = button(key, act);
      return name(made, made);
    }
    var text = make("p", { class: "mine__text", dir: "auto", id: "mine-" + ++ids });
    var edit = make("textarea", { rows: 2, dir: "auto", autocomplete: "off", "aria-label": words("list_text"), hidden: true,
      input: function () {
        if (edit.value.trim()) keep("text", edit.value.trim());
      } });
    var done = make("input", { type: "checkbox", autocomplete: "off", change: function () {
      keep("done", done.checked || null);
    } });
    var answer = make("textarea", { rows: 2, dir: "auto", autocomplete: "off", input: function () {
      keep("answer", answer.value);
    } });
    var written = make("p", { class: "mine__answer", dir: "auto" });
    var mark = first();
    var asked = make("span", {}, words("list_asked"));
    var label = make("span", {}, words("list_answer"));
    var up = press("list_up", function () {
      move(id, -1);
    });
    var down = press("list_down", function () {
      move(id, 1);
    });
    var change = press("list_edit", function () {
      edit.hidden = !edit.hidden;
      text.hidden = !edit.hidden;
      change.textContent = words(edit.hidden ? "list_edit" : "list_done");
      if (!edit.hidden) edit.focus();
      show();
    });
    var remove = press("list_remove", function () {
      gone.textContent = words("list_removed", { text: text.textContent });
      removed = { id: id, at: Array.from(list.children).indexOf(self.element) };
      self.element.before(undone);
      back.focus();
      undo = store.remove(OWN, id);
    });
    self.element = make("li", {}, [
      mark, text, edit,
      make("label", { class: "sheet__choice" }, [name(done, asked), asked]),
      make("label", {}, [label, name(answer, label)]),
      written,
      make("p", { class: "mine__presses" }, [up, down, change, remove])
    ]);
    self.focus = function () {
      remove.focus();
    };
    self.show = function (is, at, count) {
      text.textContent = String(is.text || "");
      written.textContent = String(is.answer || "");
      put(edit, text.textContent);
      put(answer, written.textContent);
      done.checked = is.done === true;
      mark.hidden = at >= FIRST;
      // A button that is off would keep the focus and answer nothing.
      [[up, at === 0, down], [down, at === count - 1, up]].forEach(function (one) {
        if (one[1] && document.activeElement === one[0]) (count > 1 ? one[2] : remove).focus();
      });
      up.disabled = at === 0;
      down.disabled = at === count - 1;
    };
  }

  function show() {
    if (busy) return;
    var all = records();
    var asked = 0;
    var elements = all.map(function (record) {
      var item = shown[record.id] = shown[record.id] || new Item(record.id);
      if (record.is.done === true) asked++;
      return item.element;
    });
    if (removed) elements.splice(removed.at, 0, undone);
    arrange(list, elements);
    all.forEach(function (record, at) {
      shown[record.id].show(record.is, at, all.length);
    });
    mine.classList.toggle("mine--some", all.length > 0);
    print.hidden = !all.length;
    about.textContent = words(all.length ? "list_count" : "list_empty", { count: all.length, done: asked });
  }

  // The finder. A question that names other choices of these fields only is left out.

  var NARROW = ["stage", "leak"];
  var sheet = finder.querySelector("[data-sheet]");
  var kept = sheet.dataset.sheet;
  var asks = [];
  var copies = [];
  var stages = [];
  each(finder.parentNode.querySelectorAll("h2, [data-question]"), function (element) {
    if (element.tagName === "H2") {
      stages.unshift(element);
    } else {
      if (!asks.length || asks[asks.length - 1].dataset.stage !== stages[0].id) offer(stages[0]);
      element.dataset.stage = stages[0].id;
      asks.push(element);
    }
  });

  /** A section of the list is a choice of its own. */
  function offer(heading) {
    var box = sheet.querySelector("[data-field='stage']");
    if (!box) {
      box = make("fieldset", { class: "sheet__field sheet__field--choice", "data-field": "stage" },
        make("legend", {}, words("pick_stage")));
      var before = sheet.querySelector("[data-field]");
      before.parentNode.insertBefore(box, before);
    }
    box.append(make("label", { class: "sheet__choice" }, [
      make("input", { type: "radio", name: kept + "-stage", value: heading.id }),
      make("span", {}, plain(heading).textContent)
    ]));
  }

  /** A copy of a part of the page, without what may be there only once. */
  function plain(element) {
    var copy = element.cloneNode(true);
    each(copy.querySelectorAll(".headerlink"), function (one) {
      one.remove();
    });
    each([copy].concat(Array.from(copy.querySelectorAll("[id]"))), function (one) {
      one.removeAttribute("id");
    });
    return copy;
  }

  var fields = each(sheet.querySelectorAll("[data-field]"), function (box) {
    var marks = Array.from(box.querySelectorAll("input"));
    marks.forEach(function (mark) {
      mark.autocomplete = "off";
    });
    box.addEventListener("input", function () {
      var chosen = marks.filter(function (mark) {
        return mark.checked;
      }).map(function (mark) {
        return mark.value;
      });
      var now = {};
      now[box.dataset.field] = !chosen.length ? null : marks[0].type === "radio" ? chosen[0] : chosen;
      store.change(kept, "only", now);
      center.say(hint.textContent);
    });
    return { id: box.dataset.field, box: box, marks: marks };
  });

  var hint = make("p");
  var found = make("ol");
  var clear = button("pick_clear", function () {
    store.remove(kept, "only");
    fields[0].marks[0].focus();
    center.say(hint.textContent);
  });
  sheet.append(make("div", { class: "found" }, [hint, found, clear]));

  function names(ask, field, choice) {
    return (ask.getAttribute("data-" + field) || "").split(" ").indexOf(choice) >= 0;
  }

  /** The questions that fit, best first. A choice that no question names, such as "I do not know", leaves none out. */
  function best(picked) {
    return asks.map(function (ask, at) {
      var fits = { ask: ask, at: at, hits: 0 };
      picked.forEach(function (field) {
        field.chosen.forEach(function (choice) {
          if (names(ask, field.id, choice)) fits.hits++;
          else if (NARROW.indexOf(field.id) >= 0 && ask.getAttribute("data-" + field.id) && asks.some(function (other) {
            return names(other, field.id, choice);
          })) fits.ask = null;
        });
      });
      return fits;
    }).filter(function (fits) {
      return fits.ask;
    }).sort(function (a, b) {
      return b.hits - a.hits || a.at - b.at;
    }).slice(0, MOST);
  }

  /** A question of the list again, its button pressing the one in the list. */
  function copied(at) {
    if (copies[at]) return copies[at];
    var copy = copies[at] = plain(asks[at]);
    copy.prepend(first());
    copy.querySelector("button.add-question").addEventListener("click", function () {
      asks[at].querySelector("button.add-question").click();
    });
    return copy;
  }

  function find() {
    var is = store.get(kept, "only") || {};
    var picked = fields.map(function (field) {
      var chosen = [].concat(is[field.id] || []);
      field.marks.forEach(function (mark) {
        if (!field.box.contains(document.activeElement)) mark.checked = chosen.indexOf(mark.value) >= 0;
      });
      return { id: field.id, chosen: chosen };
    }).filter(function (field) {
      return field.chosen.length;
    });
    var fitting = picked.length ? best(picked) : [];
    var elements = fitting.map(function (fits, at) {
      var copy = copied(fits.at);
      copy.querySelector(".mine__first").hidden = at >= FIRST;
      return copy;
    });
    arrange(found, elements);
    each(elements, function (copy, at) {
      var from = fitting[at].ask.querySelector("button.add-question");
      var to = copy.querySelector("button.add-question");
      to.textContent = from.textContent;
      to.setAttribute("aria-pressed", from.getAttribute("aria-pressed"));
    });
    clear.hidden = !picked.length;
    hint.textContent = words(picked.length ? "pick_found" : "pick_none", { count: fitting.length });
  }

  finder.before(mine);
  finder.hidden = false;
  show();
  find();
  store.listen(function (name) {
    if (!name || name === OWN) show();
    if (!name || name === OWN || name === kept) find();
  });
})();
