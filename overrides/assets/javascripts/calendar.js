/* A day for the reader's own calendar, as a file (RFC 5545), counted in months from a date of a sheet.
 *
 * The sheet says by data-calendar-... which of its fields hold the date and the months. Nothing is advised here: the
 * months are those the reader's team chose.
 */
(function () {
  "use strict";
  var center = window.center;
  if (!center || !center.file) return;
  var words = center.words;
  var make = center.make;
  var ID = "calendar-id"; // beside the fields of the sheet: the same day saved again replaces the one before

  /** Text as a value: signs that part values are marked, and none is left that a line cannot hold. */
  function text(value) {
    return value
      .replace(/[\\;,]/g, "\\$&")
      .replace(/\r\n|\r|\n/g, "\\n")
      .replace(/[\0-\x08\x0b-\x1f\x7f]/g, "");
  }

  /** A line, folded so that none is longer than 75 bytes, and no letter is cut in two. */
  function folded(line) {
    var width = 0;
    return Array.from(line, function (sign) {
      var code = sign.codePointAt(0);
      var bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      width += bytes;
      if (width <= 75) return sign;
      width = bytes + 1;
      return "\r\n " + sign;
    }).join("") + "\r\n";
  }

  function stamp(date) {
    return date.toISOString().replace(/[-:]|\.\d+/g, "");
  }

  function day(date) {
    return stamp(date).slice(0, 8);
  }

  /** So many months later; the last day of a month that is too short. */
  function later(start, months) {
    var date = new Date(start + "T00:00:00Z");
    var month = date.getUTCMonth() + months;
    var last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0));
    return new Date(Math.min(last, Date.UTC(date.getUTCFullYear(), month, date.getUTCDate())));
  }

  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
  }

  /** The reader's other words on the sheet. */
  function notes(sheet, used) {
    return Array.from(sheet.querySelectorAll("[data-field]")).reduce(function (found, box) {
      var input = box.querySelector("input:not([type=radio]):not([type=checkbox]), textarea");
      if (input && input.value.trim() && used.indexOf(input) < 0) {
        found.push(box.querySelector("label").textContent + ": " + input.value.trim());
      }
      return found;
    }, []).join("\n");
  }

  document.querySelectorAll("[data-calendar-start]").forEach(function (sheet) {
    var data = sheet.dataset;
    var start = sheet.querySelector('[data-field="' + data.calendarStart + '"] input');
    var months = sheet.querySelector('[data-field="' + data.calendarMonths + '"] input');
    var limits = JSON.parse(months.dataset.limits);
    var range = limits[Object.keys(limits)[0]];
    var title = sheet.querySelector(".sheet__title").textContent;
    var said = make("p", { role: "status" });

    function refuse(input, text) {
      said.textContent = text;
      input.focus();
    }

    function save() {
      var count = Number(months.value.trim() || NaN);
      said.textContent = "";
      if (!/^\d{4}-\d\d-\d\d$/.test(start.value)) return refuse(start, words("calendar_start"));
      if (!Number.isInteger(count) || count < range[0] || count > range[1]) {
        return refuse(months, words("calendar_months", { least: range[0], most: range[1] }));
      }
      var date = later(start.value, count);
      var shown = date.toLocaleDateString(document.documentElement.lang, {
        day: "numeric", month: "long", year: "numeric", timeZone: "UTC"
      });
      if (date.toISOString().slice(0, 10) < center.today()) return refuse(start, words("calendar_past", { day: shown }));
      var about = notes(sheet, [start, months]);
      var own = center.store.get(data.sheet, "only") || {};
      var id = own[ID] || random();
      if (!own[ID]) {
        var change = {};
        change[ID] = id;
        center.store.change(data.sheet, "only", change);
      }
      center.file(words("calendar_file", { sheet: data.sheet }), "text/calendar", [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//" + center.name + "//" + data.sheet + "//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:" + text(String(id)) + "@" + center.name,
        "DTSTAMP:" + stamp(new Date()),
        "SEQUENCE:" + Math.floor(Date.now() / 60000),
        "DTSTART;VALUE=DATE:" + day(date),
        "DTEND;VALUE=DATE:" + day(new Date(date.getTime() + 864e5)),
        "SUMMARY:" + text(title),
        about && "DESCRIPTION:" + text(about),
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:" + text(title),
        "TRIGGER:-P" + (data.calendarWeeks * 7 - 1) + "DT15H", // nine in the morning
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR"
      ].filter(Boolean).map(folded).join(""));
      said.textContent = words("calendar_saved", { day: shown });
    }

    sheet.append(make("div", { class: "sheet__calendar" }, [
      make("button", { type: "button", class: "md-button", click: save }, words("calendar_save")),
      make("p", { class: "sheet__hint" }, words("calendar_about", { weeks: data.calendarWeeks })),
      said
    ]));
  });
})();
