"""lstmc check --watch: a real process, whose files change under it."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

FINE = "nodes: [{id: a, start: true, accept: true}]\nedges: [{source: a, target: a, symbol: x}]\n"
BAD = FINE.replace("target: a", "target: b")
PATIENCE = 60.0  # seconds, on a machine that has much else to do


class Watching:
    """A running `lstmc check --watch`, line by line."""

    def __init__(self, *arguments: str) -> None:
        from terminal import hears_ctrl_c

        self.process = subprocess.Popen(
            [sys.executable, "-m", "lstmc", "check", "--watch", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=hears_ctrl_c,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def next(self) -> str:
        return self.lines.get(timeout=PATIENCE)

    def end(self) -> int:
        """Ctrl-C; the exit code."""
        time.sleep(0.3)  # after a result, the command goes to sleep
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        assert self.lines.empty(), self.lines.get()
        return code


@pytest.fixture
def watching(folder: Path) -> Iterator[type[Watching]]:
    pytest.importorskip("pty", reason="signals and pseudo-terminals are a thing of Unix")
    started = []

    def start(*arguments: str) -> Watching:
        started.append(Watching(*arguments))
        return started[-1]

    yield start  # type: ignore[misc]
    for each in started:
        each.process.kill()
        each.process.wait()


def test_a_file_is_checked_again_whenever_it_changes(watching, folder):
    file = folder / "mine.yaml"
    file.write_text(BAD, "utf-8")
    running = watching("mine.yaml", "reber", "--output-format", "concise")
    assert running.next() == "mine.yaml:2:29: error[G003]: state 'b' is used but never defined"
    file.write_text(f"# more\n{BAD}", "utf-8")
    assert running.next().startswith("mine.yaml:3:29: ")
    beside = folder / "mine.yaml.new"  # as editors save: a new file takes the place of the old one
    beside.write_text(f"# even\n# more\n{BAD}", "utf-8")
    os.replace(beside, file)
    assert running.next().startswith("mine.yaml:4:29: ")
    file.unlink()
    assert running.next() == "error: mine.yaml: cannot be read: No such file or directory"
    assert running.next().startswith("help: ")
    file.write_text(BAD, "utf-8")
    assert running.next().startswith("mine.yaml:2:29: ")
    assert running.end() == 1


def test_ctrl_c_ends_with_the_code_of_the_last_check(watching, folder):
    file = folder / "mine.yaml"
    file.write_text(BAD, "utf-8")
    running = watching("mine.yaml", "embedded-reber")
    assert "error[G003]" in running.next()
    while not running.next().startswith("embedded-reber: fine"):
        pass
    file.write_text(FINE, "utf-8")
    assert running.next().startswith("mine.yaml: fine")
    assert running.next().startswith("embedded-reber: fine")
    assert running.end() == 0


def test_nothing_is_printed_while_nothing_changes(watching, folder):
    (folder / "mine.yaml").write_text(FINE, "utf-8")
    running = watching("mine.yaml")
    assert running.next().startswith("mine.yaml: fine")
    time.sleep(1)
    assert running.lines.empty()
    assert running.end() == 0


@pytest.mark.slow
def test_a_person_sees_a_clean_screen_and_what_is_awaited(folder):
    pytest.importorskip("pty", reason="signals and pseudo-terminals are a thing of Unix")
    from terminal import in_terminal

    (folder / "mine.yaml").write_text(FINE, "utf-8")
    before = """
import lstmc.cli.progress as progress
import lstmc.cli.watch as watch
progress.PATIENCE = 1000  # no bar, however slow the machine
def look(seconds, looks=[]):
    looks.append(seconds)
    if len(looks) == 2:
        open("mine.yaml", "a").write("# changed\\n")
    if len(looks) == 5:
        raise KeyboardInterrupt
watch.time.sleep = look
"""
    code, shown = in_terminal("check", "--watch", "mine.yaml", before=before)
    assert code == 0
    screens = shown.split("\x1b[2J\x1b[1;1H")
    assert screens[0] == ""
    assert len(screens) == 3
    for screen in screens[1:]:
        assert (
            re.sub(", digest [0-9a-f]{16}", "", screen.strip())
            == "mine.yaml: fine\n\nwaiting for a change of mine.yaml (Ctrl-C ends)"
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mine.yaml", "--output-format", "sarif"], "SARIF is one document"),
        (["dyck", "embedded-reber"], "no file to watch: plugins make dyck, embedded-reber"),
    ],
)
def test_what_cannot_be_watched(cli, arguments, message):
    outcome = cli("check", "--watch", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
