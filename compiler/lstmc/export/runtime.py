"""Run an exported network in a process of its own, so that a framework that is broken or hangs disturbs nothing else.

The process is the printed snippet with a small server around it. On its standard input it gets, in little endian,

    B, T, goes on   int32 each       tokens (B, T)   int32

and answers on its standard output with float64 numbers: what `predict` gives, part by part, then the seconds that it
took. Where `goes on` is 1 it begins in the state that it ended in last time, else at the beginning. Before the first
question it says READY.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from lstmc.errors import PluginError
from lstmc.export.package import Package

READY = b"READY\n"
PATIENCE = 600.0  # seconds for one answer, or for the start
WORKER = Path(__file__).with_name("worker.py")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Runtime:
    """One way of running an exported network.

    name       as `lstmc conform` shows it               install    what to type to get what it needs
    modules    Python modules that it needs              programs   programs that it needs, one of each tuple
    lacks      number formats that it has not, each with the reason
    command    (package, folder with the file and its snippet) → what to start there
    variables  environment variables that it needs
    """

    name: str
    install: str
    command: Callable[[Package, Path, str], list[str]]
    modules: tuple[str, ...] = ()
    programs: tuple[tuple[str, ...], ...] = ()
    lacks: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)

    def missing(self) -> list[str]:
        """What is not installed of what it needs."""
        modules = [module for module in self.modules if find_spec(module) is None]
        return modules + [names[0] for names in self.programs if not any(map(shutil.which, names))]

    def version(self) -> str:
        """Names and versions of what is installed."""
        programs = [next(filter(None, map(shutil.which, names))) for names in self.programs]
        return ", ".join([*map(_version, self.modules), *map(_program_version, programs)])


def python_runtime(
    name: str,
    install: str,
    modules: tuple[str, ...],
    lacks: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Runtime:
    """A runtime whose snippet is Python."""

    def command(package: Package, folder: Path, snippet: str) -> list[str]:
        (folder / "snippet.py").write_text(snippet, "utf-8")
        return [sys.executable, "-P", str(WORKER), "snippet.py", *map(str, _widths(package))]

    return Runtime(name, install, command, modules, lacks=lacks or {}, variables=variables or {})


@dataclass(frozen=True, eq=False)
class Answer:
    """What a framework says of B strings of T symbols.

    logits (B, T, S + 1)                            outputs (B, T, O), None where there are none
    state, its parts after the last symbol (B, H)   seconds that it took
    """

    logits: Floats
    outputs: Floats | None
    state: tuple[Floats, ...]
    seconds: float


class Worker:
    """An exported network, running. Use it as a context: the process ends with it.

    Raises PluginError where the process ends by itself, or does not answer in time.
    """

    def __init__(self, runtime: Runtime, package: Package, files: Mapping[str, bytes], snippet: str) -> None:
        self._runtime, self._package = runtime, package
        self._folder = tempfile.TemporaryDirectory(prefix="lstmc-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        self._said = (folder / "stderr.txt").open("w+b")
        try:
            command = runtime.command(package, folder, snippet)
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **runtime.variables},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
            )
            self._expect(READY)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove its folder."""
        process = getattr(self, "_process", None)
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                pipe.close()
        self._said.close()
        self._folder.cleanup()

    def run(self, tokens: NDArray[np.integer], goes_on: bool = False) -> Answer:
        """Read strings: tokens (B, T), at least one of each."""
        batch, time = tokens.shape
        question = np.array([batch, time, goes_on], "<i4").tobytes() + tokens.astype("<i4").tobytes()
        try:
            _pipe(self._process.stdin).write(question)
            _pipe(self._process.stdin).flush()
        except OSError as error:
            raise self._failed() from error
        read = 2 if self._package.outputs else 1  # parts that are read after each symbol; the others are the state
        shapes = [(batch, time, width) for width in _widths(self._package)[:read]]
        parts = [self._floats(shape) for shape in shapes]
        state = tuple(self._floats((batch, width)) for width in _widths(self._package)[read:])
        return Answer(parts[0], parts[1] if read == 2 else None, state, float(self._floats((1,))[0]))

    def _floats(self, shape: tuple[int, ...]) -> Floats:
        return np.frombuffer(self._read(8 * int(np.prod(shape))), "<f8").reshape(shape)

    def _expect(self, word: bytes) -> None:
        if self._read(len(word)) != word:
            raise self._failed()

    def _read(self, count: int) -> bytes:
        timer = threading.Timer(PATIENCE, self._process.kill)
        timer.start()
        data = _pipe(self._process.stdout).read(count)
        late = not timer.is_alive()
        timer.cancel()
        if len(data) < count:
            raise self._failed(f"no answer within {PATIENCE:g} s" if late else "")
        return data

    def _failed(self, why: str = "") -> PluginError:
        code = self._process.wait()
        if code < 0 and not why:  # what it printed last is no reason
            help = "is there memory enough for it? else mend it or reinstall it"
            return PluginError(f"{self._runtime.name} does not work: it was ended by signal {-code}", help)
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), f"ended with code {code}")
        return PluginError(f"{self._runtime.name} does not work: {why or last}", "mend it or reinstall it")


def _widths(package: Package) -> list[int]:
    """How many numbers each part of an answer has for a string: logits, outputs of a transducer, parts of the state."""
    outputs = [len(package.outputs)] if package.outputs else []
    return [len(package.alphabet) + 1, *outputs, *[package.size] * len(package.network.start())]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # Popen was asked for it
    return pipe


def _program_version(program: str) -> str:
    """The name, and the first line of what it says of its version."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, errors="replace", check=False).stdout
    return f"{Path(program).name} {said.partition(chr(10))[0]}"


def _version(module: str) -> str:
    try:
        return f"{module} {version(module)}"
    except PackageNotFoundError:
        return module
