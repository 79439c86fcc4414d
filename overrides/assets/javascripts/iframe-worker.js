/* Lets the theme's search run in the offline copy, where a browser refuses a worker from file://.
 *
 * The worker's script runs in a hidden frame instead (search-frame.html), and messages go both ways. No
 * inline script is written, so a strict content security policy holds. Over http(s) nothing is changed.
 */
(function () {
  "use strict";
  if (location.protocol !== "file:") return;

  var own = document.currentScript.src;

  function FrameWorker(url) {
    var worker = document.createElement("span"); // any event target will do
    var frame = document.createElement("iframe");
    var waiting = [];
    frame.hidden = true;
    frame.title = "";
    frame.setAttribute("aria-hidden", "true");
    frame.tabIndex = -1;
    frame.src = new URL("search-frame.html", own) + "?" + encodeURIComponent(new URL(url, location.href).href);
    frame.addEventListener("load", function () {
      var queue = waiting;
      waiting = null;
      queue.forEach(worker.postMessage);
    });
    worker.postMessage = function (message) {
      // Every file has an origin of its own, so none can be named; the frame is ours and local.
      if (waiting) waiting.push(message);
      else frame.contentWindow.postMessage(message, "*");
    };
    worker.terminate = function () {
      frame.remove();
    };
    addEventListener("message", function (event) {
      if (event.source !== frame.contentWindow) return;
      worker.dispatchEvent(new MessageEvent("message", { data: event.data }));
    });
    document.body.appendChild(frame);
    return worker;
  }

  window.Worker = FrameWorker;
})();
