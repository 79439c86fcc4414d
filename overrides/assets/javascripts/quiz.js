/* Questions to answer for oneself: a choice shows at once what fits best, and why. Nothing is kept or counted.
 *
 * The right choice and its reasons are read from the page's own answers, which stay where they are.
 */
(function () {
  "use strict";
  var center = window.center;
  if (!center) return;
  var make = center.make;

  /** What stands below a heading, up to the next one. */
  function below(heading) {
    var found = [];
    var next = heading.nextElementSibling;
    for (; next && /^(P|UL|OL)$/.test(next.tagName); next = next.nextElementSibling) found.push(next);
    return found;
  }

  function copy(element) {
    var made = element.cloneNode(true);
    made.querySelectorAll("[id]").forEach(function (one) {
      one.removeAttribute("id");
    });
    return made;
  }

  document.querySelectorAll(".choices").forEach(function (heading) {
    var list = heading.nextElementSibling;
    var more = list && list.nextElementSibling;
    var link = more && more.querySelector("a[href^='#']");
    var answer = link && document.getElementById(link.hash.slice(1));
    var number = answer && answer.nextElementSibling.querySelector("strong");
    if (!number) return;
    var right = parseInt(number.textContent, 10) - 1;
    var said = make("div", { role: "status" });
    var why = make("div");
    var told = make("div", { class: "quiz__told" }, [said, why]);
    Array.from(list.children).forEach(function (item, at) {
      var mark = make("input", { type: "radio", name: heading.id, autocomplete: "off", change: function () {
        var parts = below(answer).map(copy);
        said.textContent = why.textContent = "";
        said.append(make("p", {}, make("strong", {}, center.words(at === right ? "quiz_right" : "quiz_other"))), parts.shift());
        parts.forEach(function (part) {
          why.append(part);
        });
      } });
      var text = make("span", {}, Array.from(item.childNodes));
      item.append(make("label", { class: "sheet__choice" }, [mark, text]));
    });
    var self = heading.querySelector(".headerlink");
    if (self) self.remove(); // else a part of the name of the group
    var box = make("fieldset", { class: "quiz" });
    heading.before(box);
    box.append(make("legend", {}, heading), list, told, more);
  });
})();
