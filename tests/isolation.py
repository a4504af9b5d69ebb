"""Judge in a process of its own, so that one that dies or takes too much says which seed it was.

    python isolation.py MODULE KIND FIRST COUNT        prints a line for each seed: the seed, and JUDGES[KIND](seed)

A judge has MEMORY bytes beyond what it takes to be imported and asked once, and SECONDS of CPU for each seed.
"""

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

MEMORY = 2**30
SECONDS = 60
READY = "ready\n"  # what comes first, where the module could be imported


def judged(module: str, kind: str, first: int, count: int) -> Iterator[tuple[int, str]]:
    """Each seed with what was judged; with the signal that ended the process where that was all it said."""
    end = first + count
    while first < end:
        command = [sys.executable, __file__, module, kind, str(first), str(end - first)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            if process.stdout.readline() != READY:
                raise RuntimeError(f"{module} could not be asked")
            for line in process.stdout:
                yield first, json.loads(line)
                first += 1
        if first < end:
            yield first, f"{kind} {first}: {_ending(process.returncode)}"
            first += 1


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


def main(module: str, kind: str, first: str, count: str) -> None:
    judge = import_module(module).JUDGES[kind]
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(READY, end="", flush=True)
    for seed in range(int(first), int(first) + int(count)):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # ends the process
        print(json.dumps(judge(seed)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
