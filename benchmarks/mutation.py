"""Change a module in one small place after the other, and see whether the tests notice.

    python benchmarks/mutation.py compiler/lstmc/proof/checker.py
    python benchmarks/mutation.py compiler/lstmc/proof/boxes.py --tests tests/proof/test_prove.py --sample 100 --seed 0
    python benchmarks/mutation.py page --sample 100 --seed 1

Prints the mutants that survive, each with its place and what was changed, and how many were killed. The tests run once
as the module is; then each mutant gets a process of its own, a copy of this one in which everything is loaded, and
runs those tests that call the changed function (of a script: that read its file), quick ones and those that killed its
like first, until one fails. A test that takes five times as long as it did, and a second, counts as failed.

mutation.toml names the tests of a module, or of several under one name, and the mutants that no test can kill, with the
reasons. Ends with 1 if a mutant survives that is not among them, or if one among them is no longer a mutant.
"""

import argparse
import contextlib
import functools
import gc
import importlib
import math
import os
import resource
import signal
import sys
import time
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from _pytest.runner import runtestprotocol

ROOT = Path(__file__).parents[1]

# By the ending of a file what makes mutants of it: mutants(source), imported(path), put(path, mutant), and MEMORY, the
# bytes of address space that one may have.
LANGUAGES = {".py": "python_mutants", ".mjs": "script_mutants"}
OPTIONS = ("-q", "-q", "-s", "-o", "addopts=", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", "ignore")
FAILED, PASSED, TIMED_OUT = "killed", "survived", "timed out"


def main() -> int:
    options = parse()
    listed = tomllib.loads((ROOT / "benchmarks" / "mutation.toml").read_text())
    paths, about = modules(options.target, listed)
    every = [(path, mutant) for path in paths for mutant in language(path).mutants(path.read_text())]
    reasons = {
        (path, key): each["reason"]
        for path in paths
        for each in listed.get(_short(path), {}).get("equivalent", ())
        for key in each["mutants"]
    }
    stale = sorted(reasons.keys() - {(path, mutant.key) for path, mutant in every})
    for path, key in stale:
        print(f"listed as equivalent, but no mutant of {_short(path)}: {key}")
    chosen = [
        (path, mutant)
        for path, mutant in every
        if ((path, mutant.key) in reasons) == options.equivalents
        and mutant.function.startswith(options.only)
        and (mutant.after == "pass" or not options.deletions)
    ]
    if options.sample:
        chosen = Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
        chosen.sort(key=lambda each: (each[0], each[1].line))
    if options.list:
        print(*(f"{_short(path)}:{mutant.line}: {mutant.key}" for path, mutant in chosen), sep="\n")
        return 0
    os.chdir(ROOT)
    keeps = [getattr(options, name) or about.get(name, False) for name in ("keep_caches", "keep_fixtures")]
    run = Run(paths, chosen, options.jobs, *keeps)
    status = pytest.main([*OPTIONS, *(options.tests or about.get("tests", ()))], plugins=[run])
    if not run.finished:
        return int(status) or 1
    print(f"{len(chosen)} mutants of {options.target}: {run.summary()}; {len(reasons)} more are equivalent")
    return 1 if stale or run.outcomes[PASSED] else 0


def modules(target: str, listed: dict[str, Any]) -> tuple[list[Path], dict[str, Any]]:
    """The modules of a name in mutation.toml, or the one of a path, and what stands there of its tests."""
    about = listed.get(target, {})
    if "modules" in about:
        return [path for pattern in about["modules"] for path in sorted(ROOT.glob(pattern))], about
    path = Path(target).resolve()
    return [path], listed.get(_short(path), {})


def language(path: Path) -> Any:
    return importlib.import_module(LANGUAGES[path.suffix])


class Run:
    """A pytest plugin that, in place of running the tests once, runs them for each mutant."""

    def __init__(
        self, paths: list[Path], mutants: list[tuple[Path, Any]], jobs: int, keep_caches: bool, keep_fixtures: bool
    ) -> None:
        self.paths, self.mutants, self.jobs = paths, mutants, jobs
        self.keep_caches, self.keep_fixtures = keep_caches, keep_fixtures
        self.seconds: list[float] = []  # of each test
        self.calls: list[set[tuple[str, int]]] = []  # by each test: file and first line of functions of the modules,
        # and 0 where the file itself is read
        self.kills: dict[str, Counter[int]] = defaultdict(Counter)  # function -> test -> mutants killed
        self.running: dict[int, tuple[Path, Any, int]] = {}  # process -> module, mutant, pipe
        self.outcomes: Counter[str] = Counter()
        self.finished = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or not session.items:
            return None  # pytest says why
        self.items = session.items
        for path in self.paths:
            language(path).imported(path)
        sys.addaudithook(self.see_reading)
        began = time.monotonic()
        for test in range(len(self.items)):
            if not self.try_unchanged(test):
                print(f"{self.items[test].nodeid} fails before anything is changed")
                return True
        print(f"{len(self.items)} tests in {sum(self.seconds):.0f} s of processor time", flush=True)
        gc.disable()  # else the collector of each process would copy what all share
        for number, (path, mutant) in enumerate(self.mutants):
            if len(self.running) == self.jobs:
                self.wait()
            self.start(path, mutant)
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {len(self.mutants)} ", end="", file=sys.stderr, flush=True)
        while self.running:
            self.wait()
        print(f"{time.monotonic() - began:.0f} s")
        self.finished = True
        return True

    def try_unchanged(self, test: int) -> bool:
        """Run the test; keep how long it takes, and which functions of the modules it calls."""
        lines: set[tuple[str, int]] = set()
        files = set(map(str, self.paths))
        following = test + 1 if self.keep_fixtures and test + 1 < len(self.items) else None
        if self.keep_fixtures and test and self.items[test].path.parent == self.items[test - 1].path.parent:
            lines |= {(file, line) for file, line in self.calls[-1] if not line}  # what the fixtures have read

        def called(frame: Any, event: str, arg: Any) -> None:
            if frame.f_code.co_filename in files:
                lines.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

        self.clear_caches()
        self.calls.append(lines)
        began = time.process_time()
        sys.settrace(called)
        try:
            passed = self.passes(test, following)
        finally:
            sys.settrace(None)
        self.seconds.append(time.process_time() - began)
        return passed

    def see_reading(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and self.calls and isinstance(args[0], str):
            self.calls[-1].add((args[0], 0))

    def passes(self, test: int, following: int | None) -> bool:
        nextitem = None if following is None else self.items[following]
        return not any(report.failed for report in runtestprotocol(self.items[test], log=False, nextitem=nextitem))

    def clear_caches(self) -> None:
        """What tests and modules remember may be what the module made before it was changed."""
        if not self.keep_caches:
            ours = str(ROOT), *(str(path.parent) for path in self.paths)
            for each in gc.get_objects():
                if isinstance(each, functools._lru_cache_wrapper) and _file_of(each).startswith(ours):
                    each.cache_clear()

    def tests_of(self, path: Path, mutant: Any) -> list[int]:
        """Those that may kill it, the best first."""
        first, last = mutant.lines or (0, math.inf)
        tests = [
            n
            for n, lines in enumerate(self.calls)
            if not mutant.lines or any(file == str(path) and first <= x <= last for file, x in lines)
        ]
        kills = self.kills[mutant.function]
        return sorted(tests, key=lambda n: (-kills[n] / (self.seconds[n] + 0.01), self.seconds[n]))

    def start(self, path: Path, mutant: Any) -> None:
        reader, writer = os.pipe()
        tests = self.tests_of(path, mutant)
        process = os.fork()
        if process:
            os.close(writer)
            self.running[process] = path, mutant, reader
            return
        os.setsid()  # so that what a test starts can be ended with it
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1), os.dup2(null, 2)
        resource.setrlimit(resource.RLIMIT_AS, (language(path).MEMORY,) * 2)
        verdict = self.kill(path, mutant, tests)
        os.write(writer, str(verdict).encode())
        os._exit(0)

    def kill(self, path: Path, mutant: Any, tests: list[int]) -> int | str:
        """The test that fails for the mutant."""
        for limit, sign in ((signal.ITIMER_PROF, signal.SIGPROF), (signal.ITIMER_REAL, signal.SIGALRM)):
            signal.signal(sign, signal.SIG_DFL)  # which ends the process
            signal.setitimer(limit, 60)
        try:
            language(path).put(path, mutant)
        except Exception:
            return FAILED  # it cannot even be imported
        self.clear_caches()
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            seconds = 5 * self.seconds[test] + 1
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, 20 * seconds + 60)  # other processes may have the processors
            try:
                if not self.passes(test, following):
                    return test
            except BaseException:
                return test
        return PASSED

    def wait(self) -> None:
        process, status = os.wait()
        path, mutant, reader = self.running.pop(process)
        said = os.read(reader, 100).decode()
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)  # what its tests left running
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM)
        outcome = TIMED_OUT if late else PASSED if said == PASSED else FAILED
        self.outcomes[outcome] += 1
        if said.isdigit():
            self.kills[mutant.function][int(said)] += 1
        if outcome == PASSED:
            place = f"{_short(path)}:{mutant.line}: {mutant.function}"
            print(f"{place}\n  - {mutant.before}\n  + {mutant.after}", flush=True)

    def summary(self) -> str:
        return ", ".join(f"{self.outcomes[outcome]} {outcome}" for outcome in (FAILED, TIMED_OUT, PASSED))


def _short(path: Path) -> str:
    return os.path.relpath(path, ROOT)


def _file_of(function: Any) -> str:
    return str(getattr(sys.modules.get(str(getattr(function, "__module__", None))), "__file__", None))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", help="the module, or a name of several in mutation.toml")
    parser.add_argument("--tests", nargs="+", metavar="FILE", help="these, in place of those in mutation.toml")
    parser.add_argument("--only", default="", metavar="FUNCTION", help="mutants of this function or class")
    parser.add_argument("--deletions", action="store_true", help="only those in which a statement goes")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants at random; all unless said")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    parser.add_argument("--equivalents", action="store_true", help="those listed as equivalent, in place of the others")
    parser.add_argument("--keep-caches", action="store_true", help="what tests remember does not depend on the module")
    parser.add_argument("--keep-fixtures", action="store_true", help="those of a session begin only once, unchanged")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; all cores unless said")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
