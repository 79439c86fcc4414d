"""Two small servers: a static host like GitHub Pages, and a proxy that records whatever leaves the machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

#: What Firefox asks its makers by itself, by exact host: no page of ours can cause or stop it.
_FIREFOX_OWN = {"firefox.settings.services.mozilla.com:443"}


class _Pages(SimpleHTTPRequestHandler):
    """Serves a folder below a sub-path; what is missing gets the site's 404 page, as GitHub Pages does."""

    def __init__(self, *args: Any, below: str, directory: str) -> None:
        self.below, self.root = below, Path(directory)
        super().__init__(*args, directory=directory)

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.below):
            return str(self.root / "no such file")
        return super().translate_path("/" + path.removeprefix(self.below))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = (self.root / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class's name)
        pass


@contextmanager
def _running(handler: Any) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def pages(folder: Path, below: str = "/") -> Iterator[str]:
    """Serve a built site below a sub-path; gives its address."""
    with _running(partial(_Pages, below=below, directory=str(folder))) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}{below}"


@contextmanager
def recorder() -> Iterator[tuple[str, list[str]]]:
    """A proxy that answers nothing and writes down what was asked of it: its address and the list."""
    asked: list[str] = []

    class _Recorder(BaseHTTPRequestHandler):
        def _record(self) -> None:
            if self.path not in _FIREFOX_OWN:
                asked.append(self.path)
            self.send_response(502)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_HEAD = do_CONNECT = do_OPTIONS = _record

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with _running(_Recorder) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
