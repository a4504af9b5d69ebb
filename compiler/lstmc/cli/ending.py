"""How a command ends: what is told on standard error, and the exit code.

0 fine · 1 findings · 2 usage · 3 file or input · 4 a limit · 5 a plugin · 70 our bug · 130 interrupted · 141 the reader
of our output has gone
"""

import errno
import os
import signal
import sys
import threading
import traceback
from typing import Any, NoReturn, TextIO

import click

from lstmc.cli.output import note, paint
from lstmc.errors import LstmcError
from lstmc.visible import visible

USAGE, FILE_OR_INPUT, LIMIT, BUG, INTERRUPTED, READER_GONE = 2, 3, 4, 70, 130, 141

TRACEBACK = "LSTMC_TRACEBACK"  # set in the environment: show where an error comes from


_interrupts: list[int] = []  # signals since the command began


def hear_interrupts() -> None:
    """From now on remember Ctrl-C: on its way up a library may make another error of it, as numpy's comparisons do."""
    _interrupts.clear()
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _interrupted)


def _interrupted(number: int, frame: Any) -> NoReturn:
    _interrupts.append(number)
    raise KeyboardInterrupt


def tell_and_code(error: BaseException) -> int:
    """Tell the error on standard error, as far as there is something to tell; the exit code that belongs to it."""
    if _interrupts:
        error = KeyboardInterrupt()
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else BUG
    if isinstance(error, BrokenPipeError):
        _discard(sys.stdout)
        return READER_GONE
    message, help, code = _explain(error)
    _tell_traceback(error)
    tell(message, help)
    return code


def _tell_traceback(error: BaseException) -> None:
    if os.environ.get(TRACEBACK):
        note("".join(traceback.format_exception(error)).rstrip())


def _explain(error: BaseException) -> tuple[str, str, int]:
    """What to say, what to do about it, and the exit code."""
    if isinstance(error, LstmcError):
        return _text(error), error.help, error.exit_code
    if isinstance(error, click.ClickException):
        return *_usage(error), error.exit_code
    if isinstance(error, KeyboardInterrupt | EOFError | click.Abort):
        return "error: interrupted", "", INTERRUPTED
    if isinstance(error, OSError):
        return f"error: {_os_error(error)}", "check the file, its permissions and the space left", FILE_OR_INPUT
    if isinstance(error, MemoryError):
        return "error: not enough memory", "a smaller grammar, a shorter string or another -O needs less", LIMIT
    name = type(error).__name__
    return f"error: a bug in lstmc: {name}: {error}", f"please report it; {TRACEBACK}=1 shows where it is", BUG


def tell(message: str, help: str = "") -> None:
    """Write an error and its remedy to standard error."""
    note(paint(message, sys.stderr, fg="red" if message.startswith("error") else None))
    if help:
        note(paint("help: ", sys.stderr, fg="cyan") + visible(help))


def tell_error(error: LstmcError) -> None:
    """Tell an error after which other work goes on."""
    _tell_traceback(error)
    tell(_text(error), error.help)


def _text(error: LstmcError) -> str:
    """`error: …`, or the diagnostics of a grammar, which bring their own heads and remedies."""
    return str(error) if hasattr(error, "diagnostics") else f"error: {visible(error.message)}"


def _usage(error: click.ClickException) -> tuple[str, str]:
    message = error.format_message().strip().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return f"error: {message}", ""
    usage = context.command.get_usage(context).removeprefix("Usage: ")
    dash = "put -- before a string that begins with -; " if isinstance(error, click.NoSuchOption) else ""
    return f"error: {message[0].lower()}{message[1:]}", f"{dash}usage: {usage}   (--help says more)"


def _os_error(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else "standard output: " if error.errno == errno.ENOSPC else ""
    return f"{place}{error.strerror or error}"


def quiet(stream: TextIO | None) -> None:
    """Write out what is left; where that fails, it was told already, and Python must not complain at exit."""
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        _discard(stream)


def _discard(stream: TextIO | None) -> None:
    """Let what is still to be written go nowhere: Python writes once more when it exits."""
    if stream is None:
        return
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # not a real file, as in tests
        return
