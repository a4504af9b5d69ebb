"""A pseudo-terminal of 80 columns, in which a command takes its visitor for a person."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios

COLUMNS = 80
NO_BAR = "import lstmc.cli.progress as progress; progress.PATIENCE = 3600.0"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")


def in_terminal(*arguments: str, before: str = "", **environment: str) -> tuple[int, str]:
    """Exit code and all that appears, with its escape sequences; `before` is Python that runs first.

    No bar of progress appears, however slow the machine is, unless `before` lets it.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    code = f"{NO_BAR}\n{before}\nfrom lstmc.cli import main\nmain({list(arguments)!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=kept | {"TERM": "xterm-256color"} | environment,
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(ours)
    return process.wait(), shown.decode().replace("\r\n", "\n")


def plain(shown: str) -> str:
    return ESCAPES.sub("", shown)


def hears_ctrl_c() -> None:
    """For a new process, before it runs: what was started in the background is deaf to Ctrl-C, and passes that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
