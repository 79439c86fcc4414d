/* What every page needs for the reader's own sheets: the store on this device, and the list of questions.
 *
 * Nothing is sent anywhere. One record is one key of localStorage, "center/sheet/record", so that two tabs that
 * write two records never meet; within a record only the fields that were changed are written. A browser that
 * refuses to keep anything is told of, and all works until the page is closed.
 */
(function () {
  "use strict";
  var home = document.getElementById("center-data");
  if (!home) return;
  var tools = document.getElementById("tool-data");
  var told = Object.assign(JSON.parse(home.dataset.words), tools && JSON.parse(tools.dataset.words));
  var prefix = home.dataset.name + "/";
  var listeners = [];
  var memory = {}; // what the browser would not keep
  var trouble = ""; // "blocked" or "full"

  /** A text of the page, its {names} filled in. */
  function words(key, values) {
    return (told[key] || key).replace(/\{(\w+)\}/g, function (whole, name) {
      return values && name in values ? values[name] : whole;
    });
  }

  /** An element. What a person typed only ever becomes text. */
  function make(tag, attributes, children) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value != null) element.setAttribute(name, value);
    });
    [].concat(children == null ? [] : children).forEach(function (child) {
      element.append(child);
    });
    return element;
  }

  var status = make("p", { role: "status", class: "center-said" });
  var warning = make("p", { role: "alert", class: "center-warning" });
  var saying;

  /** Says something to the eye and to a screen reader; the last word of a burst is enough. */
  function say(text) {
    clearTimeout(saying);
    saying = setTimeout(function () {
      status.textContent = text;
      saying = setTimeout(function () {
        status.textContent = "";
      }, 6000);
    }, 400);
  }

  function fail(why) {
    trouble = why;
    warning.textContent = words(why);
  }

  function box() {
    try {
      return window.localStorage;
    } catch (error) {
      return null; // blocked: even asking for it may raise
    }
  }

  function usable(record) {
    return Boolean(
      record && typeof record === "object" && typeof record.at === "number" && record.is &&
        typeof record.is === "object" && !Array.isArray(record.is)
    );
  }

  function read(key) {
    if (key in memory) return memory[key];
    var kept = box();
    try {
      var record = kept && JSON.parse(kept.getItem(prefix + key));
      return usable(record) ? record : null;
    } catch (error) {
      return null; // not ours, or damaged: left as it is
    }
  }

  function write(key, record) {
    try {
      var kept = box();
      if (!kept) throw new Error("blocked");
      if (record) kept.setItem(prefix + key, JSON.stringify(record));
      else kept.removeItem(prefix + key);
      delete memory[key];
      if (trouble && !Object.keys(memory).length) fail(""); // there is room again, and all is kept
    } catch (error) {
      memory[key] = record;
      fail(box() && error.name !== "SecurityError" ? "full" : "blocked");
    }
  }

  function keys() {
    var found = {};
    var kept = box();
    try {
      for (var i = 0; kept && i < kept.length; i++) {
        var key = kept.key(i);
        if (key.indexOf(prefix) === 0) found[key.slice(prefix.length)] = true;
      }
    } catch (error) {
      fail("blocked");
    }
    Object.keys(memory).forEach(function (key) {
      if (memory[key]) found[key] = true;
      else delete found[key];
    });
    return Object.keys(found);
  }

  function changed(key) {
    var parts = (key || "").split("/");
    listeners.forEach(function (listener) {
      listener(parts[0], parts.slice(1).join("/"));
    });
  }

  var store = {
    /** Why nothing is kept: "", "blocked" or "full". */
    trouble: function () {
      return trouble;
    },
    get: function (sheet, id) {
      var record = read(sheet + "/" + id);
      return record && record.is;
    },
    /** All records of a sheet, in no order: their ids, fields and times. */
    all: function (sheet) {
      return keys().reduce(function (found, key) {
        if (key.indexOf(sheet + "/") !== 0) return found;
        var record = read(key);
        if (record) found.push({ id: key.slice(sheet.length + 1), is: record.is, at: record.at });
        return found;
      }, []);
    },
    /** Changes these fields of a record and leaves the others as another tab may have written them. */
    change: function (sheet, id, fields) {
      var is = Object.assign({}, store.get(sheet, id), fields);
      Object.keys(is).forEach(function (name) {
        if (is[name] === null || is[name] === "") delete is[name];
      });
      write(sheet + "/" + id, Object.keys(is).length ? { at: Date.now(), is: is } : null);
      changed(sheet + "/" + id);
      if (!trouble) say(words("saved"));
    },
    /** Takes a record away, and returns what brings it back. */
    remove: function (sheet, id) {
      var key = sheet + "/" + id;
      var record = read(key);
      write(key, null);
      changed(key);
      return function () {
        write(key, record);
        changed(key);
      };
    },
    /** Everything there is, by key. */
    dump: function () {
      return keys().reduce(function (found, key) {
        var record = read(key);
        if (record) found[key] = record;
        return found;
      }, {});
    },
    /** Brings in records that were checked; of two of one key the later one stays. Returns how many came in. */
    merge: function (records) {
      var count = Object.keys(records).filter(function (key) {
        var own = read(key);
        if (own && own.at >= records[key].at) return false;
        write(key, records[key]);
        return true;
      }).length;
      changed("");
      return count;
    },
    clear: function () {
      keys().forEach(function (key) {
        write(key, null);
      });
      changed("");
    },
    /** Calls back with the sheet and the record that changed, here or in another tab; with "" for all. */
    listen: function (listener) {
      listeners.push(listener);
    },
    usable: usable
  };

  addEventListener("storage", function (event) {
    if (event.key === null) changed("");
    else if (event.key.indexOf(prefix) === 0) changed(event.key.slice(prefix.length));
  });

  // A page that a browser brings back as it was may have missed a change.
  addEventListener("pageshow", function (event) {
    if (event.persisted) changed("");
  });

  window.center = { name: home.dataset.name, words: words, make: make, say: say, store: store };

  // The questions of this page, and how many the reader has.

  function place() {
    return store.all("questions").reduce(function (most, record) {
      return Math.max(most, record.is.place || 0);
    }, 0) + 1;
  }

  function button(item, id) {
    var text = item.dataset.ask;
    var press = make("button", { type: "button", class: "add-question md-button" });
    press.addEventListener("click", function () {
      if (store.get("questions", id)) store.remove("questions", id);
      else store.change("questions", id, { text: text, place: place() });
    });
    function show() {
      var chosen = Boolean(store.get("questions", id));
      press.textContent = words(chosen ? "added" : "add");
      press.setAttribute("aria-pressed", String(chosen));
      press.setAttribute("aria-label", press.textContent + ": " + text);
    }
    show();
    store.listen(function (sheet) {
      if (!sheet || sheet === "questions") show();
    });
    item.append(" ", press);
  }

  function count() {
    var header = document.querySelector(".md-header__inner");
    if (!header) return;
    var link = make("a", { class: "my-count md-header__button", href: home.dataset.questions });
    function show() {
      var number = store.all("questions").length;
      link.hidden = !number;
      link.textContent = words("count", { count: number });
    }
    show();
    store.listen(show);
    header.insertBefore(link, header.querySelector("[data-md-component='search']"));
  }

  // Search from the start page opens the theme's own: sent as a form, the words would stand in an address that the
  // host of the site sees.
  function search() {
    var form = document.querySelector(".home-search");
    var field = document.querySelector("[data-md-component='search-query']");
    var toggle = document.querySelector("[data-md-toggle='search']");
    var dialog = document.querySelector(".md-search");
    if (dialog) dialog.setAttribute("aria-label", words("search")); // the theme leaves its dialog without a name
    if (!form || !field || !toggle) return;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      toggle.checked = true;
      toggle.dispatchEvent(new Event("change"));
      field.value = form.elements.q.value;
      field.focus();
      field.dispatchEvent(new Event("keyup"));
    });
  }

  // The browser's own bars follow the colors that the reader chose, not only those of the device.
  function bars() {
    var colors = document.querySelectorAll("meta[name='theme-color'][data-scheme]");
    function follow() {
      var scheme = document.body.dataset.mdColorScheme === "slate" ? "dark" : "light";
      colors.forEach(function (color) {
        color.media = color.dataset.scheme === scheme ? "all" : "not all";
      });
    }
    follow();
    new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }

  bars();
  search();
  document.body.append(warning, status);
  count();
  document.querySelectorAll("[data-question]").forEach(function (item) {
    button(item, item.dataset.question);
  });
  if (document.querySelector("[data-question], .sheet") && !box()) fail("blocked");
})();
