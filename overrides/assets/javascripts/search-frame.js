/* Inside the hidden frame: what a worker's script expects of the world around it. See iframe-worker.js. */
(function () {
  "use strict";
  if (location.protocol !== "file:" || parent === window) return;

  // Only the theme's own workers, beside this script: an address is never trusted as it stands.
  var name = /\/workers\/(search\.[0-9a-f]+\.min\.js)$/.exec(decodeURIComponent(location.search.slice(1)));
  if (!name) return;
  var base = new URL("workers/", document.currentScript.src);

  function load(url) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = new URL(url, base);
      script.onload = done;
      script.onerror = failed;
      document.head.appendChild(script);
    });
  }

  // The worker looks into "parent", which one file may not do to another. A worker has none.
  var host = window.parent;
  window.parent = undefined;
  // A worker's postMessage takes one argument. With two it is the page above that calls: where a browser
  // takes all files for one origin, it reaches this very function.
  var receive = window.postMessage;
  window.postMessage = function (message, target) {
    if (arguments.length > 1) receive.call(window, message, target);
    else host.postMessage(message, "*");
  };
  window.importScripts = function () {
    return Array.prototype.reduce.call(
      arguments,
      function (before, url) {
        return before.then(function () {
          return load(url);
        });
      },
      Promise.resolve()
    );
  };
  load(name[1]);
})();
