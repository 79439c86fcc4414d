"""Work that is shared among processes: the same results and errors as without, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from center import center, parallel, run
from center.finding import DataError
from center.parallel import spread

ROOT = Path(__file__).resolve().parents[1]
HERE = os.getpid()


def place(number: int) -> tuple[int, int]:
    """An item, and where it was worked on."""
    return number, os.getpid()


def refuse(number: int) -> int:
    if number in (7, 12):
        raise DataError("a.yml", number, "this must be mended", column=3)
    return number


def die_elsewhere(number: int) -> int:
    if os.getpid() != HERE:
        os._exit(9)
    return number


def unsendable(number: int) -> Callable[[], int]:
    return lambda: number


def nested(number: int) -> list[tuple[int, int]]:
    return spread(place, range(number), least=1)


pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three cores, whatever the machine has, and no servers of other tests; afterward every process is gone."""
    monkeypatch.setattr(parallel, "_cores", lambda: 3)
    with monkeypatch.context() as alone:
        alone.setattr(threading, "active_count", lambda: 1)
        yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 15, 16, 17, 50])
def test_results_are_in_order(count: int) -> None:
    assert [number for number, _ in spread(place, range(count))] == list(range(count))
    assert [number for number, _ in spread(place, range(count), least=1)] == list(range(count))


@pytest.mark.parametrize(("count", "processes"), [(1, 1), (15, 1), (16, 2), (31, 2), (32, 3), (999, 3)])
def test_few_items_are_not_worth_a_process(count: int, processes: int) -> None:
    assert len({where for _, where in spread(place, range(count))}) == processes


def test_one_core_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_cores", lambda: 1)
    assert {where for _, where in spread(place, range(99))} == {os.getpid()}


def test_a_process_begun_beside_threads_could_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert {where for _, where in spread(place, range(99))} == {os.getpid()}


def test_a_share_is_not_shared_again() -> None:
    assert [len({where for _, where in each}) for each in spread(nested, [9, 9, 9], least=1)] == [3, 1, 1]


def test_the_error_is_the_one_that_comes_first_without_processes() -> None:
    with pytest.raises(DataError, match=r"^a\.yml:7:3: this must be mended$") as found:
        spread(refuse, range(20), least=1)
    assert (found.value.line, found.value.column, found.value.__context__) == (7, 3, None)


@pytest.mark.parametrize("work", [die_elsewhere, partial(unsendable)])
def test_what_a_process_cannot_do_is_done_here(work: Callable[[int], Any]) -> None:
    made = spread(work, range(40))
    assert [one() if callable(one) else one for one in made] == list(range(40))


def test_an_error_is_the_same_in_another_process() -> None:
    error = DataError("a/b.yml", 7, "this must be mended", column=3)
    sent = pickle.loads(pickle.dumps(error))
    assert (str(sent), vars(sent)) == (str(error), vars(error))


def test_a_center_is_read_and_checked_alike_in_any_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no fact is one that cannot be sent: that would be done once more, unsaid and slowly."""
    pages = ROOT / "tests/pages"
    settings = center.settings(pages)
    sent, divided = list[int](), parallel._divided

    def counted(*given: Any) -> list[Any]:
        made: list[Any] = divided(*given)
        sent.append(len(made))
        return made

    monkeypatch.setattr(parallel, "_divided", counted)
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(parallel, "_cores", lambda cores=cores: cores)
        whole = center.read(pages, settings)
        outcome = run.check_sources(whole, settings, date(2026, 11, 22))
        # A set that was sent may print in another order.
        said = re.sub(r"frozenset\(\{(.*?)\}\)", lambda m: str(sorted(m[1].split(", "))), repr(whole.pages))
        found.append((outcome, said, [(p.text, p.prose, p.silences) for p in whole.pages]))
    assert found[0] == found[1]
    assert sent == [len(whole.pages)] * 2
    assert len(found[0][0].findings) > 100


_COMMAND = """
import os, sys, time
from center import parallel
parallel._cores = lambda: 3
def slow(number):
    os.write(1, b"%d\\n" % os.getpid())  # in one piece: three write at once
    time.sleep(60)
if __name__ == "__main__":
    parallel.spread(slow, range(30), least=1)
"""


def alive(process: int) -> bool:
    """Whether a process is there, if only as a zombie."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_ends_every_process(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(_COMMAND, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "slow.py")],
        env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    begun = {int(process.stdout.readline()) for _ in range(3)}
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, said = process.communicate(timeout=30)
    assert process.pid in begun
    assert len(begun) == 3
    assert not any(map(alive, begun))
    assert said.count("KeyboardInterrupt") == 1


def test_processes_that_begin_anew_do_the_same(tmp_path: Path) -> None:
    """As on a machine that cannot fork."""
    command = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "scripts")!r}]
from center import parallel
from tests.test_parallel import place, refuse
if __name__ == "__main__":
    parallel._cores = lambda: 3
    sys.platform = "darwin"
    done = parallel.spread(place, range(40))
    print([number for number, _ in done] == list(range(40)), len({{where for _, where in done}}))
    try:
        parallel.spread(refuse, range(40))
    except ValueError as error:
        print(error)
"""
    (tmp_path / "anew.py").write_text(command, encoding="utf-8")
    done = subprocess.run([sys.executable, str(tmp_path / "anew.py")], capture_output=True, text=True, check=True)
    assert done.stdout == "True 3\na.yml:7:3: this must be mended\n"
    assert done.stderr == ""
