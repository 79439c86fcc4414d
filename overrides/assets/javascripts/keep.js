/* Keep or move what the reader wrote: a copy as a file, the way back in, tables, and deleting it all.
 *
 * A file that is opened may come from anyone. All of it is checked against tools/my-data.schema.json, as written out
 * below, before any of it is kept. Samples in tests/data must open forever: a change of the form is a new version.
 */
(function () {
  "use strict";
  var center = window.center;
  var panel = document.querySelector(".keep");
  if (!center || !panel) return;
  var words = center.words;
  var make = center.make;
  var store = center.store;

  var FORMAT = "condition-center-my-data";
  var VERSION = 1;
  var SIZE = 5 * 1024 * 1024;
  var RECORDS = 20000;
  var FIELDS = 200;
  var LIST = 100;
  var TEXT = 10000;
  var KEY = /^[a-z][a-z0-9-]{0,39}\/[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;
  var NAME = /^[a-z][a-z0-9-]{0,39}$/;
  var SAVED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

  function part(name) {
    return panel.querySelector('[data-keep="' + name + '"]');
  }

  /** Says what was done, and leaves it there to read. Emptied first, so that the same words are heard again. */
  function tell(text) {
    var said = part("said");
    said.textContent = "";
    setTimeout(function () {
      said.textContent = text;
    }, 100);
  }

  /** This day where the reader is. */
  center.today = function () {
    var now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  };

  /** Gives the reader a file, from a disk too. */
  center.file = function (name, type, text) {
    var address = URL.createObjectURL(new Blob([text], { type: type }));
    var link = make("a", { href: address, download: name, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () {
      URL.revokeObjectURL(address);
    }, 60000);
  };

  /** The keys of what the reader wrote. A summary is made from it by the sheets, and moves along. */
  function entries(records) {
    return Object.keys(records).filter(function (key) {
      return key.indexOf("summary/") !== 0;
    });
  }

  // What may be in a copy.

  function plain(value) {
    return Boolean(value) && typeof value === "object" && !Array.isArray(value);
  }

  function has(value, names) {
    return plain(value) && Object.keys(value).sort().join() === names;
  }

  function text(value) {
    return typeof value === "string" && (value.length <= TEXT || Array.from(value).length <= TEXT);
  }

  function field(value) {
    return (
      typeof value === "boolean" || Number.isFinite(value) || text(value) ||
      (Array.isArray(value) && value.length <= LIST && value.every(text)) ||
      (has(value, "n,unit") && text(value.n) && text(value.unit))
    );
  }

  function fits(key, record) {
    if (!KEY.test(key) || !has(record, "at,is") || !plain(record.is)) return false;
    var names = Object.keys(record.is);
    return (
      Number.isInteger(record.at) && record.at >= 0 && record.at <= 8.64e15 && names.length <= FIELDS &&
      names.every(function (name) {
        return NAME.test(name) && !(name in {}) && field(record.is[name]);
      })
    );
  }

  /** Why a file cannot be opened, in words; nothing if it can. */
  function wrong(file) {
    if (!plain(file) || file.format !== FORMAT) return words("keep_foreign");
    if (Number.isInteger(file.version) && file.version > VERSION) return words("keep_newer");
    if (
      !has(file, "center,format,records,saved,version") || file.version !== VERSION || !SAVED.test(file.saved) ||
      !plain(file.records)
    ) return words("keep_damaged");
    if (file.center !== center.name) return words("keep_other");
    var keys = Object.keys(file.records);
    if (keys.length > RECORDS) return words("keep_many", { most: RECORDS });
    var bad = keys.find(function (key) {
      return !fits(key, file.records[key]);
    });
    return bad == null ? "" : words("keep_record", { key: bad.slice(0, 60) });
  }

  /** The records in the bytes of a file. Throws the reason, in words, for which it cannot be opened. */
  function records(bytes) {
    var file;
    try {
      file = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      throw words("keep_foreign");
    }
    var why = wrong(file);
    if (why) throw why;
    return file.records;
  }

  function open() {
    var input = this;
    var file = input.files[0];
    if (!file) return;
    Promise.resolve()
      .then(function () {
        if (file.size > SIZE) throw words("keep_big");
        return file.arrayBuffer();
      })
      .then(records)
      .then(
        function (found) {
          var here = store.dump();
          var came = entries(found).filter(function (key) {
            return !here[key] || here[key].at < found[key].at;
          });
          store.merge(found);
          var said = words("keep_opened", { all: entries(found).length, count: came.length });
          tell(store.trouble() ? said + " " + words(store.trouble()) : said);
        },
        function (why) {
          tell(words("keep_refused", { why: typeof why === "string" ? why : words("keep_unreadable") }));
        }
      )
      .then(function () {
        input.value = ""; // so that the same file can be chosen again
      });
  }

  function save() {
    var all = store.dump();
    var kept = {};
    Object.keys(all).forEach(function (key) {
      if (fits(key, all[key])) kept[key] = all[key];
    });
    var count = entries(kept).length;
    var left = entries(all).length - count;
    var copy = {
      format: FORMAT, version: VERSION, center: center.name, saved: new Date().toISOString(), records: kept
    };
    center.file(words("keep_file", { day: center.today() }), "application/json", JSON.stringify(copy));
    tell(words("keep_saved", { count: count }) + (left ? " " + words("keep_left_out", { count: left }) : ""));
  }

  // A sheet with entries as a table, a line for each entry.

  /** One cell. What a spreadsheet would take for a formula is marked as text; a plain number is none. */
  function cell(value) {
    var said = value == null ? "" : String(value);
    if (/^[\s\0]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(said) && !/^[+-]?\d+([.,]\d+)?$/.test(said)) said = "'" + said;
    return '"' + said.replace(/"/g, '""') + '"';
  }

  /** The columns of a field: its name for the reader, and what stands there. A number has one more for its unit. */
  function columns(box) {
    var name = box.dataset.field;
    var label = box.querySelector("legend, label").textContent.trim();
    var choices = {};
    box.querySelectorAll(".sheet__choice input").forEach(function (input) {
      choices[input.value] = input.nextElementSibling.firstChild.textContent.trim();
    });
    function shown(value) {
      return Object.prototype.hasOwnProperty.call(choices, value) ? choices[value] : value;
    }
    var column = {
      label: label,
      value: function (is) {
        var value = is[name];
        return Array.isArray(value) ? value.map(shown).join("; ") : plain(value) ? value.n : shown(value);
      }
    };
    if (!box.querySelector("[data-limits]")) return [column];
    return [column, {
      label: words("keep_unit", { label: label }),
      value: function (is) {
        return plain(is[name]) ? is[name].unit : "";
      }
    }];
  }

  function table(sheet) {
    var id = sheet.dataset.sheet;
    var form = sheet.querySelector("template").content;
    var shown = Array.from(form.querySelectorAll("[data-field]")).reduce(function (all, box) {
      return all.concat(columns(box));
    }, []);
    var date = form.querySelector("[type=date]");
    var day = date && date.closest("[data-field]").dataset.field;
    function place(entry) {
      return (entry.is[day] || "") + "\n" + entry.id;
    }
    var kept = store.all(id).sort(function (one, other) {
      return place(one) < place(other) ? -1 : 1;
    });
    var lines = [shown.map(function (column) {
      return column.label;
    })].concat(kept.map(function (entry) {
      return shown.map(function (column) {
        return column.value(entry.is);
      });
    }));
    center.file(
      words("keep_table_file", { sheet: id, day: center.today() }),
      "text/csv",
      "\ufeff" + lines.map(function (line) {
        return line.map(cell).join(",") + "\r\n";
      }).join("")
    );
    tell(words("keep_table_saved", { count: kept.length }));
  }

  document.querySelectorAll("[data-sheet][data-entry]").forEach(function (sheet) {
    var tables = part("tables");
    tables.hidden = false;
    tables.lastElementChild.before(make("button", {
      type: "button",
      class: "md-button",
      click: function () {
        table(sheet);
      }
    }, words("keep_table", { title: sheet.querySelector(".sheet__title").textContent })));
  });

  // The state, and deleting it all.

  function count() {
    return entries(store.dump()).length;
  }

  function show() {
    part("state").textContent = words(store.trouble() || "keep_works");
    part("count").textContent = words("keep_count", { count: count() });
  }

  var showing;
  store.listen(function () {
    clearTimeout(showing); // years of a diary take a moment to count
    showing = setTimeout(show, 300);
  });

  var ask = panel.querySelector("dialog");
  function press(name, action) {
    part(name).addEventListener("click", action);
  }
  press("save", save);
  press("print", function () {
    window.print();
  });
  press("delete", function () {
    part("ask").textContent = words("keep_ask_about", { count: count() });
    ask.showModal();
  });
  press("no", function () {
    ask.close();
  });
  press("yes", function () {
    var gone = count();
    store.clear();
    ask.close();
    tell(words("keep_deleted", { count: gone }));
  });
  part("open").addEventListener("change", open);
  show();
  panel.hidden = false;
})();
