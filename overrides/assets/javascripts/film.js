/* A film (center.markdown.film): it moves when the reader asks, and can be gone through step by step.
 *
 * How its parts move stands in the picture, in <animate begin="indefinite">, which no browser starts by itself. We
 * draw each moment ourselves from these, as attributes: so one clock moves all parts, a moment looks the same however
 * it was reached, and the still picture is what was there before. Between two values a part starts and stops softly,
 * but for calcMode="linear". Nothing moves before it is asked to; where motion is unwelcome, there are steps alone.
 */
(function () {
  "use strict";
  var center = window.center;
  if (!center) return;
  var make = center.make;
  var words = center.words;
  var calm = matchMedia("(prefers-reduced-motion: reduce)");
  var NUMBER = /-?\d*\.?\d+(?:e-?\d+)?/gi;

  function numbers(text) {
    return text.match(NUMBER).map(Number);
  }

  /** A part of the picture and one of its attributes: a function that draws it at a share of the film, or as it was. */
  function track(animate) {
    var part = animate.parentNode;
    var name = animate.getAttribute("attributeName");
    var values = animate.getAttribute("values").split(";");
    var between = values[0].trim().split(NUMBER);
    var times = numbers(animate.getAttribute("keyTimes"));
    var linear = animate.getAttribute("calcMode") === "linear";
    var still = part.getAttribute(name);
    values = values.map(numbers);
    return function (share) {
      if (share === null) {
        if (still === null) part.removeAttribute(name);
        else part.setAttribute(name, still);
        return;
      }
      var at = 1;
      while (at < times.length - 1 && times[at] < share) at++;
      var way = (share - times[at - 1]) / (times[at] - times[at - 1] || 1);
      if (!linear) way = way * way * (3 - 2 * way);
      var drawn = between[0];
      values[at].forEach(function (value, i) {
        var before = values[at - 1][i];
        drawn += Math.round((before + (value - before) * way) * 1000) / 1000 + between[i + 1];
      });
      part.setAttribute(name, drawn);
    };
  }

  document.querySelectorAll(".film").forEach(function (film) {
    var tracks = Array.from(film.querySelectorAll("animate")).map(track);
    var items = Array.from(film.querySelectorAll(".film__steps > li"));
    var seconds = Number(film.dataset.seconds);
    var moment = null; // in seconds; null while it is the still picture
    var frame = 0; // of the browser, while it plays
    var said = make("p", { role: "status", class: "film__said" });

    function show(when) {
      tracks.forEach(function (draw) {
        draw(when === null ? null : when / seconds);
      });
    }

    /** The step that a moment belongs to: the last one that has begun; -1 for the still picture. */
    function step() {
      return moment === null ? -1 : items.reduce(function (found, item, i) {
        return Number(item.dataset.from) <= moment ? i : found;
      }, 0);
    }

    function draw() {
      var now = step();
      show(moment);
      items.forEach(function (item, i) {
        if (i === now) item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
      });
      film.dataset.moment = moment === null ? "" : moment.toFixed(3);
    }

    function pause() {
      cancelAnimationFrame(frame);
      frame = 0;
      play.textContent = words("film_play");
    }

    function start() {
      var last = null;
      moment = moment || 0;
      said.textContent = "";
      play.textContent = words("film_pause");
      frame = requestAnimationFrame(function next(time) {
        // A page that was out of sight goes on from where it was.
        moment = (moment + (last === null ? 0 : Math.min(time - last, 100)) / 1000) % seconds;
        last = time;
        draw();
        frame = requestAnimationFrame(next);
      });
    }

    function go(by) {
      var now = step();
      var to = now < 0 && by < 0 ? items.length - 1 : (now + by + items.length) % items.length;
      pause();
      moment = Number(items[to].dataset.at);
      draw();
      said.textContent = words("film_step", { number: to + 1, count: items.length, text: items[to].textContent });
    }

    var play = make("button", { type: "button", class: "md-button", click: function () {
      if (frame) pause();
      else start();
    } }, words("film_play"));
    var controls = make("div", { class: "film__controls", role: "group" }, [
      play,
      make("button", { type: "button", class: "md-button", click: function () { go(-1); } }, words("film_previous")),
      make("button", { type: "button", class: "md-button", click: function () { go(1); } }, words("film_next"))
    ]);
    controls.setAttribute("aria-labelledby", film.querySelector(".film__title").id);

    function calmed() {
      if (calm.matches) pause();
      play.hidden = calm.matches;
    }
    calmed();
    calm.addEventListener("change", calmed);
    film.querySelector(".film__scene").after(controls, said);

    // On paper stands the still picture.
    addEventListener("beforeprint", function () {
      pause();
      show(null);
    });
    addEventListener("afterprint", function () {
      show(moment);
    });
  });
})();
