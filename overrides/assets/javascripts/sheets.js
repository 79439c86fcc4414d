/* Sheets of one record: what is typed is kept as it is typed, and comes back. Also what all sheets share: fields to
 * read and write, limits, and the calls that an answer asks for. The call for help is the page's own, never a copy.
 */
(function () {
  "use strict";
  var center = window.center;
  if (!center) return;
  var make = center.make;
  var words = center.words;

  /** A number as it was typed, with a point or a comma; NaN if it is none. */
  function number(text) {
    return /^\s*\d+([.,]\d+)?\s*$/.test(text) ? Number(text.replace(",", ".")) : NaN;
  }

  /** The words of a kept value, as on the page. */
  function shown(field, value) {
    if (value == null) return "";
    if (typeof value === "object" && !Array.isArray(value)) return value.n + " " + value.unit;
    return [].concat(value).map(function (one) {
      var choice = field.choices[one];
      return choice ? choice.label : String(one);
    }).join(", ");
  }

  /** One field of a form: its name and words, and its value to read and write. */
  function Field(box) {
    var input = box.querySelector("input, textarea");
    var unit = box.querySelector("select");
    var only = box.querySelector("span.sheet__unit");
    var marks = [].slice.call(box.querySelectorAll("input[type=radio], input[type=checkbox]"));
    var many = marks.length && marks[0].type === "checkbox";
    var limits = input.dataset.limits && JSON.parse(input.dataset.limits);
    var told = make("p", { class: "sheet__error", role: "alert", id: (input.id || input.name) + "-error" });
    var noted = make("p", { class: "sheet__note", role: "alert" });
    var call = make("div", { role: "alert" });
    var clear = marks.length && !many && make("button", { type: "button", class: "sheet__clear" }, words("clear"));
    var self = {
      id: box.dataset.field,
      box: box,
      label: box.querySelector("legend, label").textContent,
      data: box.dataset,
      choices: {},
      limits: limits,
      date: input.type === "date",
      text: box.querySelector("textarea") !== null,
      input: input
    };
    marks.forEach(function (mark, place) {
      var label = mark.parentNode.querySelector("span").cloneNode(true);
      label.querySelectorAll("strong").forEach(function (sign) {
        sign.remove();
      });
      self.choices[mark.value] = { label: label.textContent.trim(), place: place, sign: mark.dataset.sign };
    });
    box.append(call, told, noted);
    if (clear) box.append(clear);

    self.get = function () {
      if (marks.length) {
        var on = marks.filter(function (mark) {
          return mark.checked;
        }).map(function (mark) {
          return mark.value;
        });
        return many ? (on.length ? on : null) : on[0] || null;
      }
      var text = input.value;
      if (!limits) return text.trim() ? text : null;
      return text.trim() ? { n: text.trim(), unit: unit ? unit.value : only.textContent } : null;
    };
    self.set = function (value) {
      if (marks.length) {
        marks.forEach(function (mark) {
          mark.checked = [].concat(value).indexOf(mark.value) >= 0;
        });
      } else if (limits) {
        input.value = (value && value.n) || "";
        if (unit && value && limits[value.unit]) unit.value = value.unit;
      } else input.value = value || "";
      self.check();
    };
    /** Why the value cannot be kept, or nothing. */
    self.wrong = function () {
      var value = limits && self.get();
      if (!value) return "";
      var pair = limits[value.unit];
      var n = number(value.n);
      if (n >= pair[0] && n <= pair[1]) return "";
      return words(isNaN(n) ? "no_number" : "impossible", {
        label: self.label, least: pair[0], most: pair[1], unit: value.unit
      });
    };
    /** Says what is wrong, and shows whom an answer says to call. */
    self.check = function () {
      var wrong = self.wrong();
      told.textContent = wrong;
      if (limits) {
        input.setAttribute("aria-invalid", String(Boolean(wrong)));
        var hint = box.querySelector(".sheet__hint");
        input.setAttribute("aria-describedby", (hint ? hint.id + " " : "") + told.id);
      }
      var sign = "";
      marks.forEach(function (mark) {
        if (mark.checked && mark.dataset.sign && sign !== "now") sign = mark.dataset.sign;
      });
      if ((call.dataset.sign || "") !== sign) {
        var block = document.querySelector(sign === "now" ? ".call-now" : "#call-today");
        call.textContent = "";
        call.dataset.sign = sign;
        if (sign && block) {
          block = block.cloneNode(true);
          block.removeAttribute("id");
          block.removeAttribute("data-center");
          call.append(block);
        }
      }
      if (clear) clear.hidden = !self.get();
    };
    /** Says something about the value that was kept. */
    self.note = function (text) {
      if (text !== noted.textContent) noted.textContent = text;
    };
    if (clear) {
      clear.addEventListener("click", function () {
        self.set(null);
        marks[0].focus();
        box.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
    self.check();
    return self;
  }

  /** The fields of a form. ``changed`` is called with the fields that were changed and can be kept. */
  function form(root, changed) {
    var fields = [].map.call(root.querySelectorAll("[data-field]"), Field);
    root.addEventListener("input", function (event) {
      var box = event.target.closest("[data-field]");
      fields.forEach(function (field) {
        if (field.box !== box) return;
        if (event.target.matches("[type=radio], [type=checkbox]") || event.target === box) field.check();
        if (field.wrong()) return;
        field.check();
        var now = {};
        now[field.id] = field.get();
        changed(now, field);
      });
    });
    root.addEventListener("change", function (event) {
      var box = event.target.closest("[data-field]");
      fields.forEach(function (field) {
        if (field.box === box && field.wrong()) field.check();
      });
    });
    /** Shows a record; what is being written, or cannot be kept yet, is left alone. */
    fields.show = function (record) {
      fields.forEach(function (field) {
        if (field.wrong() || (field.box.contains(document.activeElement) && field.get() !== null)) return;
        field.set(record ? record[field.id] : null);
      });
    };
    return fields;
  }

  center.form = form;
  center.shown = shown;
  center.number = number;
  center.forms = {};

  document.querySelectorAll(".sheet").forEach(function (sheet) {
    if (sheet.querySelector("template")) return;
    var name = sheet.dataset.sheet;
    var fields = form(sheet, function (now) {
      center.store.change(name, "only", now);
    });
    fields.show(center.store.get(name, "only"));
    center.store.listen(function (changed) {
      if (!changed || changed === name) fields.show(center.store.get(name, "only"));
    });
    center.forms[name] = fields;
  });
})();
