/* Sheets that are filled in again and again: a form for one entry, the entries so far, what changed since a month and
 * a year ago in words and as a line, and all of them on paper. The script compares what was written; it judges nothing.
 */
(function () {
  "use strict";
  var center = window.center;
  if (!center || !center.form) return;
  var make = center.make;
  var words = center.words;
  var store = center.store;
  var DAY = 86400000;
  var SHOWN = 10;
  // Sizes of units, to compare what was written in different ones.
  var SIZES = { kg: 1, lb: 0.45359237, mm: 1, cm: 10, "mm²": 1, "cm²": 100 };
  var KINDS = { kg: "mass", lb: "mass", mm: "length", cm: "length", "mm²": "area", "cm²": "area" };
  var SVG = "http://www.w3.org/2000/svg";

  function day(text) {
    var date = new Date(text + "T12:00:00");
    return isNaN(date) ? text : date.toLocaleDateString(document.documentElement.lang || "en", {
      year: "numeric", month: "long", day: "numeric"
    });
  }

  function today() {
    var now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  }

  function apart(later, earlier) {
    return Math.round((new Date(later) - new Date(earlier)) / DAY);
  }

  /** A value as a number to compare, with what it may be compared to. */
  function amount(field, value) {
    if (value == null || Array.isArray(value)) return null;
    if (typeof value === "object") {
      var n = center.number(value.n) * (SIZES[value.unit] || 1);
      return isNaN(n) ? null : { n: n, kind: KINDS[value.unit] || value.unit };
    }
    var choice = field.choices[value];
    return choice ? { n: choice.place, kind: "" } : null;
  }

  function Sheet(sheet) {
    var name = sheet.dataset.sheet;
    var title = sheet.querySelector(".sheet__title");
    var table = sheet.querySelector(".sheet__table");
    var head = make("h3", { tabindex: "-1" });
    var body = make("div", { class: "sheet__form" });
    var done = make("button", { type: "button", class: "md-button" }, words("done"));
    var undo = make("p", { class: "sheet__undo" });
    var list = make("ul", { class: "sheet__entries" });
    var more = make("button", { type: "button", class: "md-button" });
    var compared = make("div", { class: "sheet__compared" });
    var printed = make("div", { class: "sheet__printed" });
    var records = {};
    var lines = {};
    var order = [];
    var current = null;
    var count = SHOWN;
    var picked = null;

    body.append(sheet.querySelector("template").content.cloneNode(true));
    sheet.insertBefore(make("div", { class: "sheet__screen" }, [head, body, done, undo, compared, list, more]), table);
    sheet.insertBefore(printed, table);
    sheet.classList.add("sheet--live");

    var fields = center.form(body, function (now, field) {
      if (!current) {
        current = Date.now().toString(36) + Math.random().toString(36).slice(2, 6);
        if (when && field !== when && when.get()) now[when.id] = when.get();
      }
      store.change(name, current, now);
      line(field);
    });
    var when = fields.filter(function (field) {
      return field.date;
    })[0];

    function date(record) {
      return (when && record.is[when.id]) || "";
    }

    function label(record) {
      if (when) return date(record) ? day(date(record)) : words("no_date");
      return text(record, fields[0]) || words("no_name");
    }

    /** The team's own line, and what the team said; none of ours. */
    function line(field) {
      if (!field.data.line || field.wrong()) return;
      var at = JSON.parse(field.data.line);
      var plan = store.get(at.sheet, "only") || {};
      var now = amount(field, field.get());
      if (!now) return field.note("");
      var most = amount(field, plan[at.most]);
      var gain = amount(field, plan[at.gain]);
      var days = amount(field, plan[at.days]);
      var past = "";
      if (most && most.kind === now.kind && now.n >= most.n) past = center.shown(field, plan[at.most]);
      if (!past && gain && days && gain.kind === now.kind && date({ is: values() })) {
        order.forEach(function (record) {
          var then = amount(field, record.is[field.id]);
          var since = apart(date({ is: values() }), date(record));
          if (record.id === current || !then || then.kind !== now.kind || !(since >= 0 && since <= days.n)) return;
          if (now.n - then.n > gain.n) {
            past = words("gained", { gain: center.shown(field, plan[at.gain]), days: days.n });
          }
        });
      }
      field.note(past ? words(plan[at.do] ? "past_line" : "past_line_only", { line: past, told: plan[at.do] }) : "");
    }

    function values() {
      return fields.reduce(function (found, field) {
        found[field.id] = field.get();
        return found;
      }, {});
    }

    function text(record, field) {
      var value = record.is[field.id];
      return field.date && value ? day(value) : center.shown(field, value);
    }

    /** What stands out: all but the date and each field's first answer. */
    function summary(record) {
      var parts = fields.filter(function (field) {
        var choice = field.choices[record.is[field.id]];
        return field !== when && record.is[field.id] != null && !(choice && choice.place === 0);
      }).map(function (field) {
        return words("field", { label: field.label, value: text(record, field) });
      });
      return parts.join("; ");
    }

    function open(id, focus) {
      current = id;
      var record = records[id];
      fields.forEach(function (field) {
        field.set(record ? record.is[field.id] : null);
        line(field);
      });
      if (!record && when) when.set(today());
      head.textContent = record ? words("edit_entry", { date: label(record) }) : words("new_entry");
      done.textContent = words(record ? "done_edit" : "done");
      if (focus) head.focus();
    }

    function remove(record) {
      var back = store.remove(name, record.id);
      if (current === record.id) open(null);
      undo.textContent = words("removed", { date: label(record) }) + " ";
      var press = make("button", { type: "button", class: "md-button" }, words("undo"));
      press.addEventListener("click", function () {
        undo.textContent = "";
        back();
        head.focus();
      });
      undo.append(press);
      press.focus();
    }

    function item(record) {
      var rows = fields.filter(function (field) {
        return record.is[field.id] != null;
      }).map(function (field) {
        return make("p", {}, words("field", { label: field.label, value: text(record, field) }));
      });
      return make("li", {}, make("details", {}, [
        make("summary", {}, [make("strong", {}, label(record)), " ", summary(record)])
      ].concat(rows, [
        make("button", {
          type: "button", class: "md-button", "aria-label": words("edit") + ": " + label(record), click: function () {
            open(record.id, true);
          }
        }, words("edit")),
        " ",
        make("button", {
          type: "button", class: "md-button", "aria-label": words("remove") + ": " + label(record), click: function () {
            remove(record);
          }
        }, words("remove"))
      ])));
    }

    /** The entry nearest to so many days before another, within a span that still deserves the name. */
    function before(record, days, least, most) {
      return order.reduce(function (best, other) {
        var gap = apart(date(record), date(other));
        if (!(gap >= least && gap <= most)) return best;
        return best && Math.abs(apart(date(record), date(best)) - days) <= Math.abs(gap - days) ? best : other;
      }, null);
    }

    function changes(last, then) {
      var same = [];
      var other = [];
      fields.forEach(function (field) {
        var was = text(then, field);
        var now = text(last, field);
        if (field === when || field.text || !was || !now) return;
        if (was === now) same.push(field.label);
        else other.push(words("then_now", { label: field.label, then: was, now: now }));
      });
      if (same.length) other.push(words("same", { labels: same.join("; ") }));
      return other;
    }

    function comparisons() {
      var last = order[0];
      if (!when || !last || !date(last)) return [];
      return [["month", before(last, 30, 14, 75)], ["year", before(last, 365, 200, 550)]].filter(function (pair) {
        return pair[1];
      }).map(function (pair) {
        return {
          title: words("since_" + pair[0], { date: label(pair[1]), now: label(last) }), lines: changes(last, pair[1])
        };
      });
    }

    function series(field) {
      var last = null;
      return order.filter(function (record) {
        return date(record);
      }).map(function (record) {
        return { at: +new Date(date(record)), record: record, is: amount(field, record.is[field.id]) };
      }).filter(function (point) {
        if (point.is && !last) last = point.is.kind;
        return point.is && point.is.kind === last;
      }).reverse();
    }

    function draw(field) {
      var points = series(field);
      var numbers = points.map(function (point) {
        return point.is.n;
      });
      var low = Math.min.apply(null, numbers);
      var high = Math.max.apply(null, numbers);
      var first = points[0];
      var last = points[points.length - 1];
      function value(point) {
        return text(point.record, field);
      }
      function extreme(n) {
        return value(points[numbers.indexOf(n)]);
      }
      var told = words("chart", {
        label: field.label, count: points.length, first: value(first), from: label(first.record),
        last: value(last), to: label(last.record), low: extreme(low), high: extreme(high)
      });
      var svg = document.createElementNS(SVG, "svg");
      function add(tag, attributes, content) {
        var part = document.createElementNS(SVG, tag);
        Object.keys(attributes).forEach(function (key) {
          part.setAttribute(key, attributes[key]);
        });
        if (content) part.textContent = content;
        svg.append(part);
      }
      svg.setAttribute("viewBox", "0 0 320 140");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", told);
      svg.setAttribute("class", "sheet__chart");
      var place = points.map(function (point) {
        return [
          8 + (304 * (point.at - first.at)) / (last.at - first.at || 1),
          high === low ? 70 : 120 - (100 * (point.is.n - low)) / (high - low)
        ].map(function (n) {
          return n.toFixed(1);
        });
      });
      add("text", { x: 8, y: 12 }, extreme(high));
      if (high !== low) add("text", { x: 8, y: 136 }, extreme(low));
      add("polyline", { points: place.join(" ") });
      if (points.length <= 60) {
        place.forEach(function (at) {
          add("circle", { cx: at[0], cy: at[1], r: 3 });
        });
      }
      return make("figure", { class: "sheet__figure" }, [svg, make("figcaption", {}, told)]);
    }

    function compare() {
      compared.textContent = "";
      var found = comparisons();
      found.forEach(function (one) {
        compared.append(make("h3", {}, one.title), make("ul", {}, one.lines.map(function (text) {
          return make("li", {}, text);
        })));
      });
      var drawn = when ? fields.filter(function (field) {
        return field !== when && series(field).length > 1;
      }) : [];
      if (drawn.length) {
        var id = name + "-chart";
        var choose = make("select", { id: id }, drawn.map(function (field) {
          return make("option", { value: field.id, selected: field.id === picked }, field.label);
        }));
        var figure = make("div");
        var show = function () {
          picked = choose.value;
          figure.textContent = "";
          figure.append(draw(drawn.filter(function (field) {
            return field.id === picked;
          })[0]));
        };
        choose.addEventListener("change", show);
        compared.append(make("h3", {}, words("over_time")), make("label", { for: id }, words("choose_line")), choose, figure);
        show();
      }
      return found;
    }

    /** What another sheet may show of this one: the change in words, or the latest entry. */
    function share(found) {
      var last = order[0];
      var lines = found.reduce(function (all, one) {
        return all.concat(one.title, one.lines);
      }, []);
      if (last) lines.unshift(label(last) + ": " + summary(last));
      var told = lines.join("\n").slice(0, 4000);
      if (told !== ((store.get("summary", name) || {}).text || "")) store.change("summary", name, { text: told });
    }

    function sort() {
      order = Object.keys(records).map(function (id) {
        return records[id];
      }).sort(function (a, b) {
        if (date(a) !== date(b)) return date(a) < date(b) ? 1 : -1;
        return a.id < b.id === Boolean(when) ? 1 : -1;
      });
    }

    function render() {
      sort();
      // What has not changed stays as it is, with its focus, and open if it was opened.
      var seen = order.slice(0, count).map(function (record, at) {
        var written = JSON.stringify(record.is);
        var line = lines[record.id];
        if (!line || line.written !== written) {
          line = lines[record.id] = { written: written, item: item(record) };
        }
        if (list.children[at] !== line.item) list.insertBefore(line.item, list.children[at] || null);
        return line.item;
      });
      while (list.children.length > seen.length) list.lastChild.remove();
      more.hidden = order.length <= count;
      more.textContent = words("older", { count: order.length - count });
      share(compare());
    }

    function read() {
      records = {};
      store.all(name).forEach(function (record) {
        records[record.id] = record;
      });
      render();
    }

    var waiting;
    store.listen(function (changed, id) {
      if (changed && changed !== name) {
        fields.forEach(line);
        return;
      }
      if (!changed) {
        read();
        if (current && !records[current]) open(null);
        return;
      }
      var is = store.get(name, id);
      if (is) records[id] = { id: id, is: is };
      else delete records[id];
      if (id === current && is) fields.show(is);
      // A burst of letters draws the list once.
      clearTimeout(waiting);
      waiting = setTimeout(render, 150);
    });

    done.addEventListener("click", function () {
      clearTimeout(waiting);
      render();
      open(null, true);
    });
    more.addEventListener("click", function () {
      var next = count;
      count += 50;
      render();
      if (list.children[next]) list.children[next].querySelector("summary").focus();
    });

    // On paper: all entries, in the sheet's own form.

    function cell(tag, text, scope) {
      return make(tag, scope ? { scope: scope } : {}, text);
    }

    function paper() {
      clearTimeout(waiting);
      sort();
      printed.textContent = "";
      if (!order.length) return;
      if (table.tHead) {
        var empty = Math.max(1, table.tBodies[0].rows.length - 2 - order.length);
        printed.append(make("table", { class: "sheet__table" }, [
          make("thead", {}, table.tHead.rows[0].cloneNode(true)),
          make("tbody", {}, order.map(function (record) {
            return make("tr", {}, fields.map(function (field) {
              return cell("td", text(record, field));
            }));
          }).concat(Array.from({ length: empty }, function () {
            return make("tr", {}, fields.map(function () {
              return cell("td", "");
            }));
          })))
        ]));
        return;
      }
      var columns = table.querySelectorAll("tr:nth-last-child(1) td").length && table.rows[0].cells.length - 1;
      for (var start = 0; start < order.length; start += columns) {
        var part = order.slice(start, start + columns);
        printed.append(make("table", { class: "sheet__table" }, make("tbody", {}, fields.filter(function (field) {
          return part.some(function (record) {
            return record.is[field.id] != null;
          });
        }).map(function (field) {
          return make("tr", {}, [cell("th", field.label, "row")].concat(part.map(function (record) {
            return cell("td", text(record, field));
          })));
        }))));
      }
    }

    addEventListener("beforeprint", paper);
    addEventListener("afterprint", function () {
      printed.textContent = "";
    });

    read();
    open(null);
    title.classList.add("sheet__title--live");
  }

  document.querySelectorAll(".sheet").forEach(function (sheet) {
    if (sheet.querySelector("template")) Sheet(sheet);
  });
})();
