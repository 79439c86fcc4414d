"""Times of the commands, as ratios within one run. Never a test: a slow day is no fault.

python tests/bench.py                the times
python tests/bench.py --links        the times of reading links alone, beside another checker's
python tests/bench.py --fuzz 5       spoiled pages for 5 minutes, and properties on many more texts
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import fuzz, large, webs  # noqa: E402

RUNS = 5
#: As many pages as a center is meant to have.
LARGE = 70
#: Pages of the sites whose links are read, and how often: the median counts.
WEBS = (100, 1_000, 5_000)
WEB_RUNS = 5


def one_core() -> None:
    """Leave this process and those it begins one core, where the system can: so pages are read in one process."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def seconds(command: list[str], folder: Path, before: Callable[[], None] | None = None) -> float:
    """Median time of a command, one run before the first left out. Findings are no fault here."""
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=folder,
            check=False,
            capture_output=True,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
            preexec_fn=before,
        )
        if done.returncode not in ((0, 1) if "scripts/validate.py" in command else (0,)):
            raise SystemExit(f"bench: {command} exits {done.returncode}: {done.stderr.decode()}")
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def stock(folder: Path) -> Path:
    """The same pages for stock Material: our extensions and templates left out."""
    shutil.copytree(ROOT / "docs" / "en", folder / "docs")
    # What only our extensions or theme folder understand would stop a strict build; it stays as text.
    (folder / "mkdocs.yml").write_text(
        "site_name: Stock\ntheme: {name: material, font: false, features: [navigation.indexes, navigation.prune]}\n"
        "markdown_extensions: [attr_list, tables, toc]\nplugins: [search]\n",
        encoding="utf-8",
    )
    return folder


def long_fuzz(minutes: float) -> int:
    """Half of the time for spoiled pages, and the properties with many more examples; returns the exit code."""
    fuzz.main(minutes / 2)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/test_properties.py"],
        cwd=ROOT,
        env=os.environ | {"FUZZ_EXAMPLES": str(int(minutes * 400))},
        check=False,
    )
    return done.returncode


def memory(process: int) -> int:
    """Bytes that a process and those it began hold now, what they share counted once. 0 where nobody says it."""
    total, left = 0, [process]
    while left:
        one = Path("/proc") / str(left.pop())
        try:
            held = re.search(r"^Pss:\s+(\d+) kB", (one / "smaps_rollup").read_text(), re.M)
            total += int(held[1]) * 1024 if held else 0
            left += map(int, (one / "task" / one.name / "children").read_text().split())
        except OSError:
            continue
    return total


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds and mebibytes of a command: the median time, and the most that it and its processes held at once."""
    taken, most = [], 0
    for number in range(WEB_RUNS + 1):
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            # Asking takes time, so it is done in the run that is left out.
            while number == 0 and running.poll() is None:
                most = max(most, memory(running.pid))
                time.sleep(0.01)
            if running.wait():
                raise SystemExit(f"bench: {command} exits {running.returncode}")
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:]), most / (1 << 20)


def links() -> None:
    """Read the links of sites of three sizes, as lychee does too, and print both."""
    ours = [sys.executable, "scripts/validate.py", "--links"]
    lychee = [str(Path(sys.executable).parent / "lychee"), "--offline", "--include-fragments", "--no-progress"]
    print(f"reading links, {webs.LINKS} on each page of {webs.SIZE // 1000} KB; median of {WEB_RUNS} runs")
    print(f"{'pages':>8}{'ours':>12}{'lychee':>12}{'ratio':>8}{'ours':>12}{'lychee':>12}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as made:
        for pages in WEBS:
            site = Path(made) / str(pages)
            webs.write(site, pages)
            other = [*lychee, "--index-files", "index.html", "--root-dir", str(site), str(site)]
            (time_1, held_1), (time_2, held_2) = measured([*ours, str(site)]), measured(other)
            times = f"{time_1:10.2f} s{time_2:10.2f} s{time_1 / time_2:8.2f}"
            held = f"{held_1:8.0f} MiB{held_2:8.0f} MiB{held_1 / held_2 if held_2 else 0:8.2f}"
            print(f"{pages:8}{times}{held}")


def main(given: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure times, or look for texts that the checks cannot take.")
    parser.add_argument("--fuzz", type=float, metavar="MINUTES", help="look for such texts for about so long instead")
    parser.add_argument("--links", action="store_true", help="measure the reading of links alone")
    options = parser.parse_args(given)
    if options.fuzz:
        return long_fuzz(options.fuzz)
    if options.links:
        links()
        return 0
    python = sys.executable
    with tempfile.TemporaryDirectory() as made:
        plain = stock(Path(made) / "stock")
        pages = len(list((ROOT / "docs" / "en").rglob("*.md")))
        rows = {
            "stock Material, same pages": seconds([python, "-m", "mkdocs", "build", "-d", f"{made}/a"], plain),
            "our site, MkDocs alone": seconds([python, "-m", "mkdocs", "build", "-d", f"{made}/b"], ROOT),
            "check the pages": seconds([python, "scripts/validate.py"], ROOT),
            "make site (two sites, checks, zip)": seconds([python, "scripts/build.py"], ROOT),
        }
        center = Path(made) / "large"
        count = large.write(center, LARGE)
        offline, hosted = large.build(center)
        check = [python, "scripts/validate.py", "--root", str(center)]
        rows |= {
            f"check {count} pages": seconds(check, ROOT),
            f"check {count} pages on one core": seconds(check, ROOT, one_core),
            f"check {count} pages and both sites": seconds(
                [*check, "--site", str(offline), "--site", str(hosted)], ROOT
            ),
        }
    base = next(iter(rows.values()))
    print(f"{pages} pages, median of {RUNS} runs; ratio to {next(iter(rows))}")
    for name, value in rows.items():
        print(f"{name:38}{value:8.2f} s{value / base:8.2f}")
    links()
    return 0


if __name__ == "__main__":
    sys.exit(main())
