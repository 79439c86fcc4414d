/* A sheet that shows what stands on others: the reader's first questions, each with room for the answer, and what the
 * diary and the numbers said last. What was written into the sheet itself stays.
 */
(function () {
  "use strict";
  var center = window.center;
  if (!center || !center.form) return;
  var make = center.make;
  var store = center.store;
  var asked = [];
  var count = 0;

  function open() {
    return store.all("questions").filter(function (question) {
      return !question.is.done;
    }).sort(function (a, b) {
      return (a.is.place || 0) - (b.is.place || 0);
    });
  }

  function ask(box, place) {
    var id = "asked-" + place;
    var label = make("label", { for: id });
    var answer = make("textarea", { id: id, rows: "3" });
    var field = make("div", { class: "sheet__field sheet__field--text", hidden: true }, [label, answer]);
    var own = box.querySelector("input, textarea");
    var question = null;
    answer.addEventListener("input", function () {
      store.change("questions", question.id, { answer: answer.value });
    });
    box.after(field);
    return function (questions) {
      question = questions[place];
      field.hidden = !question;
      box.hidden = Boolean(question) && !own.value;
      if (!question) return;
      label.textContent = question.is.text;
      if (document.activeElement !== answer) answer.value = question.is.answer || "";
    };
  }

  function quote(box, name) {
    var text = make("p", { class: "sheet__from" });
    box.querySelector("label").after(text);
    return function () {
      text.textContent = (store.get("summary", name) || {}).text || "";
    };
  }

  document.querySelectorAll("[data-from]").forEach(function (box) {
    if (box.dataset.from === "questions") asked.push(ask(box, count++));
    else asked.push(quote(box, box.dataset.from));
  });
  if (!asked.length) return;

  function show() {
    var questions = open();
    asked.forEach(function (one) {
      one(questions);
    });
  }
  show();
  store.listen(show);
})();
